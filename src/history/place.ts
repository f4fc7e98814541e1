import { join } from 'node:path';
import type { Platform, WriteSeam } from '../platform';
import { asDatabase, busyMilliseconds } from './databaseFailure';
import { DatabaseFile } from './databaseFile';
import { type Connection, configure, type Driver } from './driver';
import type { Migration } from './migrations';
import { WriterLockFile } from './writerLock';

export const databaseName = 'history.db';
export const lockName = 'lock.db';

/** Where a history is opened, and by what; `known` differs in tests of migrations only. */
export interface Place {
  readonly platform: Platform;
  readonly directory: string;
  readonly driver: Driver;
  readonly known: readonly Migration[];
}

/** Opens `history.db`, which is made when it is not there and may be. */
export function connect(place: Place, options: { readonly readOnly: boolean }): DatabaseFile {
  const path = join(place.directory, databaseName);
  return asDatabase(path, () => {
    const connection = new place.driver(path, {
      readonly: options.readOnly,
      fileMustExist: options.readOnly,
      timeout: busyMilliseconds,
    });
    return databaseOn(path, connection, place.platform.seam);
  });
}

/** Sets a connection up; it is given back when it cannot be set up, as with a file that is no database. */
export function databaseOn(path: string, connection: Connection, seam: WriteSeam): DatabaseFile {
  try {
    return new DatabaseFile(path, configure(connection), seam);
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Opens `lock.db`, which is made when it is not there. */
export function lockFileIn({ platform, directory, driver }: Place): WriterLockFile {
  const path = join(directory, lockName);
  const connection = asDatabase(path, () => new driver(path, { timeout: 0 }));
  return new WriterLockFile(path, connection, platform.clock, platform.random);
}

/** Runs `work` as the only writer. @throws Failure `lock-held` */
export async function alone(
  place: Place,
  work: () => void | Promise<void>,
  milliseconds?: number,
): Promise<void> {
  const lockFile = lockFileIn(place);
  try {
    await lockFile.acquire(milliseconds);
    await work();
  } finally {
    lockFile.close();
  }
}
