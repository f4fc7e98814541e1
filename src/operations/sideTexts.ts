import { isFailure } from '../core/failure';
import type { VersionRecord } from '../core/version';
import { referenceTo } from '../core/version';
import { decodedText, type TextFile } from '../runs';
import { readFile } from './files';
import { pathIn, type Rooms } from './rooms';

/** Larger tables are told by their digest only. */
const mostBytes = 128 * 1024 * 1024;

/**
 * The text of a file that a version (or the working files, whose record has no commit) was made
 * with: from the store, the version's commit or the disk, wherever bytes of that SHA-256 are. `null`
 * where they are in neither, or too large.
 */
export async function textOfSide(
  rooms: Rooms,
  record: VersionRecord,
  path: string,
  sha256: string,
): Promise<TextFile | null> {
  const found =
    (await matching(rooms, sha256, () => stored(rooms, record, sha256))) ??
    (await matching(rooms, sha256, () => committed(rooms, record, path))) ??
    (await matching(rooms, sha256, () =>
      rooms.platform.disk.readSmall(pathIn(rooms, path), mostBytes),
    ));
  return found === null ? null : { path, text: decodedText(found) };
}

async function stored(rooms: Rooms, { predictions }: VersionRecord, sha256: string) {
  return predictions?.sha256 === sha256 ? rooms.store.readWhole(sha256, mostBytes) : null;
}

async function committed(rooms: Rooms, record: VersionRecord, path: string) {
  if (record.code.commit === null || record.number === 0) return null;
  return readFile(rooms, { reference: referenceTo(record, true), path, limit: mostBytes });
}

async function matching(
  rooms: Rooms,
  sha256: string,
  read: () => Promise<Uint8Array | null>,
): Promise<Uint8Array | null> {
  try {
    const bytes = await read();
    const fits = bytes !== null && rooms.platform.hashing.sha256Of(bytes) === sha256;
    return fits ? bytes : null;
  } catch (error) {
    // Too large, no file, or not to be read: then it is told by its digest alone.
    if (isFailure(error) && ['unreadable', 'artifact-missing', 'no-such-file'].includes(error.code))
      return null;
    throw error;
  }
}
