import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { logRoot } from '../../src/core/operation';
import { type Connection, loadDriver } from '../../src/history/driver';
import { digestOf, draft, record } from './sampleRecords';
import { historyIn, temporaryDirectory, write } from './samples';

async function filled(): Promise<string> {
  const directory = join(await temporaryDirectory(), 'cairn');
  const history = await historyIn(directory);
  await write(history, (writer) => {
    for (const number of [1, 2, 3]) {
      writer.addRecord({
        record: record({ number, label: `l${number}`, metrics: { f1: number / 10, loss: 'NaN' } }),
        curves: [{ name: 'loss', axis: 'epoch', steps: [0, 1], values: [1, number] }],
      });
      writer.appendOperation(draft({ version: `digits@v${number}.1` }));
    }
    writer.setWithdrawn('digits@v2', {
      at: '2026-11-21T12:00:00.000Z',
      by: record().creator,
      reason: '',
    });
  });
  history.close();
  return directory;
}

/** Somebody with a SQLite of their own. */
async function tamper(directory: string, work: (connection: Connection) => void): Promise<void> {
  const driver = await loadDriver();
  const connection = new driver(join(directory, 'history.db'));
  connection.function('fold', { deterministic: true }, (text) => text);
  try {
    work(connection);
  } finally {
    connection.close();
  }
}

async function problemsAfter(work: (connection: Connection) => void): Promise<string[]> {
  const directory = await filled();
  await tamper(directory, work);
  const history = await historyIn(directory, { readOnly: true });
  const found = history.check({ full: true }).map(({ code, what }) => `${code}: ${what}`);
  history.close();
  return found;
}

