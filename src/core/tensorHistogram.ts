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
  let [least, greatest, nan, infinite, count, mean, squares] = [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    ...[0, 0, 0, 0, 0],
  ] as [number, number, number, number, number, number, number];
  for (const value of values) {
    if (Number.isNaN(value)) nan++;
    else if (!Number.isFinite(value)) infinite++;
    else {
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
      // Welford: one pass without losing digits.
      count++;
      const delta = value - mean;
      mean += delta / count;
      squares += delta * (value - mean);
    }
  }
  if (count === 0) {
    return { least: 0, greatest: 0, mean: 0, deviation: 0, counts: [], nan, infinite };
  }
  const counts = new Array<number>(steps).fill(0);
  const width = (greatest - least) / steps;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    const step = width === 0 ? 0 : Math.min(steps - 1, Math.floor((value - least) / width));
    counts[step] = (counts[step] ?? 0) + 1;
  }
  return { least, greatest, mean, deviation: Math.sqrt(squares / count), counts, nan, infinite };
}
