import type { ArtifactRecord, VersionRecord } from '../core/version';
import type { HistoryWriter, IntentRow } from '../history';
import { commitBackup, publishBackup } from './backupVersion';
import { fullReference, recordOf } from './resolve';
import { applyMoves } from './rollbackApply';
import {
  abandonStaging,
  addIntent,
  type Move,
  type RollbackIntent,
  readIntent,
} from './rollbackIntent';
import { stageAll, stagingPaths } from './rollbackStage';
import { pathIn, type Rooms } from './rooms';
import { isStamped, stampOf } from './stamps';

/** How a rollback ended. */
export interface Conclusion {
  /** Its entry in the log. */
  readonly operation: number;
  /** The backup of what stood in the way and was in no backup; `null` when there was nothing. */
  readonly rescued: string | null;
}

/** Finishes an interrupted rollback, forwards or backwards. Idempotent; under the writer's lock. */
export async function finishIntent(rooms: Rooms, row: IntentRow): Promise<void> {
  const intent = readIntent(row);
  if (intent.state === 'staging') return abandonStaging(rooms, row.id);
  const whole = await restage(rooms, row.id, intent);
  const rescued = await applyMoves(rooms, whole.intent.moves);
  await concludeIntent(rooms, whole.id, whole.intent, rescued);
}

/**
 * Staged files that are gone, or are not the ones that were finished, are staged anew: whoever
 * finds a half-done rollback may well have cleaned up.
 */
async function restage(
  rooms: Rooms,
  id: number,
  intent: RollbackIntent,
): Promise<{ id: number; intent: RollbackIntent }> {
  const lost: Move[] = [];
  for (const move of intent.moves) if (await isLost(rooms, move)) lost.push(move);
  if (lost.length === 0) return { id, intent };
  for (const { staged } of lost) await rooms.platform.disk.remove(pathIn(rooms, staged ?? ''));
  const staged = await stagingPaths(rooms, lost);
  const again = lost.map((move) => ({ ...move, staged: staged.get(move.path) ?? null }));
  const named: RollbackIntent = { ...intent, moves: replaced(intent.moves, again) };
  const next = exchange(rooms, id, named);
  await stageAll(rooms, again, staged);
  const finished = { ...named, moves: replaced(named.moves, await stamped(rooms, again)) };
  return { id: exchange(rooms, next, finished), intent: finished };
}

async function isLost(rooms: Rooms, { path, staged, after }: Move): Promise<boolean> {
  if (staged === null) return false;
  const waiting = await rooms.platform.disk.facts(pathIn(rooms, staged));
  if (waiting !== null) return !isStamped(waiting, after);
  return !isStamped(await rooms.platform.disk.facts(pathIn(rooms, path)), after);
}

function replaced(moves: readonly Move[], by: readonly Move[]): Move[] {
  const others = new Map(by.map((move) => [move.path, move]));
  return moves.map((move) => others.get(move.path) ?? move);
}

function exchange(rooms: Rooms, id: number, intent: RollbackIntent): number {
  return rooms.history.transaction((writer) => {
    writer.clearIntent(id);
    return addIntent(writer, rooms, intent);
  });
}

/** The moves with the stamps of their finished files. */
export async function stamped(rooms: Rooms, moves: readonly Move[]): Promise<Move[]> {
  const found: Move[] = [];
  for (const move of moves) {
    const facts =
      move.staged === null ? null : await rooms.platform.disk.facts(pathIn(rooms, move.staged));
    found.push({ ...move, after: facts === null ? null : stampOf(facts) });
  }
  return found;
}

/** Writes the end of a rollback: log entry, current version, what is known of the files. */
export async function concludeIntent(
  rooms: Rooms,
  id: number,
  intent: RollbackIntent,
  rescued: readonly ArtifactRecord[],
): Promise<Conclusion> {
  await noteWritten(rooms, intent.moves);
  const { detail } = intent.operation;
  if (rescued.length === 0) {
    const operation = rooms.history.transaction((writer) =>
      conclude(rooms, writer, id, intent, detail),
    );
    return { operation, rescued: null };
  }
  const record = await rescuedBackup(rooms, intent, rescued);
  const reference = fullReference(record);
  const operation = await publishBackup(rooms, record, (writer) =>
    conclude(rooms, writer, id, intent, { ...detail, rescued: reference }),
  );
  return { operation, rescued: reference };
}

function conclude(
  rooms: Rooms,
  writer: HistoryWriter,
  id: number,
  { current, operation }: RollbackIntent,
  detail: RollbackIntent['operation']['detail'],
): number {
  writer.clearIntent(id);
  rooms.memory.save(writer);
  if (current !== null)
    writer.setCurrent(rooms.repository.worktree, current.model, current.version);
  return writer.appendOperation({ ...operation, detail }).id;
}

async function rescuedBackup(
  rooms: Rooms,
  { model, operation }: RollbackIntent,
  rescued: readonly ArtifactRecord[],
): Promise<VersionRecord> {
  const backup = typeof operation.detail.backup === 'string' ? operation.detail.backup : '';
  const commit = recordOf(rooms, backup)?.code.commit ?? 'HEAD';
  const to = operation.version ?? '';
  return commitBackup(rooms, {
    ...{ model, to, creator: operation.by, at: operation.at },
    description: `What stood in the way of going back to ${to}`,
    kept: { files: [...rescued].sort((a, b) => (a.path < b.path ? -1 : 1)), absent: [] },
    tree: await rooms.repository.treeOf(commit),
  });
}

async function noteWritten(rooms: Rooms, moves: readonly Move[]): Promise<void> {
  for (const { path, source } of moves) {
    if (source?.kind !== 'artifact' || source.link) continue;
    const facts = await rooms.platform.disk.facts(pathIn(rooms, path));
    if (facts?.kind === 'file') rooms.memory.note(path, facts, source.sha256);
  }
}
