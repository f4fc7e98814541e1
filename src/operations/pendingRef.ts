import type { PreparedRefs } from '../git';
import type { PendingRef } from '../history';
import type { Rooms } from './rooms';
import { attempt } from './trouble';

/**
 * Moves a reference whose move the history has just written down, and clears the mark. The history
 * holds what was published from then on, so what fails here is no failure of the verb: it is tried
 * once more, and otherwise done when the project is next written to or opened.
 */
export async function moveRef(
  rooms: Rooms,
  prepared: PreparedRefs | null,
  pending: PendingRef,
): Promise<void> {
  const moved = await attempt(async () => {
    await prepared?.commit();
    clearPending(rooms, pending);
  });
  if (!moved) await attempt(() => finishRef(rooms, pending));
}

/** Brings a reference to where the history says it is going. @throws Failure `ref-refused`, … */
export async function finishRef(rooms: Rooms, pending: PendingRef): Promise<void> {
  const found = await rooms.repository.ref(pending.ref);
  if (found !== pending.to && found === pending.from) await moveNow(rooms, pending);
  // A ref that somebody moved elsewhere meanwhile is left to `verify`, which names it.
  clearPending(rooms, pending);
}

async function moveNow(rooms: Rooms, pending: PendingRef): Promise<void> {
  try {
    const prepared = await rooms.repository.prepareRefs([pending], 'cairn: finish');
    await prepared.commit();
  } catch (error) {
    // A Git process that outlived its Cairn may just have moved it.
    if ((await rooms.repository.ref(pending.ref)) !== pending.to) throw error;
  }
}

function clearPending(rooms: Rooms, { id }: PendingRef): void {
  rooms.history.transaction((writer) => writer.clearPendingRef(id));
}
