import { type ClassTally, type ConfusionMatrix, confusionMatrix, sortLabels } from './confusion';
import { tallyMetric } from './evaluation';
import { metricDirection } from './metricDirection';
import { type PairedExamples, type PredictedExamples, pairExamples } from './pairedPredictions';
import {
  type Chance,
  chanceOf,
  type DifferenceInterval,
  type McNemar,
  mcNemar,
  pairedBootstrap,
} from './significance';
import type { Steps } from './steps';
import type { Direction, PrimaryMetric } from './version';

/** An example that only one of two models was right about. */
export interface FlippedExample {
  /** The row of the second's predictions, from 0 after the header. */
  readonly row: number;
  readonly id: string | null;
  readonly truth: string;
  readonly from: string;
  readonly to: string;
  readonly became: 'right' | 'wrong';
}

/** What two models predicted for the same examples. */
export interface PredictionComparison {
  readonly examples: number;
  /** Examples that only one of the two files has. */
  readonly unpaired: number;
  readonly metric: string;
  readonly better: Direction | null;
  readonly interval: DifferenceInterval | null;
  /** `null` for numbers, which are not simply right or wrong. */
  readonly test: McNemar | null;
  readonly chance: Chance;
  /** The first of them, those that became wrong first; `flips` counts all. */
  readonly flipped: readonly FlippedExample[];
  readonly flips: { readonly right: number; readonly wrong: number };
  /** Over the classes of both; `null` for numbers and for too many classes. */
  readonly confusion: { readonly from: ConfusionMatrix; readonly to: ConfusionMatrix } | null;
}

/** More are counted and not listed. */
const mostFlipped = 500;
/** Larger matrices are not drawn: nobody reads ten thousand cells. */
const mostDrawn = 100;

/** Compares two models on the examples that both predicted; a clause where they cannot be paired. */
export function* comparePredictions(
  from: PredictedExamples,
  to: PredictedExamples,
  primary: PrimaryMetric | null,
): Steps<PredictionComparison | { readonly why: string }> {
  const pairs = pairExamples(from, to);
  if ('why' in pairs) return pairs;
  const metric = metricOf(to, primary);
  const flipped = pairs.kind === 'classes' ? flippedIn(pairs) : [];
  const right = flipped.filter(({ became }) => became === 'right').length;
  const flips = { right, wrong: flipped.length - right };
  const test = pairs.kind === 'classes' ? mcNemar(flips.wrong, flips.right) : null;
  const interval =
    pairs.kind === 'classes'
      ? yield* intervalOfClasses(pairs, metric, to.positive)
      : yield* intervalOfNumbers(pairs, metric);
  return {
    examples: pairs.truth.length,
    unpaired: pairs.unpaired,
    metric,
    better: metricDirection(metric),
    interval,
    test,
    chance: chanceOf(interval, test),
    flipped: [...flipped]
      .sort((a, b) => Number(a.became === 'right') - Number(b.became === 'right') || a.row - b.row)
      .slice(0, mostFlipped),
    flips,
    confusion: matricesOf(pairs),
  };
}

const splits = /^(?:val|valid|validation|test|eval|dev|holdout)[_/.-]/i;
/** What can be computed from the predictions alone, without scores. */
const ofClasses =
  /^(?:accuracy|balanced_accuracy|mcc|(?:precision|recall|f1)(?:_(?:micro|macro|weighted))?)$/;
const ofNumbers = /^(?:mae|rmse|r2)$/;

/** The primary metric where the predictions tell it, else the plainest one. */
function metricOf({ kind, metrics }: PredictedExamples, primary: PrimaryMetric | null): string {
  const pattern = kind === 'classes' ? ofClasses : ofNumbers;
  const name = (primary?.metric ?? '').replace(splits, '').toLowerCase();
  if (pattern.test(name) && metrics.includes(name)) return name;
  return kind === 'classes' ? 'accuracy' : 'rmse';
}

function flippedIn({ truth, from, to, ids, rows }: PairedExamples): FlippedExample[] {
  return truth.flatMap((was, index) => {
    const [one = '', other = ''] = [from[index], to[index]];
    if ((one === was) === (other === was)) return [];
    const became = other === was ? 'right' : 'wrong';
    const row = rows[index] ?? index;
    return [{ row, id: ids?.[index] ?? null, truth: was, from: one, to: other, became }];
  });
}

