import { dirname, join } from 'node:path';
import { Failure, isFailure } from '../core/failure';
import type { Platform } from '../platform';
import type { DatabaseFile } from './databaseFile';
import { loadDriver } from './driver';
import type { History } from './history';
import { chooseJournal, isShared, useRollbackJournal } from './journalMode';
import { migrate, migrations, schemaState } from './migrations';
import { alone, connect, databaseName, lockFileIn, type Place } from './place';
import { SqliteHistory } from './sqliteHistory';
import { copyInMemory, inMemory, unwritableReason } from './unwritable';

export interface OpenHistoryOptions {
  /** Nothing is created, migrated or written; the lock cannot be taken. */
  readonly readOnly?: boolean;
}

/**
 * Whether there is a history in `<git common dir>/cairn`. An empty file is none: that is what a
 * crash leaves before the first byte of a new one is written.
 */
export async function historyExists(platform: Platform, directory: string): Promise<boolean> {
  const facts = await platform.disk.followedFacts(join(directory, databaseName));
  return facts !== null && facts.size > 0;
}

/**
 * Opens the history in `<git common dir>/cairn`; without `readOnly` it is made when it is not there
 * and brought up to date when it is older, under the writer's lock. Otherwise nothing is written.
 * Where nothing can be written (a read-only file system, somebody else's directory, a disk without
 * any space) it is opened to be read, and `unwritable` of it says so.
 * @throws Failure `not-a-project` (`readOnly` and nothing there), `database-newer`,
 * `database-damaged`, `runtime-too-old`, `lock-held`, `disk-failed`, `disk-full`
 */
export async function openHistory(
  platform: Platform,
  directory: string,
  options: OpenHistoryOptions = {},
): Promise<History> {
  const place = { platform, directory, driver: await loadDriver(), known: migrations };
  if (options.readOnly === true) return openToRead(place);
  try {
    return await openToWrite(place);
  } catch (error) {
    const unwritable = ofTheDisk(error) && (await unwritableReason(platform, directory));
    if (!unwritable || !(await historyExists(platform, directory))) throw error;
    return openToRead(place, unwritable);
  }
}

const ofTheDisk = (error: unknown) =>
  isFailure(error, 'disk-failed') || isFailure(error, 'disk-full');

/** @throws Failure as `openHistory` */
export async function openToRead(
  place: Place,
  unwritable: Failure<'disk-failed'> | null = null,
): Promise<History> {
  const { platform, directory } = place;
  if (!(await historyExists(platform, directory))) {
    throw new Failure('not-a-project', { directory });
  }
  const file = await connectToRead(place);
  const database = closingOnFailure(file, () => {
    const { found, supported } = schemaState(file, place.known);
    if (found === 0) throw new Failure('not-a-project', { directory });
    return found === supported ? file : migratedCopy(place, file);
  });
  return new SqliteHistory({ platform, database, openLock: null, unwritable });
}

/** Where files can neither be made beside the database, a copy. */
async function connectToRead(place: Place): Promise<DatabaseFile> {
  let file: DatabaseFile | null = null;
  try {
    file = connect(place, { readOnly: true });
    schemaState(file, place.known);
    return file;
  } catch (error) {
    file?.close();
    if (!ofTheDisk(error)) throw error;
    if ((await unwritableReason(place.platform, place.directory)) === null) throw error;
    return copyInMemory(place);
  }
}

/**
 * What may not be migrated where it lies is migrated in memory. Such a copy does not follow what
 * others write; whoever may write brings the file up to date anyway.
 */
function migratedCopy(place: Place, file: DatabaseFile): DatabaseFile {
  const bytes = file.serialize();
  file.close();
  const copy = inMemory(place, file.path, bytes);
  return closingOnFailure(copy, () => {
    migrate(copy, place.known);
    return copy;
  });
}

/** @throws Failure as `openHistory` */
export async function openToWrite(place: Place): Promise<History> {
  const { platform, directory } = place;
  const made = await platform.disk.makeDirectory(directory);
  if (made !== null) await platform.disk.syncDirectory(dirname(made));
  const database = connect(place, { readOnly: false });
  try {
    const { found, supported } = schemaState(database, place.known);
    const shared = await isShared(platform, directory);
    if (found < supported) await prepare(database, place, shared);
    else if (shared) await leaveWriteAhead(database, place);
    return new SqliteHistory({
      ...{ platform, database, openLock: () => lockFileIn(place) },
      unwritable: null,
    });
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Another process may have done it while this one waited for the lock. */
function prepare(database: DatabaseFile, place: Place, shared: boolean): Promise<void> {
  return alone(place, () => {
    const { found } = schemaState(database, place.known);
    if (found === 0) chooseJournal(database, shared, () => readBack(place));
    migrate(database, place.known);
  });
}

/** For a project that was moved to where other machines may write too. */
async function leaveWriteAhead(database: DatabaseFile, place: Place): Promise<void> {
  if (database.pragma<string>('journal_mode') !== 'wal') return;
  try {
    await alone(place, () => useRollbackJournal(database), 0);
  } catch (error) {
    // Somebody is at work, on this machine as far as we know: the next one to open it will do it.
    if (!isFailure(error, 'lock-held')) throw error;
  }
}

/** What a second connection sees of the first one's write. */
function readBack(place: Place): number {
  const second = connect(place, { readOnly: false });
  try {
    return second.pragma<number>('application_id');
  } finally {
    second.close();
  }
}

function closingOnFailure<T>(database: DatabaseFile, work: () => T): T {
  try {
    return work();
  } catch (error) {
    database.close();
    throw error;
  }
}
