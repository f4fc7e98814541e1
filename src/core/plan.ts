import type { ParameterChange } from './parameters';

/** The parts of a version that can be rolled back on their own. */
export type RollbackPart = 'code' | 'parameters' | 'artifacts' | 'data';
export const rollbackParts: readonly RollbackPart[] = ['code', 'parameters', 'artifacts', 'data'];

/** `keep`: the path is named so that a person sees it is left alone; `why` tells. */
export type PathAction = 'write' | 'delete' | 'keep';
export type KeepReason =
  | 'not-in-current'
  | 'other-model'
  | 'not-stored'
  | 'pointer'
  | 'configuration'
  | 'same';

export interface CodeStep {
  readonly path: string;
  readonly action: PathAction;
  readonly why?: KeepReason;
}

export interface ArtifactStep {
  readonly path: string;
  readonly action: PathAction;
  /** Bytes to write (write), freed (delete) or left (keep). */
  readonly bytes: number;
  readonly why?: KeepReason;
}

export interface DataStep {
  readonly path: string;
  readonly action: PathAction;
  readonly why?: KeepReason;
}

/** What a rollback will do, path by path. Paths that need nothing are not listed. */
export interface RollbackPlan {
  readonly code: readonly CodeStep[];
  readonly artifacts: readonly ArtifactStep[];
  readonly parameters: readonly ParameterChange[];
  readonly data: readonly DataStep[];
}
