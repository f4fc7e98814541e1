import type { LaidCurve } from './curveAxes';
import type { RunState } from './run';
import type { ChartAxis, Creator, Curve, JsonNumber } from './version';

const runPrefix = 'run:';

/** What stands for a run where references of versions stand. */
export function runReference(id: string): string {
  return `${runPrefix}${id}`;
}

/** The run that a reference means; `null` where it is a version's. */
export function runIn(reference: string): string | null {
  return reference.startsWith(runPrefix) ? reference.slice(runPrefix.length) : null;
}

/** A version or a run in the table of all of them, without its values. */
export interface TableRow {
  /** With revision: `digits@v7.1`; of a run `run:<id>`. */
  readonly reference: string;
  /** `v7`; of a run its title or its id. */
  readonly title: string;
  /** Of a version. */
  readonly number: number | null;
  readonly label: string | null;
  readonly description: string;
  /** ISO 8601, UTC; a run's beginning. */
  readonly createdAt: string;
  readonly creator: Creator | null;
  /** Of a run. */
  readonly state: RunState | null;
  readonly curves: boolean;
  /** Of a version the run it came of, of a run the versions that came of it. */
  readonly relatives: readonly string[];
}

export type TableColumnKind = 'metric' | 'parameter';

export interface TableColumnName {
  readonly kind: TableColumnKind;
  readonly key: string;
}

export interface TableColumn extends TableColumnName {
  /** Numbers only. */
  readonly numeric: boolean;
  /** It tells the rows apart: two values, or not there in some. */
  readonly varies: boolean;
  /** Rows that have it. */
  readonly count: number;
}

/** A model's versions, newest first, and then its runs, newest first. */
export interface MetricsTable {
  /** Changes with the rows; columns are asked for with it. */
  readonly edition: string;
  readonly rows: readonly TableRow[];
  /** By name, metrics before parameters. */
  readonly columns: readonly TableColumn[];
}

/** Values of one column: row `at[i]` has `values[i]`. */
export interface ColumnValues extends TableColumnName {
  /** `null`: every row, in their order. */
  readonly at: readonly number[] | null;
  /** Numbers (what is not finite by its name, in metrics), texts, lists as JSON, `null` for nothing. */
  readonly values: readonly (JsonNumber | string | null)[];
  /** Rows whose metric belongs to older weights. */
  readonly stale: readonly number[];
}

/** A version's or run's curve for a picture of some width. */
export interface ChartCurve {
  readonly reference: string;
  /** All its curves by name. */
  readonly names: readonly string[];
  /** The axis that the curve of that name was logged on; `null` where it has none. */
  readonly own: Curve['axis'] | null;
  /** On which axes it can be laid. */
  readonly axes: readonly ChartAxis[];
  /** `null` where it has none of that name, or none on that axis. */
  readonly curve: LaidCurve | null;
}
