import { join } from 'node:path';
import { isFailure } from '../core/failure';
import type { Platform } from '../platform';
import { loadDriver } from './driver';
import { migrations } from './migrations';
import { alone, databaseName, lockName, type Place } from './place';

/** What SQLite keeps beside a database; moved first, so that none is taken for a new one's. */
const companions = ['-wal', '-shm', '-journal'];

/**
 * Moves a history that cannot be opened out of the way, under the writer's lock, so that a new one
 * can be made; nothing is deleted. Returns where the database is now; `null` when there was none.
 * @throws Failure `lock-held`, `disk-failed`
 */
export async function setHistoryAside(
  platform: Platform,
  directory: string,
): Promise<string | null> {
  const place = { platform, directory, driver: await loadDriver(), known: migrations };
  const stamp = platform.clock
    .now()
    .toISOString()
    .replace(/[-:]|\.\d+/g, '');
  const aside = join(directory, `damaged-${stamp}-${platform.random.token(2)}.db`);
  const path = join(directory, databaseName);
  let moved = false;
  await withAnyLock(place, `${aside}.lock`, async () => {
    for (const suffix of companions) await move(platform, path + suffix, aside + suffix);
    moved = await move(platform, path, aside);
    await platform.disk.syncDirectory(directory);
  });
  return moved ? aside : null;
}

/** A lock file that is no database can be held by nobody; it goes aside as well. */
async function withAnyLock(place: Place, aside: string, work: () => Promise<void>): Promise<void> {
  const lock = join(place.directory, lockName);
  try {
    await alone(place, work);
  } catch (error) {
    if (!isFailure(error, 'database-damaged') || error.data.path !== lock) throw error;
    await move(place.platform, lock, aside);
    await alone(place, work);
  }
}

async function move({ disk }: Platform, from: string, to: string): Promise<boolean> {
  if ((await disk.facts(from)) === null) return false;
  await disk.rename(from, to);
  return true;
}
