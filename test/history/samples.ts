import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { VersionRecord } from '../../src/core/version';
import { type History, type HistoryWriter, openHistory } from '../../src/history';
import { type Connection, loadDriver } from '../../src/history/driver';
import { nodePlatform, type Platform, type WriteSeam } from '../../src/platform';
import { record } from './sampleRecords';

/** In memory where the system has such a place: a commit's sync costs nothing there. */
const place = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A directory that is gone after the test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(place, 'cairn-history-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A history that is closed after the test. */
export async function historyIn(
  directory: string,
  options: { readOnly?: boolean; seam?: WriteSeam; platform?: Platform } = {},
): Promise<History> {
  const platform = options.platform ?? nodePlatform(options.seam ? { seam: options.seam } : {});
  const history = await openHistory(platform, directory, { readOnly: options.readOnly === true });
  let open = true;
  const close = history.close.bind(history);
  history.close = () => {
    if (open) close();
    open = false;
  };
  onTestFinished(() => history.close());
  return history;
}

export async function newHistory(): Promise<History> {
  return historyIn(await home());
}

/** One transaction under the lock. */
export async function write<T>(history: History, work: (writer: HistoryWriter) => T): Promise<T> {
  const lock = await history.lock();
  try {
    return history.transaction(work);
  } finally {
    lock.release();
  }
}

/** Adds records without curves, in one transaction. */
export function addRecords(history: History, ...records: VersionRecord[]): Promise<void> {
  return write(history, (writer) => {
    for (const each of records) writer.addRecord({ record: each, curves: [] });
  });
}

/** Another program's look at the file. */
export async function look<T>(directory: string, work: (connection: Connection) => T): Promise<T> {
  const driver = await loadDriver();
  const connection = new driver(join(directory, 'history.db'));
  try {
    return work(connection);
  } finally {
    connection.close();
  }
}

/** Where a history may be made. */
export async function home(): Promise<string> {
  return join(await temporaryDirectory(), 'cairn');
}

/** With version 1 of `digits`. */
export async function homeWithHistory(): Promise<string> {
  const directory = await home();
  const history = await historyIn(directory);
  await addRecords(history, record());
  history.close();
  return directory;
}
