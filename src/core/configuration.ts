import type { PrimaryMetric } from './version';

/** What `cairn.yaml` says of one dataset. */
export interface DatasetConfiguration {
  readonly path: string;
  readonly name?: string;
  readonly source?: string;
  readonly preprocessing?: string;
}

/** What `cairn.yaml` says of one model, every list filled in (empty where nothing was said). */
export interface ModelConfiguration {
  readonly name: string;
  /** Globs; `null` means everything. */
  readonly code: readonly string[] | null;
  /** Globs; several members of one series match and one is taken. */
  readonly artifacts: readonly string[];
  readonly parameters: readonly string[];
  readonly metrics: readonly string[];
  readonly curves: readonly string[];
  readonly predictions: string | null;
  /** The positive class of binary predictions, where it is named. */
  readonly positive: string | null;
  readonly datasets: readonly DatasetConfiguration[];
  readonly primary: PrimaryMetric | null;
  /** `@last-good`: how far (absolute) the primary metric may fall below the best before it. */
  readonly maxDrop: number | null;
  /** A model file of this verdict or a worse one is not committed; left out: any is, with a warning. */
  readonly refuse?: 'suspicious' | 'unreadable' | 'dangerous';
}

export interface ProjectConfiguration {
  /** Whether there is a `cairn.yaml`. */
  readonly declared: boolean;
  readonly models: readonly ModelConfiguration[];
}
