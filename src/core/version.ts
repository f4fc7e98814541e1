import type { ParameterValue } from './parameters';
import type { ScanVerdict } from './scan';

/** A number as JSON can hold it: what is not finite is written as its name. */
export type JsonNumber = number | 'NaN' | 'Infinity' | '-Infinity';

export type VersionKind = 'version' | 'backup';
/** What a file of a version is for. `other` covers backups of code and files of no known kind. */
export type FileRole = 'weights' | 'configuration' | 'tokenizer' | 'optimizer' | 'other';

export interface Creator {
  readonly name: string;
  readonly email: string;
}

/** A file of a version that Git does not carry; identified by the SHA-256 of its bytes. */
export interface ArtifactRecord {
  /** Relative to the worktree's top, with forward slashes. */
  readonly path: string;
  readonly role: FileRole;
  readonly format: string;
  readonly size: number;
  readonly sha256: string;
  /** Unix permission bits, in backups. */
  readonly mode?: number;
  /** In backups: the bytes are a symbolic link's target. */
  readonly link?: true;
  /** What a scan found when it was recorded; left out where nothing dangerous was found. */
  readonly scan?: { readonly verdict: ScanVerdict; readonly findings: readonly string[] };
  /** `true` when the bytes were never here: a Git LFS pointer that was not downloaded. */
  readonly pointer?: true;
}

export interface DatasetRecord {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly files: number;
  /** `sha256`: of the bytes (a file) or of the sorted listing with digests (a directory).
   *  `listing`: of paths, sizes and times only. `dvc`: DVC's own digest. */
  readonly digest: { readonly kind: 'sha256' | 'listing' | 'dvc'; readonly value: string };
  readonly source?: string;
  readonly preprocessing?: string;
}

export interface EnvironmentRecord {
  readonly python?: string;
  readonly packages?: Readonly<Record<string, string>>;
  /** Names of graphics processors and the like, where training code told. */
  readonly accelerators?: readonly string[];
  readonly platform: string;
}

/** Where the version's code is. `commit` is the version commit, `head` the user's HEAD then. */
export interface CodeRecord {
  readonly commit: string | null;
  readonly head: string | null;
  readonly branch: string | null;
  readonly dirty: boolean;
  /** Of a version that came of a run: the code when that started, or (not recorded) when it came in. */
  readonly as?: 'start' | 'intake';
}

/** Where a metric's value was read: a file and, where it is known, the step of the weights. */
export interface MetricOrigin {
  readonly path: string;
  readonly step?: number;
  /** `last`: the last value of a curve, because the weights' own step is not known. */
  readonly at?: 'checkpoint' | 'last';
  /** The file did not change while the weights did. Such a metric is marked and never ranked. */
  readonly stale?: true;
}

/** When, by whom and why a version was withdrawn; `whole`: with all its earlier revisions. */
export interface Withdrawn {
  readonly at: string;
  readonly by: Creator;
  readonly reason: string;
  readonly whole?: true;
}

/** The whole record of a version or backup; frozen once written, JSON-safe as it stands. */
export interface VersionRecord {
  readonly format: 1;
  readonly model: string;
  readonly number: number;
  readonly revision: number;
  readonly kind: VersionKind;
  readonly label: string | null;
  /** ISO 8601 in UTC with milliseconds. */
  readonly createdAt: string;
  readonly creator: Creator;
  readonly description: string;
  /** `model@vN.R` that the working files came from. */
  readonly parent: string | null;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** `file:line` or `option` each parameter was read from. */
  readonly parameterOrigins?: Readonly<Record<string, string>>;
  readonly files: readonly ArtifactRecord[];
  readonly datasets: readonly DatasetRecord[];
  readonly metrics: Readonly<Record<string, JsonNumber>>;
  readonly metricOrigins?: Readonly<Record<string, MetricOrigin>>;
  /** The curves of training, kept as one artifact (JSON, `CurveSet`). */
  readonly curves?: {
    readonly sha256: string;
    readonly size: number;
    readonly series: readonly string[];
  };
  /** The predictions that metrics were computed from, kept as an artifact: their file's bytes. */
  readonly predictions?: {
    readonly path: string;
    readonly sha256: string;
    readonly size: number;
  };
  readonly environment: EnvironmentRecord;
  readonly code: CodeRecord;
  readonly run: string | null;
  /** SHA-256 of each parameter, metric, curve and prediction file that was read, by path. */
  readonly sources?: Readonly<Record<string, string>>;
  /** Why this revision was made. */
  readonly reason?: string;
  /** The model's primary metric when this was recorded. */
  readonly primary?: PrimaryMetric;
  /** Set when the version was withdrawn (by drop or undo); the record stays. */
  readonly withdrawn?: Withdrawn;
  /** In backups: paths that did not exist and that the rollback was to create. */
  readonly absent?: readonly string[];
  /** In backups: the version or backup that the rollback went to. */
  readonly replacedBy?: string;
}

export type Direction = 'higher' | 'lower';

export interface PrimaryMetric {
  readonly metric: string;
  readonly better: Direction;
}

/** One series of a metric: `steps[i]` (epoch, step or index from 0) has `values[i]`. */
export interface Curve {
  readonly name: string;
  readonly axis: 'epoch' | 'step' | 'index';
  readonly steps: readonly number[];
  readonly values: readonly JsonNumber[];
  /**
   * Where the same points lie on other axes; an axis is there when the place of each point is
   * known. `time` is in milliseconds, from a moment that is one for all curves of a training.
   */
  readonly also?: Readonly<Partial<Record<ChartAxis, readonly number[]>>>;
}

/** What curves can be laid over one another on. */
export const chartAxes = ['step', 'epoch', 'time'] as const;
export type ChartAxis = (typeof chartAxes)[number];

export type CurveSet = readonly Curve[];

/** Something a person should know about a commit, that did not stop it. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly path?: string;
}

/** `digits@v3` for the latest revision, `digits@v3.2` for one, `digits@b1` for a backup. */
export function referenceTo(
  record: Pick<VersionRecord, 'model' | 'kind' | 'number' | 'revision'>,
  withRevision = false,
): string {
  const letter = record.kind === 'backup' ? 'b' : 'v';
  const revision = withRevision && record.kind === 'version' ? `.${record.revision}` : '';
  return `${record.model}@${letter}${record.number}${revision}`;
}

/** The number behind a JSON number; what is not finite comes back as the IEEE value. */
export function fromJsonNumber(value: JsonNumber): number {
  return typeof value === 'number' ? value : Number(value);
}

/** A number in the form that JSON can hold, which knows no negative zero. */
export function toJsonNumber(value: number): JsonNumber {
  if (Number.isFinite(value)) return value === 0 ? 0 : value;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}
