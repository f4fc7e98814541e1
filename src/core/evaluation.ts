import {
  type Averaging,
  accuracy,
  balancedAccuracy,
  type ClassScores,
  matthewsCorrelation,
  type PrecisionRecall,
  perClass,
  precisionRecallF1,
} from './classification';
import {
  type ClassTally,
  type ConfusionMatrix,
  confusionMatrix,
  maximumMatrixClasses,
  tallyOf,
  tallyOfMatrix,
} from './confusion';
import { regressionScores } from './regression';
import { areProbabilities, logLoss, rocAuc, rocAucOneVersusRest } from './scoring';

/** Predictions of classes. `truth[i]`, `predicted[i]` and every `scores[k].values[i]` are one example. */
export interface ClassPredictions {
  readonly truth: readonly string[];
  readonly predicted: readonly string[];
  readonly scores: readonly ScoreColumn[];
  /** The positive class of a two-class problem; `null` to find it by its name. */
  readonly positive: string | null;
}

export interface ScoreColumn {
  /** The class it scores; `null` for a lone column: the positive class. */
  readonly label: string | null;
  readonly values: readonly number[];
}

/** What predictions amount to. */
export interface Evaluation {
  readonly kind: 'binary' | 'multiclass' | 'regression';
  /** By name, only those that have a value. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Metrics that are, or contain, a division by zero that counts as 0. */
  readonly zeroDivisions: readonly string[];
  readonly positive: string | null;
  /** `null` for numbers and for more than `maximumMatrixClasses` classes. */
  readonly confusion: ConfusionMatrix | null;
  readonly classes: readonly ClassScores[];
}

const pairs: readonly (readonly [negative: string, positive: string])[] = [
  ['0', '1'],
  ['-1', '1'],
  ['false', 'true'],
  ['no', 'yes'],
  ['n', 'y'],
  ['negative', 'positive'],
  ['neg', 'pos'],
];

/**
 * The positive one of at most two classes: the declared one, else the second of a pair whose
 * meaning is plain (0/1, -1/1, false/true, no/yes, neg/pos, in any case). `null` where there are
 * more classes or nobody can tell (cat/dog): then the averages over the classes are given instead.
 */
export function positiveClass(labels: readonly string[], declared: string | null): string | null {
  if (labels.length > 2) return null;
  if (declared !== null) return labels.length < 2 || labels.includes(declared) ? declared : null;
  const lower = labels.map((label) => label.toLowerCase());
  const pair = pairs.find(
    (names) => lower.length > 0 && lower.every((label) => names.includes(label)),
  );
  const index = pair === undefined ? -1 : lower.indexOf(pair[1]);
  return labels[index] ?? null;
}

/**
 * Metrics of predicted classes. Always `accuracy`, `balanced_accuracy`, `mcc`. With a positive
 * class `precision`, `recall`, `f1`; otherwise each of them as `_micro`, `_macro`, `_weighted`.
 * With scores `roc_auc` (one-vs-rest, macro, for several classes) and, where they are
 * probabilities, `log_loss`. @throws RangeError where lists differ in length
 */
export function evaluateClasses(predictions: ClassPredictions): Evaluation {
  const { truth, predicted } = predictions;
  const evaluation = evaluateTally(tallyOf(truth, predicted), predictions.positive);
  const metrics = {
    ...evaluation.metrics,
    ...withValue(scoreMetrics(predictions, evaluation.positive)),
  };
  const drawable = evaluation.classes.length <= maximumMatrixClasses;
  return { ...evaluation, metrics, confusion: drawable ? confusionMatrix(truth, predicted) : null };
}

/** The same metrics but those of scores, from a matrix. @throws RangeError where it is no matrix */
export function evaluateMatrix(
  matrix: ConfusionMatrix,
  positive: string | null = null,
): Evaluation {
  return { ...evaluateTally(tallyOfMatrix(matrix), positive), confusion: matrix };
}

