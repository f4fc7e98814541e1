import type { OperationRow } from './project';
import type { Rooms } from './rooms';
import { lastUndoable, madeElsewhere } from './undo';

/** The operation log, newest first; says of each whether undo would take it back now. */
export async function operations(
  rooms: Rooms,
  request: { limit?: number; offset?: number },
): Promise<{ operations: readonly OperationRow[] }> {
  const last = lastUndoable(rooms);
  const undoable = last !== null && madeElsewhere(rooms, last) === null ? last.id : null;
  const rows = rooms.history.operations({
    limit: request.limit ?? 200,
    offset: request.offset ?? 0,
  });
  return { operations: rows.map((row) => ({ ...row, undoable: row.id === undoable })) };
}
