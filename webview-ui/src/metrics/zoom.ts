/** The visible steps of a chart. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** The part of a range around its middle, or a larger one; never beyond `full`, `null` for all. */
export function zoomed(range: Range | null, full: Range, factor: number): Range | null {
  const { from, to } = range ?? full;
  const middle = (from + to) / 2;
  const half = ((to - from) / 2) * factor;
  return clipped({ from: middle - half, to: middle + half }, full);
}

/** What of a range lies within `full`; `null` when that is all of it, or nothing. */
export function clipped({ from, to }: Range, full: Range): Range | null {
  const start = Math.max(from, full.from);
  const end = Math.min(to, full.to);
  if (!(start < end) || (start <= full.from && end >= full.to)) return null;
  return { from: start, to: end };
}

/** From the first to the last step; `null` for less than two. */
export function fullRange(steps: readonly number[]): Range | null {
  const [from] = steps;
  const to = steps.at(-1);
  return from === undefined || to === undefined || from === to ? null : { from, to };
}
