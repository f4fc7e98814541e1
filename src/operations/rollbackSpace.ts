import { Failure } from '../core/failure';
import type { RollbackStep } from './rollbackSteps';
import { pathIn, type Rooms } from './rooms';

/** Left free beyond what is needed: a disk filled to the last byte breaks everybody. */
const reserve = 16 * 1024 * 1024;

/**
 * Both the staged files and their backups must fit before anything is touched.
 * @throws Failure `disk-full` with both numbers
 */
export async function requireSpace(rooms: Rooms, steps: readonly RollbackStep[]): Promise<void> {
  const { root } = rooms.repository;
  let staging = 0;
  let backup = 0;
  for (const { path, source } of steps) {
    if (source?.kind === 'artifact') staging += source.size;
    backup += (await rooms.platform.disk.facts(pathIn(rooms, path)))?.size ?? 0;
  }
  await requireFree(rooms, root, staging + reserve);
  await requireFree(rooms, rooms.store.directory, backup + reserve);
}

async function requireFree(rooms: Rooms, path: string, needed: number): Promise<void> {
  const free = await rooms.platform.disk.freeSpace(path);
  if (free !== null && free < needed) throw new Failure('disk-full', { path, needed, free });
}
