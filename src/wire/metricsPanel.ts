import { maximumSides } from '../core/comparisonReport';
import type { ChartCurve, ColumnValues, MetricsTable, TableColumnName } from '../core/metricsTable';
import { type ChartAxis, chartAxes, type JsonNumber, type PrimaryMetric } from '../core/version';
import type { EventReaders, LetterReaders } from './letters';
import { type MetricsChoices, readMetricsChoices } from './metricsChoices';
import {
  count,
  fraction,
  list,
  longText,
  nothing,
  nullable,
  oneOf,
  type Reader,
  shape,
  shapeWithin,
  text,
} from './readers';

/** What the panel keeps across reloads, beside what only the panel itself reads. */
export interface MetricsState {
  readonly root: string;
  readonly model: string;
  /** What the table is filtered by. */
  readonly text: string;
  /** Rows that are chosen from the beginning; empty: the current one, the best and the newest. */
  readonly focus: readonly string[];
}

/** Most rows whose curves one request may ask for. */
export const maximumCurves = 20;
/** Most columns of one request: so many values are read and sent without a pause. */
export const maximumColumns = 24;

export interface MetricsView extends MetricsTable {
  readonly models: readonly string[];
  readonly model: string;
  readonly primary: PrimaryMetric | null;
  /** When this was answered, in milliseconds since the epoch. */
  readonly now: number;
  /** References, with revision. */
  readonly current: string | null;
  readonly best: string | null;
  /** The one that comparisons are held against. */
  readonly baseline: string | null;
  /** What was chosen for this project and model before; `null`: nothing yet. */
  readonly choices: MetricsChoices | null;
  /** Whether versions may be renamed and described here. */
  readonly writable: boolean;
}

/** What a run that goes on logged last. */
export interface LiveRun {
  readonly reference: string;
  readonly metrics: readonly { readonly key: string; readonly value: JsonNumber }[];
}

const exportFormats = ['png', 'svg', 'csv'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export type MetricsContract = {
  /** Every version and run of a model, without their values. */
  readonly load: { readonly ask: { readonly model: string }; readonly answer: MetricsView };
  /** `null` where the table is another one by now: load it again. */
  readonly columns: {
    readonly ask: {
      readonly model: string;
      readonly edition: string;
      readonly columns: readonly TableColumnName[];
    };
    readonly answer: { readonly columns: readonly ColumnValues[] | null };
  };
  /** One curve of each, of the steps in sight (`null`: to the end), as fine as the width asks for. */
  readonly curves: {
    readonly ask: {
      readonly references: readonly string[];
      readonly series: string;
      /** `null`: each on its own; of time `from` and `to` are seconds. */
      readonly axis: ChartAxis | null;
      readonly from: number | null;
      readonly to: number | null;
      readonly width: number;
    };
    readonly answer: { readonly curves: readonly ChartCurve[] };
  };
  readonly remember: {
    readonly ask: { readonly model: string; readonly choices: MetricsChoices };
    readonly answer: null;
  };
  /** Adds a revision; `null` leaves as it is. Answers with the new reference. */
  readonly amend: {
    readonly ask: {
      readonly reference: string;
      readonly label: string | null;
      readonly description: string | null;
    };
    readonly answer: { readonly reference: string };
  };
  /** Asks where to, and writes. `content`: text, of a picture in pixels its bytes in base64. */
  readonly save: {
    readonly ask: {
      readonly name: string;
      readonly format: ExportFormat;
      readonly content: string;
    };
    readonly answer: { readonly saved: boolean };
  };
  /** Opens the Compare panel on these versions, the first of them the base. */
  readonly compare: {
    readonly ask: { readonly references: readonly string[] };
    readonly answer: null;
  };
  readonly rollBack: { readonly ask: { readonly reference: string }; readonly answer: null };
};

export type MetricsEvents = {
  /** The history did, or runs came, ended or went: load again. */
  readonly changed: Readonly<Record<never, never>>;
  /** Runs go on: these are their last values, and their curves have grown. */
  readonly live: { readonly runs: readonly LiveRun[] };
};

const column: Reader<TableColumnName> = shape({ kind: oneOf('metric', 'parameter'), key: text });

const jsonNumber: Reader<JsonNumber> = (value) => {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return oneOf('NaN', 'Infinity', '-Infinity')(value);
};

export const metricsReaders: LetterReaders<MetricsContract> = {
  load: shape({ model: text }),
  columns: shape({ model: text, edition: text, columns: list(column, maximumColumns) }),
  curves: shape({
    references: list(text, maximumCurves),
    series: text,
    axis: nullable(oneOf(...chartAxes)),
    from: fraction,
    to: fraction,
    width: count,
  }),
  remember: shape({ model: text, choices: readMetricsChoices }),
  amend: shape({ reference: text, label: nullable(text), description: nullable(text) }),
  save: shape({ name: text, format: oneOf(...exportFormats), content: longText }),
  compare: shape({ references: list(text, maximumSides) }),
  rollBack: shape({ reference: text }),
};

export const metricsEventReaders: EventReaders<MetricsEvents> = {
  changed: nothing,
  live: shape({
    runs: list(shape({ reference: text, metrics: list(shape({ key: text, value: jsonNumber })) })),
  }),
};

export const readMetricsState: Reader<MetricsState> = shapeWithin({
  root: text,
  model: text,
  text,
  focus: list(text),
});
