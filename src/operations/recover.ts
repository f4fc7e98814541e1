import { finishRef } from './pendingRef';
import { finishIntent } from './rollbackFinish';
import type { Rooms } from './rooms';
import { attempt } from './trouble';

/** Artifacts are stored without the lock; one that was not written to for an hour is a ruin. */
const unfinishedGrace = 3_600_000;

/**
 * Finishes what an interrupted verb left: refs that were published but had not moved, working
 * files half rolled back, unfinished writes. Runs under the writer's lock.
 */
export async function recover(rooms: Rooms): Promise<void> {
  for (const pending of rooms.history.pendingRefs()) await finishRef(rooms, pending);
  for (const intent of rooms.history.intents()) {
    if (intent.worktree === rooms.repository.worktree) await finishIntent(rooms, intent);
  }
  // Rubbish that cannot be cleared away harms nobody.
  await attempt(() => rooms.store.clearUnfinished(unfinishedGrace));
  await attempt(() => clearSnapshots(rooms));
}

/** Temporary indexes of snapshots are made under the lock only: whatever is there is a ruin. */
async function clearSnapshots({ platform, home }: Rooms): Promise<void> {
  for (const { name, kind } of (await platform.disk.list(`${home}/tmp`)) ?? []) {
    if (kind === 'directory' && name.startsWith('snapshot-')) {
      await platform.disk.removeTree(`${home}/tmp/${name}`);
    }
  }
}
