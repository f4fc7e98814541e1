/** A version of a model in a table of all of them, without its values. */
export interface TableVersion {
  /** Of this version in this database. */
  readonly id: number;
  readonly number: number;
  readonly revision: number;
  readonly label: string | null;
  readonly createdAt: string;
  readonly description: string;
  readonly creatorName: string;
  readonly creatorEmail: string;
  /** 1 where it has curves. */
  readonly curves: 0 | 1;
}

export type TableKind = 'metric' | 'parameter';

/** A metric or parameter among all versions of the project. */
export interface TableKey {
  readonly kind: TableKind;
  readonly name: string;
  /** How many have it, and how many of those with a value (NaN and nothing are none). */
  readonly count: number;
  readonly values: number;
  /** Any text is more than any number. */
  readonly least: string | number | null;
  readonly greatest: string | number | null;
}

/** One value; `null` stands for NaN in metrics, for nothing in parameters. */
export type TableValue = readonly [version: number, value: string | number | null];

/** A metric of a version that belongs to older weights. */
export type StaleMetric = readonly [name: string, version: number];

/** All living versions of a model, column by column. */
export interface TableHistory {
  /** Newest first, by number. */
  versions(model: string): TableVersion[];
  keys(model: string): TableKey[];
  /** Of all models; in no order. */
  values(kind: TableKind, name: string): TableValue[];
  /** Of all models; every metric is looked at. */
  stale(): StaleMetric[];
  /** The runs that versions of a model came of. */
  runs(model: string): { readonly version: number; readonly run: string }[];
}
