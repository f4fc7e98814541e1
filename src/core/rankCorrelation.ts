/** How strongly two series of numbers rise together, and on how many pairs that stands. */
export interface RankCorrelation {
  /** Spearman's ρ from -1 to 1; `null` where either has no two values or there are under 3 pairs. */
  readonly rho: number | null;
  readonly pairs: number;
}

/**
 * Spearman's rank correlation: Pearson's of the ranks, equal values sharing the mean of theirs
 * (Spearman 1904). Pairs in which one is not a number are left out; infinities have ranks.
 */
export function rankCorrelation(a: readonly number[], b: readonly number[]): RankCorrelation {
  const both = a.flatMap((one, index) => {
    const other = b[index] ?? Number.NaN;
    return Number.isNaN(one) || Number.isNaN(other) ? [] : [[one, other] as const];
  });
  if (both.length < 3) return { rho: null, pairs: both.length };
  const rho = linearCorrelation(ranks(both.map(([one]) => one)), ranks(both.map(([, one]) => one)));
  return { rho, pairs: both.length };
}

/** From 1; equal values have the mean of their places. */
export function ranks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((i, j) => {
    const [one, other] = [values[i] as number, values[j] as number];
    return one < other ? -1 : one > other ? 1 : 0;
  });
  const found = new Array<number>(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end] as number] === values[order[start] as number]) {
      end++;
    }
    const shared = (start + 1 + end) / 2;
    for (const index of order.slice(start, end)) found[index] = shared;
    start = end;
  }
  return found;
}

function linearCorrelation(a: readonly number[], b: readonly number[]): number | null {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, squareA, squareB] = [0, 0, 0];
  for (let index = 0; index < a.length; index++) {
    const [one, other] = [(a[index] as number) - meanA, (b[index] as number) - meanB];
    both += one * other;
    squareA += one * one;
    squareB += other * other;
  }
  if (squareA === 0 || squareB === 0) return null;
  // Rounding may lead a little beyond.
  return Math.max(-1, Math.min(1, both / Math.sqrt(squareA * squareB)));
}
