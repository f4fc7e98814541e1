import { describe, expect, test } from 'vitest';
import { parseFilter } from '../../src/core/filter';
import type { JsonNumber } from '../../src/core/version';
import type { History, VersionQuery } from '../../src/history';
import { loadDriver } from '../../src/history/driver';
import { overviewSql } from '../../src/history/models';
import { listing } from '../../src/history/versionListing';
import { anna, bert, record } from './sampleRecords';
import { addRecords, newHistory, write } from './samples';

function numbers(history: History, query: VersionQuery): number[] {
  return history.versions(query).records.map(({ number }) => number);
}

const mark = { at: '2026-11-21T12:00:00.000Z', by: bert, reason: '' };

describe('a listing', () => {
  test('is of living versions, newest first, page by page', async () => {
    const history = await newHistory();
    await addRecords(
      history,
      ...[1, 2, 3, 4, 5].map((number) => record({ number })),
      record({ kind: 'backup', number: 1 }),
      record({ model: 'letters', number: 1, createdAt: '2026-11-21T10:03:30.000Z' }),
    );
    await write(history, (writer) => writer.setWithdrawn('digits@v4', mark));
    expect(history.versions({ model: 'Digits', limit: 2 })).toMatchObject({
      total: 4,
      records: [{ number: 5 }, { number: 3 }],
    });
    expect(history.versions({ model: 'digits', limit: 2, offset: 3 })).toMatchObject({
      total: 4,
      records: [{ number: 1 }],
    });
    expect(history.versions({ model: 'digits', limit: 2, offset: 9 })).toEqual({
      total: 4,
      records: [],
    });
    expect(history.versions({ limit: 0 })).toEqual({ total: 5, records: [] });
    expect(numbers(history, { model: 'digits', withdrawn: true })).toEqual([5, 4, 3, 2, 1]);
    expect(history.versions({}).records.map(({ model, number }) => [model, number])).toEqual([
      ['digits', 5],
      ['letters', 1],
      ['digits', 3],
      ['digits', 2],
      ['digits', 1],
    ]);
    expect(numbers(history, { kind: 'backup' })).toEqual([1]);
    expect(history.versions({ kind: 'any' }).total).toBe(6);
    expect(history.versions({ model: 'words' })).toEqual({ total: 0, records: [] });
  });

  test('is sorted by what is asked for, with nothing, NaN and stale values last', async () => {
    const history = await newHistory();
    const metric = (number: number, f1: JsonNumber | null, stale = false) =>
      record({
        number,
        label: number === 2 ? null : `${'zyx'[number % 3]}`.repeat(number),
        description: `${['b', 'A', 'c'][number % 3]}${number}`,
        creator: number % 2 ? bert : anna,
        metrics: f1 === null ? {} : { f1 },
        parameters: {
          lr: number === 1 ? 'auto' : number / 10,
          depth: f1 === null ? 1 : 9 - number,
        },
        ...(stale ? { metricOrigins: { f1: { path: 'm.json', stale: true } } } : {}),
      });
    await addRecords(
      history,
      metric(1, 0.5),
      metric(2, 'NaN'),
      metric(3, 0.9),
      metric(4, null),
      metric(5, 0.99, true),
      metric(6, 'Infinity'),
      metric(7, 0.5),
    );
    const sorted = (key: string, order: 'ascending' | 'descending') =>
      numbers(history, { model: 'digits', sort: { key, order } });
    expect(sorted('f1', 'descending')).toEqual([6, 3, 7, 1, 5, 4, 2]);
    expect(sorted('metric:f1', 'descending')).toEqual([6, 3, 7, 1, 5, 4, 2]);
    expect(sorted('metric:f1', 'ascending')).toEqual([7, 1, 3, 6, 5, 4, 2]);
    expect(sorted('parameter:lr', 'ascending')).toEqual([2, 3, 4, 5, 6, 7, 1]);
    expect(sorted('lr', 'descending')).toEqual([1, 7, 6, 5, 4, 3, 2]);
    expect(sorted('number', 'ascending')).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(sorted('createdAt', 'ascending')).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(sorted('label', 'ascending')).toEqual([5, 1, 4, 7, 3, 6, 2]);
    expect(sorted('label', 'descending')).toEqual([6, 3, 7, 4, 1, 5, 2]);
    expect(sorted('description', 'ascending')).toEqual([1, 4, 7, 3, 6, 2, 5]);
    expect(sorted('creator', 'descending')).toEqual([7, 5, 3, 1, 6, 4, 2]);
    expect(sorted('nothing', 'ascending')).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });

  test('falls back from a metric to the parameter of that name, version by version', async () => {
    const history = await newHistory();
    await addRecords(
      history,
      record({ number: 1, metrics: { loss: 0.3 }, parameters: { loss: 'mse' } }),
      record({ number: 2, metrics: {}, parameters: { loss: 0.1 } }),
      record({ number: 3, metrics: { loss: 'NaN' }, parameters: { loss: 0.2 } }),
    );
    const sort = { key: 'loss', order: 'ascending' } as const;
    expect(numbers(history, { model: 'digits', sort })).toEqual([2, 1, 3]);
    const where = (text: string) => numbers(history, { model: 'digits', where: parseFilter(text) });
    expect(where('loss < 1')).toEqual([2, 1]);
    expect(where('loss = mse')).toEqual([]);
    expect(where('parameter:loss = mse')).toEqual([1]);
    expect(where('metric:loss < 1')).toEqual([1]);
    expect(where('metric:loss = NaN')).toEqual([3]);
    expect(where('metric:loss != NaN')).toEqual([1]);
  });

  test('finds every word, ignoring case, in all that names a version', async () => {
    const history = await newHistory();
    await addRecords(
      history,
      record({ number: 1, description: 'Größere ERNTE 100%_done', label: 'Base-line' }),
      record({ number: 2, creator: bert, parameters: { 'sched.Gamma': 1 }, metrics: { mAP: 1 } }),
      record({ number: 3, kind: 'backup', description: 'ernte' }),
    );
    const found = (text: string) => numbers(history, { kind: 'any', text });
    expect(found('ernte')).toEqual([3, 1]);
    expect(found('GRÖSSERE')).toEqual([]);
    expect(found('größere BASE')).toEqual([1]);
    expect(found('gro\u0308ße')).toEqual([1]);
    expect(found('b3')).toEqual([3]);
    expect(found('v2')).toEqual([2]);
    expect(found('gamma')).toEqual([2]);
    expect(found('map bert@example')).toEqual([2]);
    expect(found('0%_d')).toEqual([1]);
    expect(found('a"\'; DROP TABLE versions --')).toEqual([]);
    expect(found('  ')).toEqual([3, 2, 1]);
    expect(history.versions({ kind: 'any', text: 'ernte', limit: 1 }).total).toBe(2);
  });
});

