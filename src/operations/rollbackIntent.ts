import { Failure } from '../core/failure';
import type { OperationDraft } from '../core/operation';
import type { IntentRow } from '../history';
import type { FileFacts } from '../platform';
import { pathIn, type Rooms } from './rooms';

/** What stood at a path when it was backed up; times as decimal strings, as JSON holds them. */
export interface Stamp {
  readonly size: number;
  readonly modified: string;
  readonly inode: string;
}

/** One path of an intent: `staged` is the finished file beside it, `null` for a deletion. */
export interface Move {
  readonly path: string;
  readonly staged: string | null;
  /** `null`: nothing was there. */
  readonly before: Stamp | null;
  /** The digest of what is written, where it is known: spares reading it again. */
  readonly sha256: string | null;
}

/** Kept in the database while working files are changed, so that a crash can be finished. */
export interface RollbackIntent {
  /** `staging`: take the staged files away. `applying`: carry on to the end. */
  readonly state: 'staging' | 'applying';
  readonly moves: readonly Move[];
  readonly operation: OperationDraft;
  readonly current: { readonly model: string; readonly version: string | null } | null;
}

export const rollbackIntentKind = 'rollback';

/** Finishes an interrupted rollback, forwards or backwards. Idempotent; under the writer's lock. */
export async function finishIntent(rooms: Rooms, row: IntentRow): Promise<number | null> {
  const intent = row.payload as RollbackIntent;
  if (intent.state === 'staging') {
    await removeStaged(rooms, intent.moves);
    rooms.history.transaction((writer) => writer.clearIntent(row.id));
    return null;
  }
  const rescued = await applyMoves(rooms, intent.moves);
  return concludeIntent(rooms, row.id, intent, rescued);
}

/** Removes what was staged, whether it is there or not. */
export async function removeStaged(rooms: Rooms, moves: readonly Move[]): Promise<void> {
  for (const { staged } of moves) {
    if (staged !== null) await rooms.platform.disk.remove(pathIn(rooms, staged));
  }
}

/** Bytes that stood where a rollback wrote and that its backup did not hold. */
export interface Rescue {
  readonly path: string;
  readonly sha256: string;
}

/** Deletes, then renames into place. What changed since the backup is stored first. */
export async function applyMoves(rooms: Rooms, moves: readonly Move[]): Promise<Rescue[]> {
  const rescued: Rescue[] = [];
  const touched = new Set<string>();
  for (const move of moves.filter(({ staged }) => staged === null)) {
    await rescue(rooms, move, rescued);
    await rooms.platform.disk.remove(pathIn(rooms, move.path));
    await pruneParents(rooms, move.path, touched);
  }
  for (const move of moves) {
    if (move.staged !== null) await place(rooms, move, move.staged, rescued, touched);
  }
  for (const directory of touched) await rooms.platform.disk.syncDirectory(directory);
  return rescued;
}

async function place(
  rooms: Rooms,
  move: Move,
  staged: string,
  rescued: Rescue[],
  touched: Set<string>,
): Promise<void> {
  const { disk } = rooms.platform;
  const from = pathIn(rooms, staged);
  if ((await disk.facts(from)) === null) return;
  const to = pathIn(rooms, move.path);
  await rescue(rooms, move, rescued);
  if ((await disk.facts(to))?.kind === 'directory') await clearDirectory(rooms, move.path);
  await disk.makeDirectory(parentOf(to));
  await disk.rename(from, to);
  touched.add(parentOf(to));
  touched.add(parentOf(from));
}

/** Stores what stands at a path when it is not what the backup holds. */
async function rescue(rooms: Rooms, move: Move, rescued: Rescue[]): Promise<void> {
  const absolute = pathIn(rooms, move.path);
  const facts = await rooms.platform.disk.facts(absolute);
  if (facts === null || facts.kind !== 'file' || sameStamp(move.before, facts)) return;
  const { sha256 } = await rooms.store.put(absolute);
  rescued.push({ path: move.path, sha256 });
}

/** A directory stands where a file goes: only empty ones are in it by now. */
async function clearDirectory(rooms: Rooms, path: string): Promise<void> {
  const absolute = pathIn(rooms, path);
  for (const { name, kind } of (await rooms.platform.disk.list(absolute)) ?? []) {
    if (kind === 'directory') await clearDirectory(rooms, `${path}/${name}`);
  }
  if (!(await rooms.platform.disk.removeEmptyDirectory(absolute))) {
    throw new Failure('path-occupied', { path, by: [path] });
  }
}

async function pruneParents(rooms: Rooms, path: string, touched: Set<string>): Promise<void> {
  let directory = parentOf(path);
  while (
    directory !== '' &&
    (await rooms.platform.disk.removeEmptyDirectory(pathIn(rooms, directory)))
  ) {
    touched.delete(pathIn(rooms, directory));
    directory = parentOf(directory);
  }
  touched.add(directory === '' ? rooms.repository.root : pathIn(rooms, directory));
}

/** Writes the end of a rollback: log entry, current version, what is known of the files. */
export async function concludeIntent(
  rooms: Rooms,
  id: number,
  intent: RollbackIntent,
  rescued: readonly Rescue[],
): Promise<number> {
  await noteWritten(rooms, intent.moves);
  const detail =
    rescued.length === 0 ? intent.operation.detail : { ...intent.operation.detail, rescued };
  return rooms.history.transaction((writer) => {
    writer.clearIntent(id);
    rooms.memory.save(writer);
    const { current } = intent;
    if (current !== null)
      writer.setCurrent(rooms.repository.worktree, current.model, current.version);
    return writer.appendOperation({ ...intent.operation, detail }).id;
  });
}

async function noteWritten(rooms: Rooms, moves: readonly Move[]): Promise<void> {
  for (const { path, sha256 } of moves) {
    const facts = sha256 === null ? null : await rooms.platform.disk.facts(pathIn(rooms, path));
    if (sha256 !== null && facts?.kind === 'file') rooms.memory.note(path, facts, sha256);
  }
}

/** The stamp of what is there now. */
export function stampOf(facts: FileFacts): Stamp {
  return { size: facts.size, modified: String(facts.modified), inode: String(facts.inode) };
}

function sameStamp(stamp: Stamp | null, facts: FileFacts): boolean {
  const now = stampOf(facts);
  return (
    stamp !== null &&
    stamp.size === now.size &&
    stamp.modified === now.modified &&
    stamp.inode === now.inode
  );
}

/** Everything before the last slash; empty at the top. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
