import { Failure } from '../core/failure';
import type { Operation } from '../core/operation';
import { type RollbackPlan, rollbackParts } from '../core/plan';
import type { Activity } from '../core/progress';
import { everyOperation } from './everyOperation';
import { locked } from './locked';
import type { UndoResult } from './project';
import { recordOf } from './resolve';
import { dryRun, goBack } from './rollback';
import type { Rooms } from './rooms';
import { markWithdrawn } from './withdraw';

const undoable = new Set(['commit', 'update', 'rollback', 'undo', 'drop']);
/** A backup holds just what its rollback touched, and all of that goes back. */
const allParts = new Set(rollbackParts);
const nothing: RollbackPlan = { code: [], artifacts: [], parameters: [], data: [] };

export interface UndoRequest {
  readonly dryRun?: boolean;
  readonly reason?: string;
  /** Must be the last one that can be undone; a guard against a log that moved on. */
  readonly operation?: number;
}

/**
 * Takes the last operation back; the undoing of an undoing does it again.
 * @throws Failure `nothing-to-undo`, `undo-blocked`
 */
export async function undo(
  rooms: Rooms,
  request: UndoRequest,
  activity?: Activity,
): Promise<UndoResult> {
  if (request.dryRun === true) return preview(rooms, requireUndoable(rooms, request), activity);
  const work = () =>
    takeBack(rooms, requireUndoable(rooms, request), request.reason ?? '', activity);
  return locked(rooms, 'undo', work, activity);
}

/** The operation that undo would take back now; `null` when there is none. */
export function lastUndoable(rooms: Rooms): Operation | null {
  for (const operation of everyOperation(rooms.history)) {
    if (undoable.has(operation.kind)) return operation;
  }
  return null;
}

function requireUndoable(rooms: Rooms, { operation }: UndoRequest): Operation {
  const last = lastUndoable(rooms);
  if (last === null) throw new Failure('nothing-to-undo', {});
  if (operation !== undefined && operation !== last.id) {
    throw new Failure('undo-blocked', { operation, why: `operation ${last.id} came after it` });
  }
  const elsewhere = madeElsewhere(rooms, last);
  if (elsewhere !== null) {
    const why = `it was made in the worktree ${elsewhere}`;
    throw new Failure('undo-blocked', { operation: last.id, why });
  }
  return last;
}

/** The other worktree whose files or current version the operation changed; `null` for this one. */
export function madeElsewhere(rooms: Rooms, { detail }: Operation): string | null {
  const { worktree } = detail;
  return typeof worktree === 'string' && worktree !== rooms.repository.worktree ? worktree : null;
}

async function preview(
  rooms: Rooms,
  operation: Operation,
  activity?: Activity,
): Promise<UndoResult> {
  const backup = backupBehind(rooms, operation);
  const undone = operation.id;
  if (backup === null)
    return { plan: nothing, applied: false, operation: null, backup: null, warnings: [], undone };
  return { ...(await dryRun(rooms, backup, allParts, activity)), undone };
}

async function takeBack(
  rooms: Rooms,
  operation: Operation,
  reason: string,
  activity?: Activity,
): Promise<UndoResult> {
  const detail = { undoes: operation.id };
  const backup = backupBehind(rooms, operation);
  if (backup !== null) {
    const going = {
      target: backup,
      parts: allParts,
      kind: 'undo',
      reason,
      detail,
    } as const;
    return { ...(await goBack(rooms, going, activity)), undone: operation.id };
  }
  const done = await toggle(rooms, operation, reason);
  return {
    plan: nothing,
    applied: true,
    operation: done,
    backup: null,
    warnings: [],
    undone: operation.id,
  };
}

/** Versions come and go by their mark; working files stay as they are. */
async function toggle(rooms: Rooms, operation: Operation, reason: string): Promise<number> {
  const record = operation.version === null ? null : recordOf(rooms, operation.version);
  if (record === null)
    throw new Failure('undo-blocked', { operation: operation.id, why: 'its version is not there' });
  const withdraws = record.withdrawn === undefined;
  const marks = marksOf(operation) ?? [operation.version ?? ''];
  const previous = rooms.history
    .current(rooms.repository.worktree)
    .find(({ model }) => model === record.model);
  const before = currentBefore(operation);
  const { operation: id } = await markWithdrawn(rooms, record, withdraws, {
    kind: 'undo',
    reason,
    marks,
    detail: { undoes: operation.id, marks, previous: previous?.version ?? null },
    ...(before === undefined ? {} : { current: before }),
  });
  return id;
}

function backupBehind(rooms: Rooms, { id, detail }: Operation): ReturnType<typeof recordOf> {
  if (typeof detail.backup !== 'string') return null;
  const backup = recordOf(rooms, detail.backup);
  if (backup === null || backup.withdrawn !== undefined) {
    throw new Failure('undo-blocked', {
      operation: id,
      why: `its backup ${detail.backup} was dropped`,
    });
  }
  return backup;
}

function marksOf({ detail }: Operation): string[] | null {
  return Array.isArray(detail.marks) ? detail.marks.map(String) : null;
}

/** The version that was current before the operation; `undefined` when it did not move. */
function currentBefore({ detail }: Operation): string | null | undefined {
  if (detail.previous === null) return null;
  return typeof detail.previous === 'string' ? detail.previous : undefined;
}
