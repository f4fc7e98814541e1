import { describe, expect, test } from 'vitest';
import type { History } from '../../src/history';
import { loadDriver } from '../../src/history/driver';
import { type Migration, migrations } from '../../src/history/migrations';
import { openToRead, openToWrite } from '../../src/history/open';
import { nodePlatform } from '../../src/platform';
import { record } from './sampleRecords';
import { addRecords, historyIn, home, homeWithHistory, look } from './samples';

describe('migrations', () => {
  const later: Migration[] = [
    ...migrations,
    {
      number: migrations.length + 1,
      statements: 'CREATE TABLE second (id INTEGER PRIMARY KEY) STRICT',
    },
    {
      number: migrations.length + 2,
      statements: `INSERT INTO second SELECT id FROM models;
        ALTER TABLE models ADD COLUMN note TEXT NOT NULL DEFAULT 'none'`,
    },
  ];

  async function placeIn(
    directory: string,
    known: readonly Migration[],
    platform = nodePlatform(),
  ) {
    return { platform, directory, driver: await loadDriver(), known };
  }

  async function at(directory: string, known: readonly Migration[]): Promise<History> {
    return openToWrite(await placeIn(directory, known));
  }

  const versionOf = (directory: string) =>
    look(directory, (connection) => connection.pragma('user_version', { simple: true }));

  test('are numbered from 1 without gaps', () => {
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1));
  });

  test.each(later.map(({ number }) => number))(
    'bring a database of number %i up to date',
    async (number) => {
      const directory = await home();
      const old = await at(directory, later.slice(0, number));
      await addRecords(old, record());
      old.close();
      expect(await versionOf(directory)).toBe(number);

      const reading = await openToRead(await placeIn(directory, later));
      expect(reading.find('digits', 'version', 1)).toEqual(record());
      expect(reading.check({ full: true })).toEqual([]);
      reading.close();
      expect(await versionOf(directory)).toBe(number);

      const current = await at(directory, later);
      expect(current.find('digits', 'version', 1)).toEqual(record());
      await addRecords(current, record({ number: 2 }));
      expect(current.check({ full: true })).toEqual([]);
      current.close();
      await look(directory, (connection) => {
        expect(connection.pragma('user_version', { simple: true })).toBe(later.length);
        expect(connection.prepare('SELECT count(*) AS count FROM second').get()).toEqual({
          count: number === later.length ? 0 : 1,
        });
      });
    },
  );

  test('leave everything as it was when one fails', async () => {
    const directory = await homeWithHistory();
    const broken = [
      ...later,
      { number: later.length + 1, statements: 'INSERT INTO nowhere VALUES (1)' },
    ];
    await expect(at(directory, broken)).rejects.toThrow('nowhere');
    const orphan = `PRAGMA foreign_keys = ON;
      INSERT INTO holdings (sha256, record) VALUES ('${'0'.repeat(64)}', 99)`;
    const dangling = [...later, { number: later.length + 1, statements: orphan }];
    await expect(at(directory, dangling)).rejects.toMatchObject({ code: 'database-damaged' });
    expect(await versionOf(directory)).toBe(migrations.length);
    const history = await historyIn(directory);
    expect(history.check({ full: true })).toEqual([]);
  });

  test('wait for whoever writes', async () => {
    const directory = await homeWithHistory();
    const writer = await historyIn(directory);
    const lock = await writer.lock();
    let opened = false;
    const opening = at(directory, later).then((history) => {
      opened = true;
      history.close();
    });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(opened).toBe(false);
    lock.release();
    await opening;
    expect(await versionOf(directory)).toBe(later.length);
  });
});
