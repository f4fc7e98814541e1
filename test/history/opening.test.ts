import { mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { historyExists, openHistory, setHistoryAside } from '../../src/history';
import { loadDriver } from '../../src/history/driver';
import { applicationId, migrations } from '../../src/history/migrations';
import { nodePlatform } from '../../src/platform';
import { openFilesBelow } from '../platform/openFiles';
import { record } from './sampleRecords';
import {
  addRecords,
  historyIn,
  home,
  homeWithHistory,
  look,
  temporaryDirectory,
  write,
} from './samples';

describe('opening', () => {
  test('makes a database where there is none, and says whose it is', async () => {
    const directory = await home();
    const platform = nodePlatform();
    expect(await historyExists(platform, directory)).toBe(false);
    const history = await historyIn(directory);
    expect(history.path).toBe(join(directory, 'history.db'));
    expect(history.models()).toEqual([]);
    expect(history.check({ full: true })).toEqual([]);
    history.close();
    expect(await historyExists(platform, directory)).toBe(true);
    expect((await readdir(directory)).sort()).toEqual(['history.db', 'lock.db']);
    await look(directory, (connection) => {
      expect(connection.pragma('application_id', { simple: true })).toBe(applicationId);
      expect(connection.pragma('user_version', { simple: true })).toBe(migrations.length);
      expect(connection.pragma('journal_mode', { simple: true })).toBe('wal');
    });
    // What the file(1) command and other programs go by.
    const bytes = await readFile(join(directory, 'history.db'));
    expect(bytes.subarray(68, 72).toString('latin1')).toBe('Carn');
  });

  test('to read only makes nothing, and cannot write', async () => {
    const directory = await home();
    const platform = nodePlatform();
    const opening = openHistory(platform, directory, { readOnly: true });
    await expect(opening).rejects.toMatchObject({ code: 'not-a-project', data: { directory } });
    await expect(stat(directory)).rejects.toMatchObject({ code: 'ENOENT' });

    const writing = await historyIn(directory);
    await addRecords(writing, record());
    const reading = await historyIn(directory, { readOnly: true });
    expect(reading.find('digits', 'version', 1)).toEqual(record());
    await expect(reading.lock()).rejects.toThrow('only read');
    expect(() => reading.transaction(() => 1)).toThrow('needs the lock');
    await addRecords(writing, record({ number: 2 }));
    expect(reading.versions({}).total).toBe(2);
  });

  test('takes an empty file for one whose making was cut short', async () => {
    const directory = await home();
    await mkdir(directory);
    await writeFile(join(directory, 'history.db'), '');
    expect(await historyExists(nodePlatform(), directory)).toBe(false);
    await expect(openHistory(nodePlatform(), directory, { readOnly: true })).rejects.toMatchObject({
      code: 'not-a-project',
    });
    const history = await historyIn(directory);
    await addRecords(history, record());
    expect(history.versions({}).total).toBe(1);
  });

  test.each(['write', 'read'])('refuses what a newer Cairn wrote, to %s', async (how) => {
    const directory = await homeWithHistory();
    await look(directory, (connection) => connection.pragma('user_version = 77'));
    const opening = openHistory(nodePlatform(), directory, { readOnly: how === 'read' });
    await expect(opening).rejects.toMatchObject({
      code: 'database-newer',
      data: { found: 77, supported: migrations.length, path: join(directory, 'history.db') },
    });
  });

  test.each(['write', 'read'])('names what is damaged, to %s', async (how) => {
    const options = { readOnly: how === 'read' };
    const damaged = async (directory: string) =>
      expect(openHistory(nodePlatform(), directory, options)).rejects.toMatchObject({
        code: 'database-damaged',
        data: { path: join(directory, 'history.db') },
      });

    const noise = await homeWithHistory();
    await writeFile(join(noise, 'history.db'), 'not a database '.repeat(1000));
    await damaged(noise);

    const cut = await homeWithHistory();
    const { size } = await stat(join(cut, 'history.db'));
    await truncate(join(cut, 'history.db'), Math.floor(size / 2));
    await damaged(cut);

    const foreign = await home();
    await mkdir(foreign);
    await look(foreign, (connection) => connection.exec('CREATE TABLE notes (text)'));
    await damaged(foreign);
  });

  test('tells a runtime that cannot load the driver', async () => {
    const old = { ...process.versions, node: '20.20.2', napi: '9' };
    await expect(loadDriver(old)).rejects.toMatchObject({
      code: 'runtime-too-old',
      data: { found: 'Node 20.20.2 with Node-API 9' },
    });
    await expect(loadDriver(process.versions)).resolves.toBeTypeOf('function');
  });

  test('is the same to two that do it at once', async () => {
    const directory = await home();
    const opened = await Promise.all([1, 2, 3].map(() => historyIn(directory)));
    await Promise.all(
      opened.map((history, index) => addRecords(history, record({ number: index + 1 }))),
    );
    for (const history of opened) expect(history.versions({}).total).toBe(3);
  });
});

describe('a history set aside', () => {
  test('makes room for a new one, and is kept', async () => {
    const directory = await homeWithHistory();
    await writeFile(join(directory, 'history.db'), 'damaged'.repeat(1000));
    await writeFile(join(directory, 'history.db-wal'), 'wal');
    const aside = await setHistoryAside(nodePlatform(), directory);
    expect(aside).toMatch(/[/\\]damaged-\d{8}T\d{6}Z-[0-9a-f]{4}\.db$/);
    expect(await readFile(aside as string, 'utf8')).toContain('damaged');
    expect(await readFile(`${aside}-wal`, 'utf8')).toBe('wal');
    const history = await historyIn(directory);
    expect(history.check()).toEqual([]);
    expect(history.models()).toEqual([]);
  });

  test('waits for whoever writes, and gets past a damaged lock', async () => {
    const directory = await homeWithHistory();
    const holder = await historyIn(directory);
    const lock = await holder.lock();
    const aside = setHistoryAside(nodePlatform(), directory);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await readdir(directory)).toContain('history.db');
    lock.release();
    holder.close();
    await aside;
    expect(await readdir(directory)).not.toContain('history.db');

    await writeFile(join(directory, 'lock.db'), 'no database'.repeat(1000));
    expect(await setHistoryAside(nodePlatform(), directory)).toBeNull();
    expect((await historyIn(directory)).models()).toEqual([]);
  });
});

