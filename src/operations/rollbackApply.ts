import { dirname } from 'node:path';
import { Failure } from '../core/failure';
import type { ArtifactRecord } from '../core/version';
import { keep } from './backup';
import type { Move } from './rollbackIntent';
import { parentOf } from './rollbackPaths';
import { pathIn, type Rooms } from './rooms';
import { isStamped, stampOf, stampText } from './stamps';

/** What one going through the moves has come by. */
interface Journey {
  /** Files that stood in the way and that the backup does not hold. */
  readonly rescued: ArtifactRecord[];
  /** Directories whose entries changed; absolute. */
  readonly touched: Set<string>;
  /** The stamps of all files that are put in place. */
  readonly finished: ReadonlySet<string>;
}

/**
 * Deletes, then renames into place; what was done already is passed over. Whatever came to stand
 * there since the backup is stored first.
 * @returns the files that were stored so
 */
export async function applyMoves(
  rooms: Rooms,
  moves: readonly Move[],
): Promise<readonly ArtifactRecord[]> {
  const finished = moves.flatMap(({ after }) => (after === null ? [] : [stampText(after)]));
  const journey: Journey = { rescued: [], touched: new Set(), finished: new Set(finished) };
  for (const move of moves) if (move.staged === null) await takeAway(rooms, move, journey);
  for (const move of moves) {
    if (move.staged !== null) await putInPlace(rooms, move, move.staged, journey);
  }
  await syncTouched(rooms, journey.touched);
  return journey.rescued;
}

async function takeAway(rooms: Rooms, move: Move, journey: Journey): Promise<void> {
  const { disk } = rooms.platform;
  const found = await disk.facts(pathIn(rooms, move.path));
  // Where names ignore case, `Readme.md` that goes is also `README.md` that came before a crash.
  if (found !== null && journey.finished.has(stampText(stampOf(found)))) return;
  await rescue(rooms, move, journey);
  const facts = await disk.facts(pathIn(rooms, move.path));
  // A directory in the file's place is not what was to be deleted.
  if (facts !== null && facts.kind !== 'directory') await disk.remove(pathIn(rooms, move.path));
  await pruneParents(rooms, move.path, journey.touched);
}

/** Removes the directories that are empty now, from the bottom up. */
async function pruneParents(rooms: Rooms, path: string, touched: Set<string>): Promise<void> {
  const { disk } = rooms.platform;
  for (let parent = parentOf(path); parent !== ''; parent = parentOf(parent)) {
    const absolute = pathIn(rooms, parent);
    const facts = await disk.facts(absolute);
    if (facts === null) continue;
    if (facts.kind === 'directory' && (await disk.removeEmptyDirectory(absolute))) continue;
    touched.add(absolute);
    return;
  }
  touched.add(rooms.repository.root);
}

async function putInPlace(
  rooms: Rooms,
  move: Move,
  staged: string,
  journey: Journey,
): Promise<void> {
  const { touched } = journey;
  const { disk } = rooms.platform;
  const from = pathIn(rooms, staged);
  if ((await disk.facts(from)) === null) return;
  const to = pathIn(rooms, move.path);
  await rescue(rooms, move, journey);
  if ((await disk.facts(to))?.kind === 'directory') await clearDirectory(rooms, move.path);
  await makeParent(rooms, to, touched);
  await disk.rename(from, to);
  touched.add(dirname(to));
  touched.add(dirname(from));
}

async function makeParent(rooms: Rooms, path: string, touched: Set<string>): Promise<void> {
  const { disk } = rooms.platform;
  const parent = dirname(path);
  if ((await disk.followedFacts(parent)) !== null) return;
  const uppermost = (await disk.makeDirectory(parent)) ?? parent;
  for (let made = parent; made.length >= uppermost.length; made = dirname(made)) {
    touched.add(dirname(made));
  }
}

/** Stores what stands at a path when it is not what the backup holds. */
async function rescue(rooms: Rooms, move: Move, { rescued }: Journey): Promise<void> {
  const facts = await rooms.platform.disk.facts(pathIn(rooms, move.path));
  if (facts === null || (facts.kind !== 'file' && facts.kind !== 'link')) return;
  if (isStamped(facts, move.before)) return;
  const { file } = await keep(rooms, move.path, facts);
  if (file.sha256 === move.before?.sha256 || (await isStaged(rooms, move, file))) return;
  rescued.push(file);
}

/** Whether what stands there is what is about to be put there: its move was made already. */
async function isStaged(
  rooms: Rooms,
  { staged }: Move,
  { sha256, link }: ArtifactRecord,
): Promise<boolean> {
  const facts = staged === null ? null : await rooms.platform.disk.facts(pathIn(rooms, staged));
  if (staged === null || facts?.kind !== 'file' || link === true) return false;
  return (await rooms.memory.digest(staged, pathIn(rooms, staged))) === sha256;
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

/** Some were removed or replaced later on the way. */
async function syncTouched(rooms: Rooms, touched: ReadonlySet<string>): Promise<void> {
  const { disk } = rooms.platform;
  for (const directory of touched) {
    const facts = await disk.followedFacts(directory);
    if (facts?.kind === 'directory') await disk.syncDirectory(directory);
  }
}
