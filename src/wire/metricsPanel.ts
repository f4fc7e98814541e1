import type { ParameterValue } from '../core/parameters';
import type { Curve, JsonNumber, PrimaryMetric } from '../core/version';
import type { EventReaders, LetterReaders } from './letters';
import { count, list, nothing, nullable, type Reader, shape, shapeWithin, text } from './readers';

/** What the panel keeps across reloads, beside what only the panel itself reads. `sort` as in a request to load. */
export interface MetricsState {
  readonly root: string;
  readonly model: string;
  readonly sort: string | null;
  readonly text: string;
}

/** Most versions whose curves one request may ask for. */
export const maximumCurves = 20;
/** Most rows of one page. */
export const maximumRows = 500;

export interface MetricsRow {
  /** With revision: `digits@v7.1`. */
  readonly reference: string;
  /** `v7`. */
  readonly title: string;
  readonly label: string | null;
  readonly description: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** `2 h ago`, at the time of the answer. */
  readonly when: string;
  readonly current: boolean;
  readonly best: boolean;
  readonly metrics: Readonly<Record<string, JsonNumber>>;
  /** Metrics whose file did not change while the weights did: to be marked, never ranked. */
  readonly stale: readonly string[];
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** Names of the curves kept with this version. */
  readonly series: readonly string[];
}

export interface MetricsView {
  readonly models: readonly string[];
  readonly model: string;
  readonly primary: PrimaryMetric | null;
  /** Of all versions that match, not only of this page. */
  readonly total: number;
  readonly rows: readonly MetricsRow[];
  /** All keys in the rows, the primary metric first, then by name. */
  readonly metrics: readonly string[];
  /** Parameters' keys; those with more than one value among the rows first. */
  readonly parameters: readonly string[];
}

export interface VersionCurves {
  readonly reference: string;
  readonly title: string;
  readonly curves: readonly Curve[];
}

export type MetricsContract = {
  /**
   * One page of versions. `sort`: `number`, `createdAt`, `label` or a key of a metric or
   * parameter (`metric:x`, `parameter:x`: of that kind only), with `-` before it to descend;
   * `null` newest first.
   */
  readonly load: {
    readonly ask: {
      readonly model: string;
      readonly sort: string | null;
      readonly text: string;
      readonly offset: number;
      readonly limit: number;
    };
    readonly answer: MetricsView;
  };
  readonly curves: {
    readonly ask: { readonly references: readonly string[] };
    readonly answer: { readonly versions: readonly VersionCurves[] };
  };
  /** Opens the Compare panel on these versions, the first of them the base. */
  readonly compare: {
    readonly ask: { readonly references: readonly string[] };
    readonly answer: null;
  };
  readonly rollBack: { readonly ask: { readonly reference: string }; readonly answer: null };
};

/** `changed`: the history did; load again. */
export type MetricsEvents = { readonly changed: Readonly<Record<never, never>> };

const rows: Reader<number> = (value) => {
  const read = count(value);
  return read !== undefined && read <= maximumRows ? read : undefined;
};

export const metricsReaders: LetterReaders<MetricsContract> = {
  load: shape({ model: text, sort: nullable(text), text, offset: count, limit: rows }),
  curves: shape({ references: list(text, maximumCurves) }),
  compare: shape({ references: list(text, 8) }),
  rollBack: shape({ reference: text }),
};

export const metricsEventReaders: EventReaders<MetricsEvents> = { changed: nothing };

export const readMetricsState: Reader<MetricsState> = shapeWithin({
  root: text,
  model: text,
  sort: nullable(text),
  text,
});
