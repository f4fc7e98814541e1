import type { ChartCurve, ColumnValues, MetricsTable, TableColumnName } from '../core/metricsTable';
import type { ChartAxis } from '../core/version';

export interface ChartRequest {
  readonly references: readonly string[];
  readonly series: string;
  /** What the curves are laid on; left out: each on its own. */
  readonly axis?: ChartAxis;
  /** Steps of that axis (of time: seconds), both inclusive. */
  readonly from?: number;
  readonly to?: number;
  /** About how many points a curve may have; of longer ones the extremes of each stretch are kept. */
  readonly width: number;
}

/** The verbs of tables and charts: a part of `Project`. */
export interface TableVerbs {
  /** @throws Failure `no-such-model` */
  table(request: { readonly model: string }): Promise<MetricsTable>;
  /** `null` where the table is another one by now. */
  tableColumns(request: {
    readonly model: string;
    readonly edition: string;
    readonly columns: readonly TableColumnName[];
  }): Promise<readonly ColumnValues[] | null>;
  /** What cannot be found any more is left out. */
  chartCurves(request: ChartRequest): Promise<readonly ChartCurve[]>;
}
