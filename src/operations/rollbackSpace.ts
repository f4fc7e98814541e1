import { Failure } from '../core/failure';
import { standsAt } from './backup';
import { removedBy } from './rollbackRoom';
import type { RollbackStep } from './rollbackSteps';
import type { Rooms } from './rooms';

/** Left free beyond what is needed: a disk filled to the last byte breaks everybody. */
const reserve = 16 * 1024 * 1024;

/**
 * Staged files and their backups must fit before anything is touched. What the store holds already
 * costs nothing there; where store and working files share a disk, both count together.
 * @throws Failure `disk-full` with both numbers
 */
export async function requireSpace(rooms: Rooms, steps: readonly RollbackStep[]): Promise<void> {
  const { root } = rooms.repository;
  const staging = steps.reduce((sum, { source }) => sum + bytesOf(source), 0);
  const backup = await backupBytes(rooms, steps);
  if (await sharesDisk(rooms)) {
    await requireFree(rooms, root, staging + backup + reserve);
  } else {
    await requireFree(rooms, root, staging + reserve);
    await requireFree(rooms, rooms.store.directory, backup + reserve);
  }
}

function bytesOf(source: RollbackStep['source']): number {
  if (source?.kind === 'artifact') return source.size;
  return source?.kind === 'bytes' ? source.bytes.length : 0;
}

async function backupBytes(rooms: Rooms, steps: readonly RollbackStep[]): Promise<number> {
  const removed = removedBy(steps);
  let bytes = 0;
  for (const { path } of steps) {
    const facts = await standsAt(rooms, path, removed);
    if (facts?.kind !== 'file') continue;
    const known = rooms.memory.recall(path, facts);
    if (known === null || !(await rooms.store.has(known, facts.size))) bytes += facts.size;
  }
  return bytes;
}

async function sharesDisk(rooms: Rooms): Promise<boolean> {
  const { disk } = rooms.platform;
  const root = await disk.followedFacts(rooms.repository.root);
  // Before the first artifact the store's directory is not there; the project's own is.
  const store =
    (await disk.followedFacts(rooms.store.directory)) ?? (await disk.followedFacts(rooms.home));
  return root !== null && root.device === store?.device;
}

async function requireFree(rooms: Rooms, path: string, needed: number): Promise<void> {
  const free = await rooms.platform.disk.freeSpace(path);
  if (free !== null && free < needed) throw new Failure('disk-full', { path, needed, free });
}
