import { dirname, join } from 'node:path';
import { Failure, isFailure } from '../core/failure';
import { openSeam, type Platform } from '../platform';
import { asDatabase } from './databaseFailure';
import type { DatabaseFile } from './databaseFile';
import { loadDriver } from './driver';
import type { History } from './history';
import { chooseJournal, isShared, useRollbackJournal } from './journalMode';
import { migrate, migrations, schemaState } from './migrations';
import { alone, connect, databaseName, databaseOn, lockFileIn, type Place } from './place';
import { SqliteHistory } from './sqliteHistory';

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
 * @throws Failure `not-a-project` (`readOnly` and nothing there), `database-newer`,
 * `database-damaged`, `runtime-too-old`, `lock-held`, `disk-failed`, `disk-full`
 */
export async function openHistory(
  platform: Platform,
  directory: string,
  options: OpenHistoryOptions = {},
): Promise<History> {
  const place = { platform, directory, driver: await loadDriver(), known: migrations };
  return options.readOnly === true ? openToRead(place) : openToWrite(place);
}

/** @throws Failure as `openHistory` */
export async function openToRead(place: Place): Promise<History> {
  const { platform, directory } = place;
  if (!(await historyExists(platform, directory))) {
    throw new Failure('not-a-project', { directory });
  }
  const file = connect(place, { readOnly: true });
  const database = closingOnFailure(file, () => {
    const { found, supported } = schemaState(file, place.known);
    if (found === 0) throw new Failure('not-a-project', { directory });
    return found === supported ? file : migratedCopy(place, file);
  });
  return new SqliteHistory({ platform, database, openLock: null });
}

/**
 * What may not be migrated where it lies is migrated in memory. Such a copy does not follow what
 * others write; whoever may write brings the file up to date anyway.
 */
function migratedCopy(place: Place, file: DatabaseFile): DatabaseFile {
  const bytes = file.serialize();
  // The header's versions of the file format: 2 asks for a write-ahead log, which memory has none
  // of (https://sqlite.org/fileformat2.html#file_format_version_numbers).
  bytes[18] = 1;
  bytes[19] = 1;
  file.close();
  const copy = asDatabase(file.path, () =>
    databaseOn(file.path, new place.driver(bytes, { timeout: 0 }), openSeam),
  );
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
    return new SqliteHistory({ platform, database, openLock: () => lockFileIn(place) });
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
