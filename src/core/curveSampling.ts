import { onEachAxis } from './curveAxes';
import { type Curve, fromJsonNumber } from './version';

/** `steps[i]` has `values[i]`, in the order in which they came. */
export interface Points {
  readonly steps: Numbers;
  readonly values: Numbers;
}
type Numbers = Float64Array | number[];

/** The points from a step to another, both included. */
export function pointsWithin({ steps, values }: Points, from: number, to: number): Points {
  const isIn = (step: number) => step >= from && step <= to;
  const first = Math.max(0, steps.findIndex(isIn));
  const end = steps.findLastIndex(isIn) + 1;
  const between = { steps: steps.slice(first, end), values: values.slice(first, end) };
  if (between.steps.every(isIn)) return between;
  // A training that began anew wrote earlier steps behind later ones.
  const kept = [...between.steps.keys()].filter((index) => isIn(between.steps[index] as number));
  return picked(between, kept);
}

/**
 * Of each of `width / 2` stretches of equally many points the lowest and the highest, in their
 * order, with the first and the last point of all: what a plot with a column of pixels a stretch
 * shows, as in M4 (Jugel et al., VLDB 2014). What is not finite stays where it is alone.
 */
export function thinned(points: Points, width: number): Points {
  const kept = keptOf(points.values, width);
  return kept === null ? points : picked(points, kept);
}

/** A curve as `thinned` leaves it, on every axis that it has. */
export function thinnedCurve(curve: Curve, width: number): Curve {
  const kept = keptOf(curve.values.map(fromJsonNumber), width);
  if (kept === null) return curve;
  const pick = <T>(list: readonly T[]) => kept.map((index) => list[index] as T);
  const { also, steps, values } = curve;
  return {
    ...curve,
    ...{ steps: pick(steps), values: pick(values) },
    ...(also === undefined ? {} : { also: onEachAxis(also, pick) }),
  };
}

/** The indices that stay of a longer list, ascending; `null`: all do. */
function keptOf(values: Numbers, width: number): number[] | null {
  const { length } = values;
  const stretches = Math.max(1, Math.floor(width / 2));
  if (length <= stretches * 2) return null;
  const kept: number[] = [0];
  for (let stretch = 0; stretch < stretches; stretch++) {
    const start = Math.floor((stretch * length) / stretches);
    const end = Math.floor(((stretch + 1) * length) / stretches);
    kept.push(...extremes(values, start, end));
  }
  kept.push(length - 1);
  return kept.filter((index, at) => index !== kept[at - 1]);
}

function picked({ steps, values }: Points, indices: readonly number[]): Points {
  return {
    steps: indices.map((index) => steps[index] as number),
    values: indices.map((index) => values[index] as number),
  };
}

function extremes(values: Numbers, start: number, end: number): number[] {
  let [low, high] = [-1, -1];
  for (let index = start; index < end; index++) {
    const value = values[index] as number;
    if (!Number.isFinite(value)) continue;
    if (low < 0 || value < (values[low] as number)) low = index;
    if (high < 0 || value > (values[high] as number)) high = index;
  }
  if (low < 0) return [start];
  return low === high ? [low] : [Math.min(low, high), Math.max(low, high)];
}
