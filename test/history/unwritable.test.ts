import { execFileSync } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadDriver } from '../../src/history/driver';
import { migrations } from '../../src/history/migrations';
import { copyInMemory, unwritableReason } from '../../src/history/unwritable';
import { nodePlatform, type WriteSeam } from '../../src/platform';
import { record } from './sampleRecords';
import { addRecords, historyIn, home, homeWithHistory, temporaryDirectory } from './samples';

async function versionsIn(directory: string): Promise<number | undefined> {
  const place = { platform: nodePlatform(), directory, driver: await loadDriver() };
  const copy = await copyInMemory({ ...place, known: migrations });
  const found = copy.first<{ versions: number }>('SELECT count(*) AS versions FROM records');
  copy.close();
  return found?.versions;
}

test('a database that was closed well is read from its bytes', async () => {
  const directory = await homeWithHistory();
  expect(await versionsIn(directory)).toBe(1);
  expect((await readdir(directory)).sort()).toEqual(['history.db', 'lock.db']);
});

test('what only the write-ahead log holds is read too', async () => {
  const directory = await home();
  const history = await historyIn(directory);
  await addRecords(history, record(), record({ number: 2 }));
  const left = await temporaryDirectory();
  await mkdir(join(left, 'cairn'));
  // By another process: to close a file of a database that is open here would free its locks.
  const files = ['history.db', 'history.db-wal'].map((name) => join(directory, name));
  execFileSync('cp', [...files, join(left, 'cairn')]);
  expect(await versionsIn(join(left, 'cairn'))).toBe(2);
  expect((await readdir(join(left, 'cairn'))).sort()).toEqual(['history.db', 'history.db-wal']);
});

function refusing(code: string): WriteSeam {
  const error = Object.assign(new Error(code), { code });
  return { before: ({ kind }) => (kind === 'disk.create' ? { error } : null) };
}

test('a place is unwritable when the system says so, or when the disk is full', async () => {
  const directory = await temporaryDirectory();
  const reasonOf = (code: string) =>
    unwritableReason(nodePlatform({ seam: refusing(code) }), directory);
  expect(await reasonOf('EROFS')).toMatchObject({ data: { path: directory, errno: 'EROFS' } });
  expect(await reasonOf('EACCES')).toMatchObject({ data: { errno: 'EACCES' } });
  expect(await reasonOf('ENOSPC')).toMatchObject({ data: { errno: 'ENOSPC' } });
  expect(await reasonOf('EIO')).toBeNull();
  expect(await unwritableReason(nodePlatform(), directory)).toBeNull();
  expect(await readdir(directory)).toEqual([]);
});