/** `mae`, `rmse`, `r2` of predicted numbers. @throws RangeError where the lists differ in length */
export function evaluateNumbers(
  truth: readonly number[],
  predicted: readonly number[],
): Evaluation {
  const scores = regressionScores(truth, predicted);
  // A NaN among the predictions makes NaN metrics, which must be seen; no examples make none.
  const metrics: Record<string, number> = {};
  if (truth.length > 0) Object.assign(metrics, { mae: scores.mae, rmse: scores.rmse });
  if (truth.length > 1) metrics.r2 = scores.r2;
  return {
    kind: 'regression',
    metrics,
    zeroDivisions: [],
    positive: null,
    confusion: null,
    classes: [],
  };
}

/** One metric of a tally by its name in `evaluateClasses`; NaN where the tally has no such metric. */
export function tallyMetric(tally: ClassTally, name: string, positive: string | null): number {
  if (name === 'accuracy') return accuracy(tally);
  return evaluateTally(tally, positive).metrics[name] ?? Number.NaN;
}

function evaluateTally(tally: ClassTally, declared: string | null): Evaluation {
  const positive = positiveClass(tally.labels, declared);
  const averages: readonly [suffix: string, averaging: Averaging][] =
    positive !== null
      ? [['', { kind: 'binary', positive }]]
      : [
          ['_micro', { kind: 'micro' }],
          ['_macro', { kind: 'macro' }],
          ['_weighted', { kind: 'weighted' }],
        ];
  const named = averages.map(
    ([suffix, averaging]) => [suffix, precisionRecallF1(tally, averaging)] as const,
  );
  const metrics = {
    accuracy: accuracy(tally),
    balanced_accuracy: balancedAccuracy(tally),
    ...Object.assign({}, ...named.map(([suffix, scores]) => precisionRecallNames(suffix, scores))),
    mcc: matthewsCorrelation(tally),
  };
  return {
    kind: positive === null ? 'multiclass' : 'binary',
    metrics: tally.total === 0 ? {} : withValue(metrics),
    zeroDivisions: named
      .filter(([, scores]) => scores.zeroDivision)
      .flatMap(([suffix, scores]) => Object.keys(precisionRecallNames(suffix, scores))),
    positive,
    confusion: null,
    classes: perClass(tally),
  };
}

function precisionRecallNames(suffix: string, scores: PrecisionRecall): Record<string, number> {
  return {
    [`precision${suffix}`]: scores.precision,
    [`recall${suffix}`]: scores.recall,
    [`f1${suffix}`]: scores.f1,
  };
}

function scoreMetrics(
  { truth, scores }: ClassPredictions,
  positive: string | null,
): Record<string, number> {
  if (positive !== null) {
    const values = positiveScores(scores, positive);
    return values === null ? {} : binaryScoreMetrics(truth, values, positive);
  }
  const labels = scores.flatMap(({ label }) => (label === null ? [] : [label]));
  if (labels.length < 2 || labels.length < scores.length) return {};
  const columns = scores.map(({ values }) => values);
  const area = { roc_auc: rocAucOneVersusRest(truth, labels, columns) };
  if (!areProbabilities(columns)) return area;
  return { ...area, log_loss: logLoss(truth, labels, columns) };
}

function positiveScores(
  scores: readonly ScoreColumn[],
  positive: string,
): readonly number[] | null {
  const own = scores.find(({ label }) => label === positive);
  if (own !== undefined) return own.values;
  const [only] = scores;
  return scores.length === 1 && only?.label === null ? only.values : null;
}

function binaryScoreMetrics(
  truth: readonly string[],
  values: readonly number[],
  positive: string,
): Record<string, number> {
  const isPositive = truth.map((label) => label === positive);
  const area = { roc_auc: rocAuc(isPositive, values) };
  const columns = [values.map((value) => 1 - value), values];
  if (!areProbabilities(columns)) return area;
  const names = isPositive.map((yes) => (yes ? 'positive' : 'rest'));
  return { ...area, log_loss: logLoss(names, ['rest', 'positive'], columns) };
}

function withValue(metrics: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).filter(([, value]) => !Number.isNaN(value)));
}
