import type { PendingRef } from '../history';
import { finishIntent } from './rollbackIntent';
import type { Rooms } from './rooms';

/**
 * Finishes what an interrupted verb left: refs that were published but had not moved, working
 * files half rolled back, unfinished writes. Runs under the writer's lock.
 */
export async function recover(rooms: Rooms): Promise<void> {
  for (const pending of rooms.history.pendingRefs()) await finishRef(rooms, pending);
  for (const intent of rooms.history.intents()) {
    if (intent.worktree === rooms.repository.worktree) await finishIntent(rooms, intent);
  }
  await rooms.store.clearUnfinished();
}

/** Whether an earlier verb was interrupted: a look without the lock. */
export function needsRecovery(rooms: Rooms): boolean {
  const mine = rooms.history
    .intents()
    .filter(({ worktree }) => worktree === rooms.repository.worktree);
  return rooms.history.pendingRefs().length > 0 || mine.length > 0;
}

async function finishRef(rooms: Rooms, pending: PendingRef): Promise<void> {
  const found = await rooms.repository.ref(pending.ref);
  if (found !== pending.to && found === pending.from) {
    const prepared = await rooms.repository.prepareRefs([pending], 'cairn: finish');
    await prepared.commit();
  }
  // A ref that somebody moved elsewhere meanwhile is left to `verify`, which names it.
  rooms.history.transaction((writer) => writer.clearPendingRef(pending.id));
}
