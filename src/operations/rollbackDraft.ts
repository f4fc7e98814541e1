import type { ArtifactStep, CodeStep, DataStep, RollbackPart } from '../core/plan';
import type { VersionRecord, Warning } from '../core/version';
import type { Snapshot } from '../git';
import type { Ownership } from './ownership';
import { currentOf } from './resolve';
import type { RollbackStep } from './rollbackSteps';
import type { Rooms } from './rooms';

/** What a plan is made from. */
export interface RollbackAim {
  readonly target: VersionRecord;
  readonly parts: ReadonlySet<RollbackPart>;
  /** The working files as they are. */
  readonly snapshot: Snapshot;
  readonly ownership: Ownership;
}

/** A plan that is being made. */
export interface Draft {
  readonly code: CodeStep[];
  readonly artifacts: ArtifactStep[];
  readonly data: DataStep[];
  readonly steps: RollbackStep[];
  readonly warnings: Warning[];
}

/** The version the working files came from: what a rollback may remove paths of. */
export function heldBy(rooms: Rooms, target: VersionRecord): VersionRecord | null {
  return currentOf(rooms, target.model);
}
