import type { ParameterValue } from '../core/parameters';
import type { RunRecord, SeriesPoints } from '../core/run';
import { toJsonNumber } from '../core/version';
import type { MetricFile } from './metricFile';
import { PointSet } from './points';

/** A run as another tool left it. */
export interface ForeignRun {
  /** The same at each reading: the tool's own name of the run, or its path. */
  readonly key: string;
  readonly title: string;
  readonly state: RunRecord['state'];
  /** ISO 8601; `null` where nothing tells. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly tags: Readonly<Record<string, ParameterValue>>;
  readonly series: readonly SeriesPoints[];
  /** The commit that the tool recorded. */
  readonly commit: string | null;
  readonly command: readonly string[];
  /** Changes when there is more to read: how much was read. */
  readonly extent: number;
}

export function isoFrom(milliseconds: number | null | undefined): string | null {
  if (milliseconds === null || milliseconds === undefined) return null;
  if (!Number.isFinite(milliseconds) || milliseconds <= 0 || milliseconds > 8.64e15) return null;
  return new Date(milliseconds).toISOString();
}

/** The series of a text file that was read; single values become points at their step. */
export function seriesFrom(file: MetricFile): SeriesPoints[] {
  const points = new PointSet();
  for (const { name, epochs, steps, indexes, values } of file.series) {
    const byStep = steps.every(Number.isFinite);
    const axis = byStep ? 'step' : epochs.every(Number.isFinite) ? 'epoch' : 'index';
    const places = { step: steps, epoch: epochs, index: indexes }[axis];
    for (const [index, value] of values.entries()) {
      points.add(name, axis, places[index] ?? index, Number(value), Number.NaN);
    }
  }
  for (const [name, value] of file.values) {
    points.add(name, 'step', file.step ?? 0, Number(value), Number.NaN);
  }
  return points.all();
}

/** First and last moment of what was logged. */
export function spanOf(series: readonly SeriesPoints[]): {
  startedAt: string | null;
  endedAt: string | null;
} {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { times } of series) {
    for (const time of times) {
      if (time < first) first = time;
      if (time > last) last = time;
    }
  }
  return { startedAt: isoFrom(first), endedAt: isoFrom(last) };
}

/** A number of a tool as JSON has it; used for values without steps. */
export function singlePoints(values: Readonly<Record<string, unknown>>): SeriesPoints[] {
  const points = new PointSet();
  for (const [name, value] of Object.entries(values)) {
    const number = typeof value === 'number' ? value : Number.NaN;
    const named = value === 'NaN' || value === 'Infinity' || value === '-Infinity';
    if (typeof value === 'number' || named) {
      points.add(name, 'step', 0, named ? Number(value) : Number(toJsonNumber(number)), Number.NaN);
    }
  }
  return points.all();
}
