import type { Activity } from '../core/progress';
import { recover } from './recover';
import { type Rooms, requireWritable } from './rooms';
import { migrateStore } from './storeMigration';
import { attempt } from './trouble';

/**
 * Runs one writing verb alone: takes the writer's lock, finishes what an interrupted one left,
 * and frees the lock whatever happens. @throws Failure `lock-held`, `workspace-untrusted`
 */
export async function locked<T>(
  rooms: Rooms,
  verb: string,
  work: () => Promise<T>,
  activity?: Activity,
): Promise<T> {
  requireWritable(rooms, verb);
  const { lockMilliseconds: milliseconds } = rooms;
  const lock = await rooms.history.lock({
    ...(milliseconds === undefined ? {} : { milliseconds }),
    ...(activity?.signal === undefined ? {} : { signal: activity.signal }),
  });
  try {
    await recover(rooms);
    if (rooms.store.directory !== `${rooms.home}/artifacts`) await rooms.store.users(rooms.home);
    await attempt(() => migrateStore(rooms, activity));
    return await work();
  } finally {
    lock.release();
  }
}
