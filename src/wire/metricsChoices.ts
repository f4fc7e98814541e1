import { flag, list, nullable, oneOf, type Reader, shape, text } from './readers';

/** A column of the table by its id: `metric:x`, `parameter:x`, `created`. */
export type ColumnId = string;

export interface ColumnSort {
  readonly column: ColumnId;
  readonly order: 'ascending' | 'descending';
}

/** How the columns lie; columns that are named nowhere come at the end, as they are. */
export interface Arrangement {
  readonly order: readonly ColumnId[];
  readonly hidden: readonly ColumnId[];
  /** Shown though they would not be by themselves. */
  readonly shown: readonly ColumnId[];
  /** From the left, in this order. */
  readonly pinned: readonly ColumnId[];
  /** In pixels. */
  readonly widths: readonly { readonly column: ColumnId; readonly width: number }[];
}

export const shownKinds = ['all', 'versions', 'runs'] as const;
export const chartKinds = ['curves', 'trend', 'scatter', 'parallel', 'correlation'] as const;
export type ChartKind = (typeof chartKinds)[number];

/** What a person chose in the Metrics panel of a model; kept for the project. */
export interface MetricsChoices {
  readonly arrangement: Arrangement;
  /** The first decides; empty: newest first. */
  readonly sorts: readonly ColumnSort[];
  readonly shown: (typeof shownKinds)[number];
  readonly onlyVarying: boolean;
  /** Models' numbers stay over revisions: `digits@v7`; runs by their reference. */
  readonly starred: readonly string[];
  readonly onlyStarred: boolean;
  readonly chart: ChartKind;
  /** The metric of the charts that show one; `null`: the primary one. */
  readonly metric: string | null;
  /** The parameter of the chart of one; `null`: a number that most rows have and that differs. */
  readonly parameter: string | null;
  /** The axes of parallel coordinates; `null`: those that differ. */
  readonly axes: readonly ColumnId[] | null;
}

export const initialChoices: MetricsChoices = {
  arrangement: { order: [], hidden: [], shown: [], pinned: [], widths: [] },
  sorts: [],
  shown: 'all',
  onlyVarying: true,
  starred: [],
  onlyStarred: false,
  chart: 'curves',
  metric: null,
  parameter: null,
  axes: null,
};

const ids = list(text);
const pixels: Reader<number> = (value) =>
  typeof value === 'number' && value >= 40 && value <= 2_000 ? value : undefined;

export const readMetricsChoices: Reader<MetricsChoices> = shape({
  arrangement: shape({
    order: ids,
    hidden: ids,
    shown: ids,
    pinned: ids,
    widths: list(shape({ column: text, width: pixels })),
  }),
  sorts: list(shape({ column: text, order: oneOf('ascending', 'descending') }), 10),
  shown: oneOf(...shownKinds),
  onlyVarying: flag,
  starred: ids,
  onlyStarred: flag,
  chart: oneOf(...chartKinds),
  metric: nullable(text),
  parameter: nullable(text),
  axes: nullable(list(text, 20)),
});
