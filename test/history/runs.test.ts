import { describe, expect, test } from 'vitest';
import { newRun, type RunRecord, type SeriesPoints } from '../../src/core/run';
import { record } from './sampleRecords';
import { addRecords, newHistory, write } from './samples';

function run(id: string, more: Partial<RunRecord> = {}): RunRecord {
  return { ...newRun(id, 'cairn', '2026-11-21T10:00:00.000Z'), ...more };
}

/** A series over steps from `first`, one a millisecond. */
function points(name: string, values: readonly number[], first = 0): SeriesPoints {
  const steps = values.map((_, index) => first + index);
  return { name, axis: 'step', steps, values, times: steps.map((step) => 1000 + step) };
}

async function historyWith(...series: SeriesPoints[]) {
  const history = await newHistory();
  await write(history, (writer) => {
    writer.runs.put(run('r1'), 0);
    writer.runs.append('r1', series);
  });
  return history;
}

describe('runs', () => {
  test('are listed newest first, by model and state', async () => {
    const history = await newHistory();
    await write(history, ({ runs }) => {
      runs.put(run('a', { model: 'Digits', state: 'failed' }), 10);
      runs.put(run('b', { model: 'digits', startedAt: '2026-11-22T10:00:00.000Z' }), 20);
      runs.put(run('c', { startedAt: '2026-11-20T10:00:00.000Z' }), 0);
    });
    const ids = (query = {}) => history.runs.list(query).runs.map(({ id }) => id);
    expect(ids()).toEqual(['b', 'a', 'c']);
    expect(ids({ model: 'DIGITS' })).toEqual(['b', 'a']);
    expect(ids({ states: ['failed', 'vanished'] })).toEqual(['a']);
    expect(ids({ limit: 1, offset: 1 })).toEqual(['a']);
    expect(history.runs.list({ limit: 1 }).total).toBe(3);
    expect(history.runs.settled()).toEqual(new Set(['a']));
    expect(history.runs.find('b')).toMatchObject({ taken: 20, deleted: false });
    expect(history.runs.find('none')).toBeNull();
  });

  test('one that was deleted stays known and cannot come back', async () => {
    const history = await historyWith(points('loss', [1, 2]));
    await write(history, ({ runs }) => {
      runs.remove('r1');
      runs.remove('none');
    });
    await write(history, ({ runs }) => runs.put(run('r1', { title: 'again' }), 5));
    expect(history.runs.list({}).runs).toEqual([]);
    expect(history.runs.find('r1')?.deleted).toBe(true);
    expect(history.runs.curves('r1', {})).toEqual([]);
    expect(history.runs.settled()).toEqual(new Set(['r1']));
  });

  test('versions of a run are found, and a rebuild keeps runs', async () => {
    const history = await historyWith(points('loss', [1]));
    await addRecords(history, record({ run: 'r1' }), record({ number: 2 }));
    expect(history.runs.versionsOf('r1').map(({ number }) => number)).toEqual([1]);
    await write(history, (writer) => writer.clear());
    expect(history.runs.versionsOf('r1')).toEqual([]);
    expect(history.runs.curves('r1', {})).toHaveLength(1);
    expect(history.check({ full: true })).toEqual([]);
  });
});

describe('series', () => {
  test('come back as they were, however they came in', async () => {
    const values = Array.from({ length: 3000 }, (_, index) => Math.sin(index));
    const whole = await historyWith(points('loss', values));
    const parts = await historyWith();
    for (const [from, to] of [
      [0, 1],
      [1, 1023],
      [1023, 1024],
      [1024, 3000],
    ] as const) {
      await write(parts, ({ runs }) =>
        runs.append('r1', [points('loss', values.slice(from, to), from)]),
      );
    }
    for (const history of [whole, parts]) {
      const [curve] = history.runs.curves('r1', {});
      expect(curve?.steps).toEqual(values.map((_, index) => index));
      expect(curve?.values).toEqual(values);
      expect(history.runs.series('r1')).toEqual([
        { name: 'loss', axis: 'step', points: 3000, step: 2999, value: values[2999] },
      ]);
    }
  });

  test('keep NaN and infinities', async () => {
    const history = await historyWith(
      points('loss', [1, Number.NaN, -Infinity, Infinity, Number.NaN]),
    );
    expect(history.runs.curves('r1', {})[0]?.values).toEqual([
      1,
      'NaN',
      '-Infinity',
      'Infinity',
      'NaN',
    ]);
    expect(history.runs.series('r1')[0]?.value).toBe('NaN');
  });

  test('are cut by steps, by time and by name', async () => {
    const history = await historyWith(points('loss', [5, 4, 3, 2, 1]), points('acc', [0, 1]));
    const steps = (query: object) => history.runs.curves('r1', query).map((curve) => curve.steps);
    expect(steps({ names: ['loss'], from: 1, to: 3 })).toEqual([[1, 2, 3]]);
    expect(steps({ until: 1001 })).toEqual([
      [0, 1],
      [0, 1],
    ]);
    expect(steps({ names: [] })).toEqual([]);
  });

  test('are laid on the time since the first point of any, as far as times are known', async () => {
    const late = { ...points('loss', [5, 4, 3]), times: [3_500, 4_000, 4_750.25] };
    const unknown = { ...points('lost', [1, 2]), times: [Number.NaN, 2_500] };
    const history = await historyWith(late, points('acc', [0, 1]), unknown);
    const { runs } = history;
    expect(runs.beginning('r1')).toBe(1_000);
    expect(runs.timedCurves('r1', {})).toEqual([
      { name: 'acc', axis: 'time', steps: [0, 0.001], values: [0, 1] },
      { name: 'loss', axis: 'time', steps: [2.5, 3, 3.75], values: [5, 4, 3] },
      { name: 'lost', axis: 'time', steps: [1.5], values: [2] },
    ]);
    const query = { names: ['loss'], from: 2.6, to: 3.1, width: 100 };
    expect(runs.timedCurves('r1', query).map(({ steps }) => steps)).toEqual([[3]]);
    const whole = runs.curves('r1', { withTimes: true, until: 4_100 });
    expect(whole.map(({ also }) => also?.time)).toEqual([
      [1_000, 1_001],
      [3_500, 4_000],
      undefined,
    ]);
    expect([runs.beginning('none'), runs.timedCurves('none', {})]).toEqual([null, []]);
  });

  test.each([200, 1000])('thinned to %i points no extreme is lost', async (width) => {
    const values = Array.from({ length: 60_000 }, (_, index) => Math.cos(index / 500));
    values[12_345] = 99;
    values[54_321] = -99;
    const history = await historyWith(points('loss', values));
    const [all] = history.runs.curves('r1', { width });
    expect(all?.steps.length).toBeLessThanOrEqual(width + 2);
    expect(all?.steps.length).toBeGreaterThan(width / 4);
    expect(all?.values).toContain(99);
    expect(all?.values).toContain(-99);
    expect(all?.steps).toEqual([...(all?.steps ?? [])].sort((a, b) => a - b));
    const [part] = history.runs.curves('r1', { width, from: 12_000, to: 13_000 });
    expect(part?.values).toContain(99);
    expect(part?.steps.every((step) => step >= 12_000 && step <= 13_000)).toBe(true);
  });
});