describe('the plan of a query', () => {
  const lookup = () => 1;
  const names = () => [1];
  const scans = async (sql: string, values: readonly unknown[]): Promise<string[]> => {
    const history = await newHistory();
    const driver = await loadDriver();
    const connection = new driver(history.path, { readonly: true });
    connection.function('fold', { deterministic: true }, (text) => text);
    const plan = connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values) as {
      detail: string;
    }[];
    connection.close();
    return plan.map(({ detail }) => detail);
  };
  const where = parseFilter(
    'f1 > 0.9 and lr <= 0.001 and metric:loss < 1 and parameter:opt = adam',
  );
  const model = 'digits';

  test.each<[string, VersionQuery]>([
    ['a page', { model, limit: 50 }],
    ['a page of all models', { limit: 50 }],
    ['the best', { model, limit: 1, sort: { key: 'metric:f1', order: 'descending' } }],
    ['sorted by any value', { model, sort: { key: 'f1', order: 'ascending' } }],
    ['sorted by a parameter', { model, sort: { key: 'parameter:lr', order: 'ascending' } }],
    ['filtered', { model, where }],
    ['searched', { model, text: 'adam' }],
    ['everything at once', { where, text: 'x', sort: { key: 'f1', order: 'ascending' } }],
  ])('(%s) reads no table from end to end', async (_, query) => {
    const { rows, count } = listing(query, lookup, names);
    for (const { sql, values } of [rows, count]) {
      const plan = await scans(sql, values);
      expect(plan.filter((step) => /^SCAN (?!json_each)/.test(step))).toEqual([]);
      expect(plan.join('\n')).toMatch(/SEARCH v USING (COVERING )?INDEX versions_/);
    }
  });

  test('of a page needs no sorting', async () => {
    for (const query of [{ model, limit: 50 }, { limit: 50 }]) {
      const { rows } = listing(query, lookup, names);
      expect((await scans(rows.sql, rows.values)).join('\n')).not.toMatch(/TEMP B-TREE FOR ORDER/);
    }
  });

  test('of a condition asks the index by value', async () => {
    const { rows } = listing({ model, where }, lookup, names);
    const plan = (await scans(rows.sql, rows.values)).join('\n');
    expect(plan).toMatch(/COVERING INDEX metrics_by_value \(name=\? AND value>\?\)/);
    expect(plan).toMatch(/COVERING INDEX parameters_by_value \(name=\? AND value=\?\)/);
  });

  test('of the models reads nothing but them and an index', async () => {
    const plan = await scans(overviewSql, []);
    expect(plan.filter((step) => step.startsWith('SCAN'))).toEqual(['SCAN m']);
    expect(plan.filter((step) => step.includes('SEARCH v USING INDEX'))).toHaveLength(1);
    expect(plan.filter((step) => step.includes('SEARCH v USING COVERING INDEX'))).toHaveLength(3);
  });
});
