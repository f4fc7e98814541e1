import type { LaidCurve } from '../core/curveAxes';
import type { RunRecord, RunSeries, RunState, SeriesPoints } from '../core/run';
import type { Curve, VersionRecord } from '../core/version';

/** Which runs to list, newest first. */
export interface RunQuery {
  /** Ignoring case. */
  readonly model?: string;
  readonly states?: readonly RunState[];
  readonly limit?: number;
  readonly offset?: number;
}

export interface RunPage {
  readonly runs: RunRecord[];
  /** Of all that match, without limit and offset. */
  readonly total: number;
}

/** Which part of a run's curves, and how fine. */
export interface SeriesQuery {
  /** Left out: all. */
  readonly names?: readonly string[];
  /** Steps, both inclusive. */
  readonly from?: number;
  readonly to?: number;
  /** Only points that were logged until then, in milliseconds since the epoch. */
  readonly until?: number;
  /**
   * About how many points a curve may have: of longer ones the lowest and the highest of each
   * stretch are kept, so that no extreme is lost. Left out: every point.
   */
  readonly width?: number;
  /** With the times of the points where all are known; for whole curves alone. */
  readonly withTimes?: boolean;
}

/** Runs as far as they were taken in: reads. */
export interface RunHistory {
  list(query: RunQuery): RunPage;
  /** Also one that was deleted: then `deleted` is set and the record is what is left. */
  find(id: string): { record: RunRecord; taken: number; deleted: boolean } | null;
  /** Those whose id begins so, ten at most. */
  begunWith(beginning: string): RunRecord[];
  /** Names of all runs, deleted ones too, that need no further look. */
  settled(): Set<string>;
  /** Runs with requests that wait, oldest first. */
  waiting(): RunRecord[];
  /** Sorted by name; with `most` no more than so many. */
  series(id: string, most?: number): RunSeries[];
  /** The last value of every metric of every run; `null` for NaN. */
  lastValues(): { readonly run: string; readonly name: string; readonly value: number | null }[];
  /** The highest step or epoch of a run; `null` before the first point. */
  highestStep(id: string): number | null;
  curves(id: string, query: SeriesQuery): Curve[];
  /** When the first point was logged, in milliseconds since the epoch; `null` where nobody knows. */
  beginning(id: string): number | null;
  /** Over the seconds since the run's first point, `from` and `to` too; points without a time are left out. */
  timedCurves(id: string, query: Omit<SeriesQuery, 'until' | 'withTimes'>): LaidCurve[];
  /** All revisions that name the run, oldest first. */
  versionsOf(id: string): VersionRecord[];
}

/** Runs as far as they were taken in: writes, in a transaction. */
export interface RunWriter {
  /** Adds or replaces a run's record; `taken`: how much of its journal that holds. */
  put(record: RunRecord, taken: number): void;
  /** Forgets a run's points, before others take their place. */
  clear(id: string): void;
  /** Points behind those that are there. The run must be there. */
  append(id: string, series: readonly SeriesPoints[]): void;
  /** Forgets everything but that there was such a run. Fine when there was none. */
  remove(id: string): void;
}
