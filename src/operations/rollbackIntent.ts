import type { OperationDraft } from '../core/operation';
import type { HistoryWriter, IntentRow } from '../history';
import type { StoredSource } from './rollbackSteps';
import { pathIn, type Rooms } from './rooms';
import type { Before, Stamp } from './stamps';

/** One path of an intent. */
export interface Move {
  readonly path: string;
  /** Where its finished file waits; `null` for a deletion. */
  readonly staged: string | null;
  /** Where its bytes come from, should the waiting file be lost. */
  readonly source: StoredSource | null;
  /** What was backed up; `null`: nothing was there. */
  readonly before: Before | null;
  /** The waiting file once it is finished. */
  readonly after: Stamp | null;
}

/** Kept in the database while working files are changed, so that a crash can be finished. */
export interface RollbackIntent {
  readonly model: string;
  /** `staging`: take the staged files away. `applying`: carry on to the end. */
  readonly state: 'staging' | 'applying';
  readonly moves: readonly Move[];
  readonly operation: OperationDraft;
  readonly current: { readonly model: string; readonly version: string | null } | null;
}

const kind = 'rollback';

export function addIntent(writer: HistoryWriter, rooms: Rooms, payload: RollbackIntent): number {
  return writer.addIntent({ kind, worktree: rooms.repository.worktree, payload });
}

export function readIntent(row: IntentRow): RollbackIntent {
  return row.payload as RollbackIntent;
}

/** Takes a rollback back that has changed nothing yet: its staged files, and then the intent. */
export async function abandonStaging(rooms: Rooms, id: number): Promise<void> {
  const row = rooms.history.intents().find((intent) => intent.id === id);
  // Not there any more, or carried further: then it is finished forwards.
  if (row === undefined || readIntent(row).state !== 'staging') return;
  for (const { staged } of readIntent(row).moves) {
    if (staged !== null) await rooms.platform.disk.remove(pathIn(rooms, staged));
  }
  rooms.history.transaction((writer) => writer.clearIntent(id));
}
