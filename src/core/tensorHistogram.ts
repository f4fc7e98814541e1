/** How values are spread: so many in each of equal steps from the least to the greatest. */
export interface TensorHistogram {
  readonly least: number;
  readonly greatest: number;
  readonly mean: number;
  readonly deviation: number;
  readonly counts: readonly number[];
  readonly nan: number;
  readonly infinite: number;
}

const steps = 40;

/** The spread of values; NaN and infinities are counted apart. */
export function histogramOf(values: Float64Array): TensorHistogram {
  const { finite, ...summary } = summaryOf(values);
  if (finite === 0) return { ...summary, counts: [] };
  return { ...summary, counts: countsIn(values, summary.least, summary.greatest) };
}

/** The spreads of old and new values over the same steps, from the least to the greatest of both. */
export function histogramsOf(
  from: Float64Array,
  to: Float64Array,
): { from: TensorHistogram; to: TensorHistogram } {
  const [old, now] = [summaryOf(from), summaryOf(to)];
  const sides = [old, now].filter(({ finite }) => finite > 0);
  const least = Math.min(...sides.map((side) => side.least));
  const greatest = Math.max(...sides.map((side) => side.greatest));
  const told = ({ finite, ...summary }: Summary, values: Float64Array): TensorHistogram => {
    if (finite === 0) return { ...summary, counts: [] };
    return { ...summary, least, greatest, counts: countsIn(values, least, greatest) };
  };
  return { from: told(old, from), to: told(now, to) };
}

type Summary = Omit<TensorHistogram, 'counts'> & { readonly finite: number };

function summaryOf(values: Float64Array): Summary {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [nan, infinite, finite, mean, squares] = [0, 0, 0, 0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) nan++;
    else if (!Number.isFinite(value)) infinite++;
    else {
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
      // Welford: one pass without losing digits.
      finite++;
      const delta = value - mean;
      mean += delta / finite;
      squares += delta * (value - mean);
    }
  }
  if (finite === 0) return { least: 0, greatest: 0, mean: 0, deviation: 0, nan, infinite, finite };
  return { least, greatest, mean, deviation: Math.sqrt(squares / finite), nan, infinite, finite };
}

function countsIn(values: Float64Array, least: number, greatest: number): number[] {
  const counts = new Array<number>(steps).fill(0);
  const width = (greatest - least) / steps;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const step = width === 0 ? 0 : Math.min(steps - 1, Math.floor((value - least) / width));
    counts[step] = (counts[step] ?? 0) + 1;
  }
  return counts;
}
