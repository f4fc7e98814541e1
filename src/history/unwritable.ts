import { join } from 'node:path';
import { Failure, isFailure, refusesWriting } from '../core/failure';
import { type Disk, openSeam, type Platform } from '../platform';
import { asDatabase } from './databaseFailure';
import type { DatabaseFile } from './databaseFile';
import { databaseName, databaseOn, type Place } from './place';

const writeAheadName = `${databaseName}-wal`;
/** A larger database is not held in memory. */
const mostBytes = 2 ** 30;

/** As much as SQLite wants beside a database even of those who only read, and a little more. */
const probeBytes = 65_536;

/**
 * Why nothing can be written in a directory (`ENOSPC`: the disk is full); `null` where something
 * can. Asked once opening a database failed: SQLite says the same of a directory that is read-only
 * and of many other troubles.
 */
export async function unwritableReason(
  { disk, random }: Platform,
  directory: string,
): Promise<Failure<'disk-failed'> | null> {
  try {
    await probe(disk, join(directory, `probe-${random.token(12)}`));
    return null;
  } catch (error) {
    const because = (operation: string, errno: string) =>
      new Failure('disk-failed', { operation, path: directory, errno }, { cause: error });
    if (isFailure(error, 'disk-full')) return because('write', 'ENOSPC');
    if (isFailure(error, 'disk-failed') && refusesWriting(error.data))
      return because(error.data.operation, error.data.errno);
    // Anything else will be told by whatever needs it.
    if (isFailure(error)) return null;
    throw error;
  }
}

async function probe(disk: Disk, path: string): Promise<void> {
  const handle = await disk.create(path);
  try {
    await handle.write(new Uint8Array(probeBytes));
  } finally {
    await handle.close();
    await disk.remove(path);
  }
}

/**
 * The database as it is now, in memory. A write-ahead log asks for files beside the database also of
 * those who only read (https://sqlite.org/wal.html#read_only_databases), and here none can be made.
 * That no connection of this process could be opened is why its file may be read as bytes.
 */
export async function copyInMemory(place: Place): Promise<DatabaseFile> {
  const { platform, directory } = place;
  const path = join(directory, databaseName);
  const log = await platform.disk.followedFacts(join(directory, writeAheadName));
  if (log !== null && log.size > 0) return recoveredCopy(place, path);
  const bytes = await platform.disk.readSmall(path, mostBytes);
  if (bytes === null) throw new Failure('not-a-project', { directory });
  return inMemory(place, path, Buffer.from(bytes));
}

/** What a log holds is put together where files can be made. */
async function recoveredCopy(place: Place, path: string): Promise<DatabaseFile> {
  const { disk, temporary, random } = place.platform;
  const directory = join(temporary, `cairn-${random.token(12)}`);
  await disk.makeDirectory(directory);
  try {
    await disk.setMode(directory, 0o700);
    const copy = join(directory, databaseName);
    await disk.copy(path, copy);
    await disk.copy(`${path}-wal`, `${copy}-wal`);
    await disk.setMode(copy, 0o600);
    await disk.setMode(`${copy}-wal`, 0o600);
    return inMemory(place, path, serialized(place, path, copy));
  } finally {
    await disk.removeTree(directory);
  }
}

function serialized(place: Place, path: string, copy: string): Buffer {
  return asDatabase(path, () => {
    const connection = new place.driver(copy);
    try {
      return connection.serialize();
    } finally {
      connection.close();
    }
  });
}

/** A database of these bytes. It does not follow what others write to `path`. */
export function inMemory(place: Place, path: string, bytes: Buffer): DatabaseFile {
  // The header's versions of the file format: 2 asks for a write-ahead log, which memory has none
  // of (https://sqlite.org/fileformat2.html#file_format_version_numbers).
  bytes[18] = 1;
  bytes[19] = 1;
  return asDatabase(path, () =>
    databaseOn(path, new place.driver(bytes, { timeout: 0 }), openSeam),
  );
}
