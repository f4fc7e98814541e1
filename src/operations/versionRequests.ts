import type { ParameterValue } from '../core/parameters';
import type { JsonNumber, VersionRecord, Warning } from '../core/version';

/** What may be said about a version, in `commit` and `update` alike. Paths relative to the root. */
export interface VersionOptions {
  readonly label?: string;
  readonly files?: readonly string[];
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  readonly parametersFile?: string;
  readonly metrics?: Readonly<Record<string, JsonNumber>>;
  readonly metricsFile?: string;
  readonly curvesFile?: string;
  readonly datasets?: readonly string[];
  readonly predictions?: string;
  /** Hash datasets whole, whatever their size. */
  readonly full?: boolean;
}

export interface CommitRequest extends VersionOptions {
  readonly model?: string;
  readonly message: string;
  /** With a label that is taken: what is committed becomes a revision of that version. */
  readonly updateLabel?: boolean;
  readonly run?: string;
  readonly allowEmpty?: boolean;
  /** The first commit over 2 GB asks; this is the answer yes. */
  readonly confirmed?: boolean;
}

export interface CommitResult {
  readonly version: VersionRecord;
  readonly warnings: readonly Warning[];
}
