import type { LaidCurve } from '../../../src/core/curveAxes';
import { figure } from '../../../src/core/figures';
import { metricDirection } from '../../../src/core/metricDirection';
import type { ChartCurve } from '../../../src/core/metricsTable';
import { choosePrimaryMetric } from '../../../src/core/primaryMetric';
import { type Direction, fromJsonNumber, type PrimaryMetric } from '../../../src/core/version';
import { placeText } from './chartAxis';

/** One version's curve as it is drawn. */
export interface CurveLine {
  readonly reference: string;
  /** `v7`. */
  readonly title: string;
  readonly curve: LaidCurve;
  /** Its place in the palette, from 0. */
  readonly place: number;
  readonly shown: boolean;
}

/** The names of all curves of these versions, by name. */
export function seriesNames(curves: readonly ChartCurve[]): string[] {
  return [...new Set(curves.flatMap(({ names }) => names))].sort();
}

/** The curve to show: the one that was asked for, else the primary metric's, else the likeliest. */
export function seriesToShow(
  names: readonly string[],
  wanted: string | null,
  primary: PrimaryMetric | null,
): string | null {
  if (wanted !== null && names.includes(wanted)) return wanted;
  if (primary !== null && names.includes(primary.metric)) return primary.metric;
  return choosePrimaryMetric(names)?.metric ?? names[0] ?? null;
}

export function linesOf(
  curves: readonly ChartCurve[],
  titleOf: (reference: string) => string,
  places: ReadonlyMap<string, number>,
  hidden: readonly string[],
): CurveLine[] {
  return curves.flatMap(({ reference, curve }) => {
    if (curve === null) return [];
    const place = places.get(reference) ?? 0;
    return [
      { reference, title: titleOf(reference), curve, place, shown: !hidden.includes(reference) },
    ];
  });
}

/** What the horizontal axis counts: `epoch`, `step`, `time`, or several where the versions differ. */
export function axisName(lines: readonly CurveLine[]): string {
  const names = new Set(lines.map(({ curve }) => (curve.axis === 'index' ? 'point' : curve.axis)));
  return [...names].sort().join(' / ');
}

export interface CurveSummary {
  readonly last: string;
  /** The best value and where it was; `null` where the metric's direction is not known. */
  readonly best: { readonly value: string; readonly at: string } | null;
}

/** The last and the best finite value of a curve; `null` when it has none. */
export function summaryOf(curve: LaidCurve, better: Direction | null): CurveSummary | null {
  const points = finitePoints(curve);
  const last = points.at(-1);
  if (last === undefined) return null;
  if (better === null) return { last: figure(last.value), best: null };
  const sign = better === 'higher' ? 1 : -1;
  const best = points.reduce((one, other) => (sign * other.value > sign * one.value ? other : one));
  const at = placeText(curve.axis, best.step);
  return { last: figure(last.value), best: { value: figure(best.value), at } };
}

interface Point {
  readonly step: number;
  readonly value: number;
}

function finitePoints({ steps, values }: LaidCurve): Point[] {
  return steps.flatMap((step, index) => {
    const value = fromJsonNumber(values[index] ?? 'NaN');
    return Number.isFinite(value) ? [{ step, value }] : [];
  });
}

/** Which way a curve improves: as the model's primary metric says, else by its name. */
export function seriesDirection(series: string, primary: PrimaryMetric | null): Direction | null {
  return primary?.metric === series ? primary.better : metricDirection(series);
}

/** How many points cannot be drawn: those that are no number, and on a log scale those not above 0. */
export function undrawn(lines: readonly CurveLine[], log: boolean): number {
  return lines
    .filter(({ shown }) => shown)
    .flatMap(({ curve }) => curve.values.map(fromJsonNumber))
    .filter((value) => !Number.isFinite(value) || (log && value <= 0)).length;
}

/** All steps at which a shown line has a point, ascending. */
export function stepsOf(lines: readonly CurveLine[]): number[] {
  const shown = lines.filter((line) => line.shown);
  return [...new Set(shown.flatMap(({ curve }) => curve.steps))].sort((a, b) => a - b);
}

/** What the shown lines are at a step, in a sentence: `epoch 12: v7 0.951, v3 0.942`. */
export function readingAt(lines: readonly CurveLine[], step: number): string {
  const values = lines.flatMap(({ shown, title, curve }) => {
    const value = curve.values[curve.steps.lastIndexOf(step)];
    return shown && value !== undefined ? [`${title} ${figure(value)}`] : [];
  });
  const axis = axisName(lines);
  return `${axis} ${placeText(axis, step)}: ${values.join(', ') || 'no value'}`;
}
