import { requireEqualLengths } from './confusion';

/** What a model predicted for each of some examples; all lists have one entry an example. */
export interface PredictedExamples {
  /** The file that they were read from. */
  readonly path: string;
  readonly kind: 'classes' | 'numbers';
  readonly truth: readonly string[];
  readonly predicted: readonly string[];
  /** What the file calls each example; `null` where it has no such column, or calls two alike. */
  readonly ids: readonly string[] | null;
  /** The column of `ids`, in lower case. */
  readonly idColumn: string | null;
  /** Rows of the file that the examples stand in, from 0 after the header. */
  readonly rows: readonly number[];
  /** The positive class of two. */
  readonly positive: string | null;
  /** Names of the metrics that can be computed from them. */
  readonly metrics: readonly string[];
}

/** The same examples as two models saw them; `rows` are those of the second's file. */
export interface PairedExamples {
  readonly kind: 'classes' | 'numbers';
  readonly truth: readonly string[];
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly ids: readonly string[] | null;
  readonly rows: readonly number[];
  /** Examples of either that the other has not. */
  readonly unpaired: number;
}

/**
 * Pairs the examples of two files: by what both call them, else in their order, where both have
 * the same true values in the same order. A clause that says why where they cannot be paired.
 */
export function pairExamples(
  from: PredictedExamples,
  to: PredictedExamples,
): PairedExamples | { readonly why: string } {
  if (from.kind !== to.kind) return { why: 'one holds classes and the other numbers' };
  const byName = from.ids !== null && to.ids !== null && from.idColumn === to.idColumn;
  return byName ? pairByName(from, to) : pairByOrder(from, to);
}

function pairByName(from: PredictedExamples, to: PredictedExamples) {
  const places = new Map((from.ids ?? []).map((id, index) => [id, index]));
  const pairs: [number, number][] = [];
  for (const [index, id] of (to.ids ?? []).entries()) {
    const other = places.get(id);
    if (other !== undefined) pairs.push([other, index]);
  }
  if (pairs.length === 0) return { why: 'they have no example in common' };
  const differs = pairs.some(([a, b]) => from.truth[a] !== to.truth[b]);
  if (differs) return { why: 'the true values of the same examples differ' };
  return paired(from, to, pairs);
}

function pairByOrder(from: PredictedExamples, to: PredictedExamples) {
  const [count, other] = [from.truth.length, to.truth.length];
  if (count !== other) return { why: `they are of ${count} and of ${other} examples` };
  if (from.truth.some((value, index) => value !== to.truth[index])) {
    return { why: 'their true values are not the same, so they are of other examples' };
  }
  return paired(
    from,
    to,
    from.truth.map((_, index) => [index, index]),
  );
}

function paired(
  from: PredictedExamples,
  to: PredictedExamples,
  pairs: readonly (readonly [number, number])[],
): PairedExamples {
  requireEqualLengths(from.truth, from.predicted);
  requireEqualLengths(to.truth, to.predicted);
  const { ids } = to;
  return {
    kind: to.kind,
    truth: pairs.map(([, b]) => to.truth[b] ?? ''),
    from: pairs.map(([a]) => from.predicted[a] ?? ''),
    to: pairs.map(([, b]) => to.predicted[b] ?? ''),
    ids: ids === null ? null : pairs.map(([, b]) => ids[b] ?? ''),
    rows: pairs.map(([, b]) => to.rows[b] ?? b),
    unpaired: from.truth.length + to.truth.length - 2 * pairs.length,
  };
}
