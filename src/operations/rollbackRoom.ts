import { Failure } from '../core/failure';
import { isProjectPath, requireParentsInside } from '../workspace';
import { parentsOf } from './rollbackPaths';
import type { RollbackStep } from './rollbackSteps';
import { pathIn, type Rooms } from './rooms';

/**
 * Makes sure that every path of a rollback can be written where it belongs: in the project, through
 * no symbolic link that leads out, and over nothing but what the rollback itself backs up and takes
 * away. @throws Failure `path-outside`, `path-leads-out`, `path-occupied`
 */
export async function requireRoom(rooms: Rooms, steps: readonly RollbackStep[]): Promise<void> {
  const removed = removedBy(steps);
  for (const { path, source } of steps) {
    await requireWayTo(rooms, path, removed);
    if (source !== null) await requireFree(rooms, path, removed);
  }
}

/** The paths that a rollback deletes. */
export function removedBy(
  steps: readonly Pick<RollbackStep, 'path' | 'source'>[],
): ReadonlySet<string> {
  return new Set(steps.filter(({ source }) => source === null).map(({ path }) => path));
}

/** A file or link on the way that is deleted anyway makes room for a directory. */
async function requireWayTo(
  rooms: Rooms,
  path: string,
  removed: ReadonlySet<string>,
): Promise<void> {
  const { platform, repository } = rooms;
  if (!isProjectPath(path, platform.system)) {
    throw new Failure('path-outside', { path, root: repository.root });
  }
  const replaced = parentsOf(path).find((parent) => removed.has(parent));
  await requireParentsInside(platform, repository.root, replaced ?? path);
}

/** A directory is replaced only when all it holds is backed up and deleted. */
async function requireFree(
  rooms: Rooms,
  path: string,
  removed: ReadonlySet<string>,
): Promise<void> {
  const facts = await rooms.platform.disk.facts(pathIn(rooms, path));
  if (facts?.kind === 'other') throw new Failure('path-occupied', { path, by: [path] });
  if (facts?.kind !== 'directory' || parentsOf(path).some((parent) => removed.has(parent))) return;
  const others = await filesBelow(rooms, path, removed);
  if (others.length > 0) throw new Failure('path-occupied', { path, by: others });
}

/** As many as a message names. */
const named = 5;

async function filesBelow(
  rooms: Rooms,
  directory: string,
  apartFrom: ReadonlySet<string>,
): Promise<string[]> {
  const found: string[] = [];
  for (const { name, kind } of (await rooms.platform.disk.list(pathIn(rooms, directory))) ?? []) {
    const path = `${directory}/${name}`;
    if (kind === 'directory') found.push(...(await filesBelow(rooms, path, apartFrom)));
    else if (!apartFrom.has(path)) found.push(path);
    if (found.length >= named) return found.slice(0, named);
  }
  return found;
}