test('a backup is whole, and never written over something', async () => {
  const directory = await homeWithHistory();
  const history = await historyIn(directory);
  const copy = join(await temporaryDirectory(), 'history.db');
  await history.backupTo(copy);
  await addRecords(history, record({ number: 2 }));
  await expect(history.backupTo(copy)).rejects.toMatchObject({ code: 'path-occupied' });
  const restored = await historyIn(join(copy, '..'));
  expect(restored.find('digits', 'version', 1)).toEqual(record());
  expect(restored.versions({}).total).toBe(1);
});

test('no database is ever opened through the file system', async () => {
  const opened: string[] = [];
  const platform = nodePlatform();
  const spied = ['openRead', 'readSmall', 'create', 'writeWhole', 'copy'] as const;
  const disk = { ...platform.disk };
  for (const name of spied) {
    Object.assign(disk, {
      [name]: (path: string, ...rest: never[]) => {
        opened.push(path);
        return (platform.disk[name] as (...all: unknown[]) => unknown)(path, ...rest);
      },
    });
  }
  const watched = { ...platform, disk };
  const directory = await home();
  const history = await historyIn(directory, { platform: watched });
  await addRecords(history, record());
  await historyExists(watched, directory);
  await history.backupTo(join(directory, 'copy.db'));
  history.check({ full: true });
  const reading = await historyIn(directory, { platform: watched, readOnly: true });
  reading.close();
  history.close();
  await setHistoryAside(watched, directory);
  expect(opened.filter((path) => path.startsWith(directory))).toEqual([]);
});

test.runIf(process.platform === 'linux')('closing gives every file back', async () => {
  const directory = await home();
  const history = await historyIn(directory);
  const lock = await history.lock();
  expect(openFilesBelow(directory).length).toBeGreaterThan(1);
  history.close();
  lock.release();
  expect(openFilesBelow(directory)).toEqual([]);
  await writeFile(join(directory, 'history.db'), 'x'.repeat(5000));
  await expect(openHistory(nodePlatform(), directory)).rejects.toThrow();
  expect(openFilesBelow(directory)).toEqual([]);
  await write(await historyIn(await home()), () => 1);
});
