import type { Activity } from '../core/progress';

export interface GcRequest {
  readonly dryRun?: boolean;
  /** How long everything stays that nobody needs any more; default a week, at least an hour. */
  readonly hours?: number;
}

export interface GcResult {
  readonly artifacts: number;
  /** By which the store got, or would get, smaller. */
  readonly bytes: number;
  readonly applied: boolean;
}

/** What a version takes in the store. */
export interface VersionStorage {
  /** `model@vN` or `model@bN`, all revisions together. */
  readonly reference: string;
  /** Bytes of its files. */
  readonly size: number;
  /** On the disk, needed by nothing else: what dropping it would free. */
  readonly own: number;
  /** On the disk, needed by others too. */
  readonly shared: number;
}

export interface StorageResult {
  readonly store: {
    readonly directory: string;
    /** All of it on the disk. */
    readonly bytes: number;
    /** Bytes of all files of all versions, as often as they come. */
    readonly size: number;
    /** What garbage collection would free now. */
    readonly garbage: number;
  };
  /** Oldest first. */
  readonly versions: readonly VersionStorage[];
}

/** The verbs on the store itself. */
export interface StorageVerbs {
  gc(request: GcRequest, activity?: Activity): Promise<GcResult>;
  storage(request: { model?: string }, activity?: Activity): Promise<StorageResult>;
}
