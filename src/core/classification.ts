import { type ClassTally, sum } from './confusion';

/**
 * Metrics of classes against predicted classes. Conventions follow scikit-learn
 * (https://scikit-learn.org/stable/modules/model_evaluation.html), whose results the tests hold.
 *
 * Division by zero: a precision without predictions of the class, a recall without examples of it
 * and an F1 with neither are 0, scikit-learn's default; `zeroDivision` marks that it happened.
 */
export interface PrecisionRecall {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Some division was by zero and counts as 0. */
  readonly zeroDivision: boolean;
}

export interface ClassScores extends PrecisionRecall {
  readonly label: string;
  /** Examples of the class. */
  readonly support: number;
}

/** How classes are put together: one class alone, or all of them averaged. */
export type Averaging =
  | { readonly kind: 'binary'; readonly positive: string }
  /** All decisions counted alike; with one label an example it equals accuracy. */
  | { readonly kind: 'micro' }
  /** Every class counts alike. */
  | { readonly kind: 'macro' }
  /** Every class counts by its examples. */
  | { readonly kind: 'weighted' };

/** The share of right predictions; NaN without examples. */
export function accuracy(tally: ClassTally): number {
  return sum(tally.hits) / tally.total;
}

/**
 * The mean recall of the classes that have examples (classes that were only predicted do not
 * count); NaN without examples. Brodersen et al. (2010), "The balanced accuracy and its posterior
 * distribution".
 */
export function balancedAccuracy(tally: ClassTally): number {
  const recalls = tally.actual.flatMap((examples, index) =>
    examples > 0 ? [(tally.hits[index] ?? 0) / examples] : [],
  );
  return sum(recalls) / recalls.length;
}

/**
 * Matthews' correlation coefficient, for any number of classes, from -1 to 1; 0 where it has no
 * value (only one class predicted or only one there). Gorodkin (2004), "Comparing two K-category
 * assignments by a K-category correlation coefficient".
 */
export function matthewsCorrelation(tally: ClassTally): number {
  const { hits, actual, predicted, total } = tally;
  const product = (a: readonly number[], b: readonly number[]) =>
    sum(a.map((value, index) => value * (b[index] ?? 0)));
  const covariance = sum(hits) * total - product(actual, predicted);
  const spread =
    (total * total - product(predicted, predicted)) * (total * total - product(actual, actual));
  return spread > 0 ? covariance / Math.sqrt(spread) : 0;
}

/** Precision, recall and F1 of each class, in the order of the labels. */
export function perClass(tally: ClassTally): ClassScores[] {
  return tally.labels.map((label, index) => {
    const support = tally.actual[index] ?? 0;
    const scores = ratios(tally.hits[index] ?? 0, tally.predicted[index] ?? 0, support);
    return { label, support, ...scores };
  });
}

/**
 * Precision, recall and F1. A positive class that occurs nowhere has 0 for all three, marked.
 * The macro and weighted F1 are means of the classes' F1, not the F1 of the means.
 */
export function precisionRecallF1(tally: ClassTally, averaging: Averaging): PrecisionRecall {
  if (averaging.kind === 'binary') {
    const index = tally.labels.indexOf(averaging.positive);
    return ratios(tally.hits[index] ?? 0, tally.predicted[index] ?? 0, tally.actual[index] ?? 0);
  }
  if (averaging.kind === 'micro') {
    return ratios(sum(tally.hits), sum(tally.predicted), sum(tally.actual));
  }
  const classes = perClass(tally);
  const weigh = averaging.kind === 'macro' ? () => 1 : (scores: ClassScores) => scores.support;
  return {
    precision: weightedMean(classes, weigh, (scores) => scores.precision),
    recall: weightedMean(classes, weigh, (scores) => scores.recall),
    f1: weightedMean(classes, weigh, (scores) => scores.f1),
    zeroDivision: classes.length === 0 || classes.some((scores) => scores.zeroDivision),
  };
}

function ratios(hits: number, predicted: number, actual: number): PrecisionRecall {
  return {
    precision: predicted > 0 ? hits / predicted : 0,
    recall: actual > 0 ? hits / actual : 0,
    f1: predicted + actual > 0 ? (2 * hits) / (predicted + actual) : 0,
    zeroDivision: predicted === 0 || actual === 0,
  };
}

function weightedMean(
  classes: readonly ClassScores[],
  weigh: (scores: ClassScores) => number,
  value: (scores: ClassScores) => number,
): number {
  const weight = sum(classes.map(weigh));
  return weight > 0 ? sum(classes.map((scores) => weigh(scores) * value(scores))) / weight : 0;
}
