import type { Rooms } from './rooms';

/** Whether an earlier verb was interrupted: a look without the lock. */
export function needsRecovery(rooms: Rooms): boolean {
  const mine = rooms.history
    .intents()
    .filter(({ worktree }) => worktree === rooms.repository.worktree);
  return rooms.history.pendingRefs().length > 0 || mine.length > 0;
}
