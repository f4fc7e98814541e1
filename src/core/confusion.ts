/**
 * Counts of true against predicted classes. `counts[i][j]` examples are `labels[i]` and were
 * predicted as `labels[j]`: rows are the truth, as in scikit-learn.
 */
export interface ConfusionMatrix {
  readonly labels: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

/** More classes than this are not drawn as a matrix (it would hold their square). */
export const maximumMatrixClasses = 1_000;

/**
 * What every classification metric needs, one entry a class. It grows with the classes, not with
 * their square, so that a million different labels do no harm.
 */
export interface ClassTally {
  readonly labels: readonly string[];
  /** Examples of the class that were predicted as it. */
  readonly hits: readonly number[];
  /** Examples of the class. */
  readonly actual: readonly number[];
  /** Predictions of the class. */
  readonly predicted: readonly number[];
  readonly total: number;
}

/** Labels in the order a person expects: numbers by value, before text by code units. */
export function sortLabels(labels: Iterable<string>): string[] {
  const keyed = [...new Set(labels)].map((label) => ({ label, number: numberOf(label) }));
  keyed.sort((a, b) => {
    if (a.number !== null && b.number !== null && a.number !== b.number) return a.number - b.number;
    if ((a.number === null) !== (b.number === null)) return a.number === null ? 1 : -1;
    return a.label < b.label ? -1 : 1;
  });
  return keyed.map(({ label }) => label);
}

function numberOf(label: string): number | null {
  const value = label.trim() === '' ? Number.NaN : Number(label);
  return Number.isFinite(value) ? value : null;
}

/**
 * Counts predictions. `truth[i]` and `predicted[i]` belong to one example.
 * @throws RangeError where the lists differ in length
 */
export function tallyOf(truth: readonly string[], predicted: readonly string[]): ClassTally {
  requireEqualLengths(truth, predicted);
  const labels = sortLabels(bothOf(truth, predicted));
  const place = new Map(labels.map((label, index) => [label, index]));
  const zeros = () => new Array<number>(labels.length).fill(0);
  const [hits, actual, foretold] = [zeros(), zeros(), zeros()];
  for (const [index, label] of truth.entries()) {
    const was = place.get(label) ?? 0;
    const said = place.get(predicted[index] ?? '') ?? 0;
    add(actual, was);
    add(foretold, said);
    if (was === said) add(hits, was);
  }
  return { labels, hits, actual, predicted: foretold, total: truth.length };
}

function* bothOf(a: readonly string[], b: readonly string[]): Iterable<string> {
  yield* a;
  yield* b;
}

function add(counts: number[], index: number): void {
  counts[index] = (counts[index] ?? 0) + 1;
}

/** The same counts read from a matrix. @throws RangeError where it is not square or not of counts */
export function tallyOfMatrix(matrix: ConfusionMatrix): ClassTally {
  const { labels, counts } = matrix;
  const square =
    counts.length === labels.length && counts.every((row) => row.length === labels.length);
  if (!square) throw new RangeError(`a matrix of ${labels.length} classes is not square`);
  if (!counts.every((row) => row.every((count) => Number.isSafeInteger(count) && count >= 0))) {
    throw new RangeError('a confusion matrix holds whole numbers from 0 on');
  }
  const actual = counts.map(sum);
  return {
    labels,
    hits: counts.map((row, index) => row[index] ?? 0),
    actual,
    predicted: labels.map((_, column) => sum(counts.map((row) => row[column] ?? 0))),
    total: sum(actual),
  };
}

/**
 * The matrix of predictions over the given labels (default: all that occur, sorted). Examples with
 * a label outside them are left out. @throws RangeError over `maximumMatrixClasses` classes or
 * where the lists differ in length
 */
export function confusionMatrix(
  truth: readonly string[],
  predicted: readonly string[],
  labels: readonly string[] = sortLabels(bothOf(truth, predicted)),
): ConfusionMatrix {
  requireEqualLengths(truth, predicted);
  if (labels.length > maximumMatrixClasses) {
    throw new RangeError(`${labels.length} classes are over ${maximumMatrixClasses}`);
  }
  const place = new Map(labels.map((label, index) => [label, index]));
  const counts = labels.map(() => new Array<number>(labels.length).fill(0));
  for (const [index, label] of truth.entries()) {
    const row = counts[place.get(label) ?? -1];
    const column = place.get(predicted[index] ?? '');
    if (row !== undefined && column !== undefined) add(row, column);
  }
  return { labels, counts };
}

/** The matrix of a two-class problem from its four counts. */
export function binaryMatrix(
  counts: { tp: number; tn: number; fp: number; fn: number },
  labels: { positive: string; negative: string } = { positive: '1', negative: '0' },
): ConfusionMatrix {
  return {
    labels: [labels.negative, labels.positive],
    counts: [
      [counts.tn, counts.fp],
      [counts.fn, counts.tp],
    ],
  };
}

export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

export function requireEqualLengths(a: ArrayLike<unknown>, b: ArrayLike<unknown>): void {
  if (a.length !== b.length) {
    throw new RangeError(`${a.length} true values and ${b.length} predicted ones`);
  }
}
