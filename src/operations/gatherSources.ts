import { isFailure } from '../core/failure';
import { pathIn, type Rooms } from './rooms';

/** SHA-256 of each file that was read for a record, by path: what tells a stale one later. */
export async function digestsOf(
  rooms: Rooms,
  paths: readonly string[],
): Promise<Record<string, string>> {
  const digests: Record<string, string> = {};
  for (const path of [...new Set(paths)].sort()) {
    try {
      digests[path] = await rooms.memory.digest(path, pathIn(rooms, path));
    } catch (error) {
      // It was there a moment ago and was read; that it went away since changes nothing.
      if (!isFailure(error, 'no-such-file')) throw error;
    }
  }
  return digests;
}
