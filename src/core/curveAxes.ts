import { type ChartAxis, type Curve, type CurveSet, chartAxes } from './version';

/** A curve on the axis that a chart shows; `time` in seconds since the training began. */
export interface LaidCurve extends Pick<Curve, 'name' | 'steps' | 'values'> {
  readonly axis: Curve['axis'] | 'time';
}

/** The axes on which a curve has a place for each of its points, in the order of `chartAxes`. */
export function axesOf({ axis, also = {} }: Pick<Curve, 'axis' | 'also'>): ChartAxis[] {
  return chartAxes.filter((one) => one === axis || also[one] !== undefined);
}

/** When the first point of any curve was logged, in milliseconds; `null` where no time is known. */
export function beginningOf(curves: CurveSet): number | null {
  let first = Number.POSITIVE_INFINITY;
  for (const { also } of curves) {
    for (const time of also?.time ?? []) first = Math.min(first, time);
  }
  return Number.isFinite(first) ? first : null;
}

/**
 * The curve on another axis, or on its own (`null`).
 * @param beginning what times count from, in milliseconds
 * @returns `null` where its points have no places on that axis
 */
export function laidOn(
  curve: Curve,
  axis: ChartAxis | null,
  beginning: number | null,
): LaidCurve | null {
  const { name, steps, values, also = {} } = curve;
  if (axis === null || axis === curve.axis) return { name, axis: curve.axis, steps, values };
  const places = also[axis];
  if (places === undefined) return null;
  if (axis !== 'time') return { name, axis, steps: places, values };
  return { name, axis, steps: places.map((time) => secondsSince(time, beginning)), values };
}

/** Seconds, to the millisecond, from one moment in milliseconds to another. */
export function secondsSince(time: number, beginning: number | null): number {
  return Math.round(time - (beginning ?? time)) / 1_000;
}

type Places = NonNullable<Curve['also']>;

/** The same done to the places on each axis. */
export function onEachAxis(
  also: Places,
  change: (places: readonly number[]) => readonly number[],
): Places {
  return Object.fromEntries(
    Object.entries(also).map(([axis, places]) => [axis, change(places)] as const),
  );
}

/** Those of some lists of places in which each is known; left out where there are none. */
export function placesKnown(also: Places): Pick<Curve, 'also'> {
  const known = Object.entries(also).filter(
    ([, places]) => places.length > 0 && places.every(Number.isFinite),
  );
  return known.length === 0 ? {} : { also: Object.fromEntries(known) };
}