function matricesOf({ kind, truth, from, to }: PairedExamples): PredictionComparison['confusion'] {
  if (kind !== 'classes') return null;
  const labels = sortLabels([...truth, ...from, ...to]);
  if (labels.length > mostDrawn) return null;
  return {
    from: confusionMatrix(truth, from, labels),
    to: confusionMatrix(truth, to, labels),
  };
}

/** A kind of examples: of these classes, so many. */
interface Kind {
  readonly truth: string;
  readonly from: string;
  readonly to: string;
  count: number;
}

function intervalOfClasses(
  pairs: PairedExamples,
  metric: string,
  positive: string | null,
): Steps<DifferenceInterval | null> {
  const kinds = kindsOf(pairs, metric === 'accuracy');
  return pairedBootstrap(
    kinds.map(({ count }) => count),
    (weights) =>
      tallyMetric(tallyOfKinds(kinds, weights, 'to'), metric, positive) -
      tallyMetric(tallyOfKinds(kinds, weights, 'from'), metric, positive),
  );
}

/** For accuracy it only matters who was right: four kinds at most. */
function kindsOf({ truth, from, to }: PairedExamples, onlyRight: boolean): Kind[] {
  const kinds = new Map<string, Kind>();
  const shown = (said: string, was: string) => (onlyRight ? String(said === was) : said);
  for (const [index, was] of truth.entries()) {
    const kind = {
      truth: onlyRight ? 'true' : was,
      from: shown(from[index] ?? '', was),
      to: shown(to[index] ?? '', was),
      count: 1,
    };
    const key = JSON.stringify([kind.truth, kind.from, kind.to]);
    const known = kinds.get(key);
    if (known === undefined) kinds.set(key, kind);
    else known.count++;
  }
  return [...kinds.values()];
}

function tallyOfKinds(
  kinds: readonly Kind[],
  weights: ArrayLike<number>,
  side: 'from' | 'to',
): ClassTally {
  const places = new Map<string, number>();
  const [hits, actual, predicted]: [number[], number[], number[]] = [[], [], []];
  const placeOf = (label: string): number => {
    const known = places.get(label);
    if (known !== undefined) return known;
    for (const counts of [hits, actual, predicted]) counts.push(0);
    places.set(label, places.size);
    return places.size - 1;
  };
  let total = 0;
  for (const [index, kind] of kinds.entries()) {
    const weight = weights[index] ?? 0;
    // A class that nobody drew is none of this resample's.
    if (weight === 0) continue;
    const [was, said] = [placeOf(kind.truth), placeOf(kind[side])];
    actual[was] = (actual[was] ?? 0) + weight;
    predicted[said] = (predicted[said] ?? 0) + weight;
    if (was === said) hits[was] = (hits[was] ?? 0) + weight;
    total += weight;
  }
  return { labels: [...places.keys()], hits, actual, predicted, total };
}

function intervalOfNumbers(
  pairs: PairedExamples,
  metric: string,
): Steps<DifferenceInterval | null> {
  const truth = Float64Array.from(pairs.truth, Number);
  const errors = (said: readonly string[]) =>
    Float64Array.from(said, (value, index) => Number(value) - (truth[index] ?? 0));
  const [from, to] = [errors(pairs.from), errors(pairs.to)];
  const counts = new Array<number>(truth.length).fill(1);
  return pairedBootstrap(
    counts,
    (weights) =>
      errorMetric(metric, to, truth, weights) - errorMetric(metric, from, truth, weights),
  );
}

/** `mae`, `rmse` or `r2` of weighted examples, as `regressionScores` defines them. */
function errorMetric(
  metric: string,
  errors: Float64Array,
  truth: Float64Array,
  weights: ArrayLike<number>,
): number {
  let [total, absolute, squared, sum, squares] = [0, 0, 0, 0, 0];
  const origin = truth[0] ?? 0;
  for (const [index, error] of errors.entries()) {
    const weight = weights[index] ?? 0;
    const value = (truth[index] ?? 0) - origin;
    total += weight;
    absolute += weight * Math.abs(error);
    squared += weight * error * error;
    sum += weight * value;
    squares += weight * value * value;
  }
  if (metric === 'mae') return absolute / total;
  if (metric === 'rmse') return Math.sqrt(squared / total);
  return 1 - squared / (squares - (sum * sum) / total);
}