const withoutTriggers =
  (...statements: string[]) =>
  (connection: Connection) => {
    const triggers = connection
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'trigger'`)
      .pluck()
      .all();
    for (const name of triggers) connection.exec(`DROP TRIGGER ${name}`);
    for (const statement of statements) connection.exec(statement);
  };

describe('the database itself', () => {
  test.each([
    [`UPDATE operations SET text = '{}' WHERE id = 2`, 'append-only'],
    ['DELETE FROM operations', 'append-only'],
    ['INSERT OR REPLACE INTO operations SELECT * FROM operations WHERE id = 1', 'only at its end'],
    [
      `INSERT INTO operations VALUES (4, '${logRoot}', '${logRoot}', '{}')`,
      'grows only at its end',
    ],
    [
      `INSERT INTO operations SELECT 5, sha256, sha256, '{}' FROM operations WHERE id = 3`,
      'grows only at its end',
    ],
    [`UPDATE records SET text = '{}'`, 'never changes'],
    ['UPDATE records SET curves = NULL', 'never changes'],
    ['DELETE FROM records', 'never deleted'],
    [`UPDATE records SET withdrawn = 'yes'`, 'CHECK constraint'],
    [`INSERT INTO models (name) VALUES ('DIGITS')`, 'UNIQUE constraint'],
    ['INSERT INTO holdings SELECT sha256, 99 FROM holdings', 'FOREIGN KEY constraint'],
    [`UPDATE versions SET shown = 7`, 'FOREIGN KEY constraint'],
    [`UPDATE versions SET number = 'one'`, 'cannot store TEXT'],
  ])('refuses %s', async (statement, why) => {
    const directory = await filled();
    await tamper(directory, (connection) => {
      expect(() => connection.exec(statement)).toThrow(why);
    });
    const history = await historyIn(directory);
    expect(history.check({ full: true })).toEqual([]);
  });
});

describe('the check', () => {
  test('finds nothing in a sound one', async () => {
    expect(await problemsAfter(() => undefined)).toEqual([]);
  });

  test.each<[string, string[], string[]]>([
    [
      'an edited entry of the log',
      [`UPDATE operations SET text = replace(text, 'digits@v2.1', 'digits@v9.1') WHERE id = 2`],
      ['log-broken: entry 2 of the log does not match its digest'],
    ],
    [
      'an entry taken out',
      ['DELETE FROM operations WHERE id = 2'],
      [
        'log-broken: entries 2 to 2 of the log are gone',
        'log-broken: entry 3 of the log does not follow the one before it',
      ],
    ],
    [
      'an edited record',
      [`UPDATE records SET text = replace(text, '"f1":0.3', '"f1":0.9')`],
      ['record-disagrees: metrics or parameters of digits@v3 are not those of its record'],
    ],
    [
      'a record of another version',
      ['UPDATE records SET text = (SELECT text FROM records WHERE id = 1) WHERE id = 3'],
      [
        'record-disagrees: the record of digits@v3.1 is that of another version',
        'record-disagrees: the artifacts noted for digits@v3.1 are not those of its record',
        'record-disagrees: what is listed for digits@v3 is not what its record says',
        'record-disagrees: metrics or parameters of digits@v3 are not those of its record',
      ],
    ],
    [
      'a record with spaces',
      [`UPDATE records SET text = ' ' || text WHERE id = 1`],
      ['record-disagrees: the record of digits@v1.1 is not written as it was entered'],
    ],
    [
      'a record that is no JSON',
      [
        'PRAGMA ignore_check_constraints = ON',
        'DROP INDEX records_of_run',
        `UPDATE records SET text = 'x' WHERE id = 1`,
      ],
      ['record-disagrees: the record of digits@v1.1 is not JSON'],
    ],
    [
      'a version that is withdrawn and listed',
      ['UPDATE versions SET withdrawn = 0 WHERE id = 2'],
      ['record-disagrees: what is listed for digits@v2 is not what its record says'],
    ],
    [
      'a metric that was made better',
      [`UPDATE metrics SET value = 0.99 WHERE version = 3 AND value > 0`],
      ['record-disagrees: metrics or parameters of digits@v3 are not those of its record'],
    ],
    [
      'a parameter of another type',
      [`UPDATE parameters SET value = '0.001' WHERE version = 3 AND value = 0.001`],
      ['record-disagrees: metrics or parameters of digits@v3 are not those of its record'],
    ],
    [
      'an artifact that nobody seems to hold',
      [`DELETE FROM holdings WHERE sha256 = '${digestOf('weights 1')}'`],
      ['record-disagrees: the artifacts noted for digits@v1.1 are not those of its record'],
    ],
    [
      'a label that two versions have',
      [
        `UPDATE records SET text = replace(text, '"label":"l3"', '"label":"l1"')`,
        `UPDATE versions SET label = 'l1' WHERE id = 3`,
      ],
      [
        'record-disagrees: another version has the label of digits@v1',
        'record-disagrees: another version has the label of digits@v3',
      ],
    ],
    [
      'curves that were smoothed',
      [`UPDATE curve_sets SET curves = zeroblob(length(curves)) WHERE id = 3`],
      ['curves-damaged: the curves of digits@v3.1 do not match their digest'],
    ],
    [
      'a reference to nothing',
      ['PRAGMA foreign_keys = OFF', "INSERT INTO current_versions VALUES ('main', 1, 77)"],
      [
        'foreign-key-broken: row ? of "current_versions" refers to a row of "records" that is not there',
      ],
    ],
  ])('names %s', async (_, statements, problems) => {
    expect(await problemsAfter(withoutTriggers(...statements))).toEqual(problems);
  });

  test('names damaged curves where they are read', async () => {
    const directory = await filled();
    await tamper(directory, (connection) => {
      connection.exec('UPDATE curve_sets SET curves = zeroblob(20)');
    });
    const history = await historyIn(directory);
    expect(() => history.curves('digits', 1, 1)).toThrow(
      expect.objectContaining({ code: 'database-damaged' }),
    );
  });

  test('goes on after torn pages, and names them', async () => {
    const directory = await filled();
    const pages: number[] = [];
    await tamper(directory, (connection) => {
      const sql = `SELECT rootpage FROM sqlite_schema WHERE name IN ('records', 'metrics')`;
      pages.push(...(connection.prepare(sql).pluck().all() as number[]));
    });
    const file = await open(join(directory, 'history.db'), 'r+');
    for (const page of pages)
      await file.write(Buffer.alloc(4096, 0x5a), 0, 4096, (page - 1) * 4096);
    await file.close();
    const history = await historyIn(directory, { readOnly: true });
    const found = history.check();
    expect(found.length).toBeGreaterThan(1);
    expect(new Set(found.map(({ code }) => code))).toEqual(new Set(['database-damaged']));
  });
});
