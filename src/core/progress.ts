/** What a long operation says while it goes on. */
export interface Progress {
  readonly phase:
    | 'scanning'
    | 'storing'
    | 'snapshot'
    | 'publishing'
    | 'backup'
    | 'restoring'
    | 'checking'
    | 'rebuilding';
  readonly path?: string;
  readonly done: number;
  /** `null` while the end is not known. */
  readonly total: number | null;
  readonly unit: 'bytes' | 'files' | 'versions';
}

/** Goes with every long operation: how to be called off, and whom to tell. */
export interface Activity {
  readonly signal?: AbortSignal;
  readonly progress?: (progress: Progress) => void;
}
