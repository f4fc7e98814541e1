import { delimiter } from 'node:path';
import { expect, test } from 'vitest';
import { runIn } from '../../src/core/metricsTable';
import { liveRuns, standing } from '../../src/extension/panels/metricsView';
import { runDetailRows, runRow } from '../../src/extension/runs/runRows';
import { runningText } from '../../src/extension/runs/runStatus';
import { withModule } from '../../src/extension/runs/searchPath';
import type { ModelOverview, RunSummary } from '../../src/operations/project';

const now = Date.parse('2026-11-21T12:00:00.000Z');
const primary = { metric: 'val_accuracy', better: 'higher' } as const;
const model: ModelOverview = {
  ...{ name: 'digits', primary, versions: 7, next: 8, backups: 0, current: 'digits@v7.1' },
  ...{ currentRecord: null, best: null, lastGood: null },
};

function run(more: Partial<RunSummary> = {}): RunSummary {
  return {
    ...{ id: '20261121-110000-0a1b2c3d', source: 'cairn', model: 'digits', title: null },
    ...{ state: 'running', startedAt: '2026-11-21T11:15:00.000Z', endedAt: null, step: 120 },
    ...{ parameters: { lr: 0.1 }, metrics: { loss: 0.25, val_accuracy: 0.93 }, commit: null },
    tags: {},
    ...{ exitCode: null, changed: [], origin: null, versions: [], error: null },
    ...more,
  };
}

test('a run that goes on tells its step, what is measured, and how long', () => {
  const row = runRow(run(), primary, now);
  expect(row.label).toBe('digits');
  expect(row.description).toBe('step 120 · val_accuracy 0.93 · loss 0.25 · 45 min');
  expect(row.context).toBe('run.running');
  expect(row.spoken).toContain('running');
  expect(runRow(run({ source: 'tensorboard' }), primary, now).context).toBe('run.followed');
});

test('one that is over says how it ended, and what came of it', () => {
  const ended: Partial<RunSummary> = {
    ...{ state: 'failed', endedAt: '2026-11-21T11:15:42.000Z', error: 'ValueError: no' },
    ...{ title: 'wider', versions: ['digits@v3.1'], step: null, metrics: {} },
  };
  const row = runRow(run(ended), primary, now);
  expect(row.description).toBe('failed · 42 s · 45 min ago · v3');
  expect(row.tooltip).toContain('ValueError: no');
  expect(runDetailRows(run(ended)).map(({ label }) => label)).toEqual(['Error', 'lr']);
});

test('the status bar compares with the current version at the same step', () => {
  const curve = {
    name: 'val_accuracy',
    axis: 'step',
    steps: [119, 120],
    values: [0.9, 0.912],
  } as const;
  expect(runningText(run(), model, [curve])).toBe(
    'digits step 120 · val_accuracy 0.93 (v7: 0.912)',
  );
  expect(runningText(run({ step: 5 }), model, [curve])).toBe('digits step 5 · val_accuracy 0.93');
  expect(runningText(run({ metrics: {} }), null, [])).toBe('digits step 120');
});

test('the Metrics panel is told of runs that go on, and of those that came or ended', () => {
  const [live] = liveRuns([run({ metrics: { loss: 0.5 } })]);
  expect(live?.metrics).toEqual([{ key: 'loss', value: 0.5 }]);
  expect(runIn(live?.reference ?? '')).toBe(run().id);
  expect(runIn('digits@v3')).toBeNull();
  expect(standing([run({ step: 1 })])).toBe(standing([run({ step: 2 })]));
  expect(standing([run()])).not.toBe(standing([run({ state: 'finished' })]));
});

test('the module is found behind the modules of the person, and the working directory is not added', () => {
  expect(withModule(undefined, '/ext/python')).toBe('/ext/python');
  const own = ['', '/mine', '/ext/python', ''].join(delimiter);
  expect(withModule(own, '/ext/python')).toBe(['/mine', '/ext/python'].join(delimiter));
});

test('an imported run tells its tags and that its commit is guessed', () => {
  const imported = run({
    ...{ tags: { 'registered model': 'digits v3 @champion' }, origin: 'mlruns: 0/abc' },
    commit: { oid: '0123456789abcdef0123456789abcdef01234567', guessed: true },
  });
  const rows = runDetailRows(imported).map(({ label, description }) => [label, description]);
  expect(rows.slice(-3)).toEqual([
    ['registered model', 'digits v3 @champion'],
    ['Commit', '01234567, guessed by its time'],
    ['From', 'mlruns: 0/abc'],
  ]);
});
