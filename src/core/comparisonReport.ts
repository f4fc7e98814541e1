import type { ChangeStatus, FileChange, FileWeights } from './comparison';
import type { PredictionComparison } from './predictionComparison';
import type { ClassBalance } from './tableSummary';

/** One side of a comparison: a version's or backup's reference, or `null` for the working files. */
export type Side = string | null;

/** Most sides that are compared at once. */
export const maximumSides = 6;

export interface ComparedSide {
  readonly side: Side;
  /** `v7`, `b2` or `Working files`. */
  readonly title: string;
  readonly description: string;
  /** ISO 8601, UTC; `null` for the working files. */
  readonly createdAt: string | null;
  readonly creator: string | null;
}

/** A value of one side; `null` stands for "not there". `changed`: not the base's. */
export interface ValueCell {
  readonly text: string | null;
  readonly changed: boolean;
}

export interface ValueRow {
  readonly key: string;
  /** One for each side, in their order. */
  readonly cells: readonly ValueCell[];
  readonly changed: boolean;
}

export interface MetricCell extends ValueCell {
  /** `▲ 0.008`; `null` in the base and where there is nothing to subtract. */
  readonly delta: string | null;
  /** Against the base; `null` where the direction is not known or nothing changed. */
  readonly verdict: 'better' | 'worse' | null;
  /** Full precision, for a tooltip. */
  readonly exact: string | null;
}

export interface MetricRow {
  readonly key: string;
  readonly primary: boolean;
  readonly cells: readonly MetricCell[];
  readonly changed: boolean;
}

export interface FileCell {
  /** Against the base; `null` where it is the same or there on neither side. */
  readonly status: ChangeStatus | null;
  /** `12.3 MB`; `null` where the file is not there. */
  readonly size: string | null;
  /** The first 12 digits of the SHA-256. */
  readonly digest: string | null;
  readonly bytes: number;
}

export interface FileRow {
  readonly path: string;
  readonly cells: readonly FileCell[];
  readonly changed: boolean;
}

/** Code files that differ between the base and `sides[side]`. */
export interface CodeColumn {
  readonly side: number;
  readonly files: readonly FileChange[];
}

/** What is told of a dataset of one side beyond its digest. */
export interface DataTable {
  readonly path: string;
  readonly rows: number;
  readonly columns: number;
  readonly classes: ClassBalance | null;
}

/** What the predictions of two sides say; `why` (a clause) where they cannot be compared. */
export type PredictionEvidence =
  | ({ readonly side: number; readonly path: string } & PredictionComparison)
  | { readonly side: number; readonly why: string };

/** What only reading the sides' own files tells; `side` is never the base's, which is 0. */
export interface ComparisonEvidence {
  /** For each side after the base that has predictions, as the base has. */
  readonly predictions: readonly PredictionEvidence[];
  /** For each side, base included, its datasets that are tables. */
  readonly tables: readonly (readonly DataTable[])[];
}

/** The weights of the model files that changed between the base and `sides[side]`. */
export interface SideWeights {
  readonly side: number;
  readonly files: readonly FileWeights[];
}

/** Two or more sides, the first of them the base, and all in which the others differ from it. */
export interface ComparisonReport {
  readonly model: string;
  readonly sides: readonly ComparedSide[];
  /** What is different, in short sentences, one list for each side after the base. */
  readonly overview: readonly { readonly side: number; readonly sentences: readonly string[] }[];
  readonly metrics: readonly MetricRow[];
  readonly parameters: readonly ValueRow[];
  readonly files: readonly FileRow[];
  readonly data: readonly ValueRow[];
  readonly environment: readonly ValueRow[];
  readonly code: readonly CodeColumn[];
}
