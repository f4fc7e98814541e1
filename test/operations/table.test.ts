import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { Project } from '../../src/operations';
import { Sandbox, type Workspace } from './sandbox';

const sandbox = new Sandbox('table');
afterEach(() => sandbox.close());
afterAll(() => rmSync(sandbox.directory, { recursive: true, force: true }));

const fresh = sandbox.once(async () => undefined);
const model = 'digits';

/** A run's journal as training code would write it. */
function training(workspace: Workspace, run: string, values: readonly number[]): void {
  const directory = join(workspace.root, '.git', 'cairn', 'inbox', run);
  mkdirSync(directory, { recursive: true });
  const at = Date.parse('2026-11-21T10:00:00.000Z');
  const own = { pid: process.pid, host: hostname(), root: workspace.root };
  const lines = [
    { kind: 'start', format: 1, at, model, parameters: { lr: 0.5, warm: true }, ...own },
    ...values.map((value, step) => ({ kind: 'log', at, step, values: { val_accuracy: value } })),
  ];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(join(directory, 'journal.jsonl'), text);
}

async function committed(project: Project, lr: number, accuracy: number | 'NaN'): Promise<void> {
  await project.commit({
    ...{ model, message: `rate ${lr}`, allowEmpty: true },
    parameters: { lr, layers: [64, 32], size_10: lr, size_2: lr },
    metrics: { val_accuracy: accuracy },
  });
}

test('versions and runs are one table, read column by column', async () => {
  const workspace = await fresh();
  const project = await workspace.open();
  await committed(project, 0.1, 0.5);
  await committed(project, 0.01, 'NaN');
  training(workspace, '20261121-100000-0a1b2c3d', [0.25, 0.75]);
  await project.takeIn({});
  const table = await project.table({ model });
  expect(table.rows.map(({ title, number }) => [title, number])).toEqual([
    ['v2', 2],
    ['v1', 1],
    ['20261121-100000-0a1b2c3d', null],
  ]);
  expect(table.rows[0]).toMatchObject({ description: 'rate 0.01', creator: { name: 'Ada' } });
  const sizes = table.columns.filter(({ key }) => key.startsWith('size'));
  expect(sizes.map(({ key }) => key)).toEqual(['size_2', 'size_10']);
  const found = new Map(table.columns.map((column) => [column.key, column]));
  expect(found.get('val_accuracy')).toMatchObject({ kind: 'metric', varies: true, count: 3 });
  expect(found.get('lr')).toMatchObject({ kind: 'parameter', numeric: true, varies: true });
  expect(found.get('layers')).toMatchObject({ numeric: false, count: 2 });

  const { edition } = table;
  const columns = [
    { kind: 'metric', key: 'val_accuracy' },
    { kind: 'parameter', key: 'lr' },
    { kind: 'parameter', key: 'layers' },
    { kind: 'parameter', key: 'warm' },
    { kind: 'metric', key: 'none' },
  ] as const;
  const read = await project.tableColumns({ model, edition, columns });
  expect(read?.map(({ at, values }) => [at, values])).toEqual([
    [null, ['NaN', 0.5, 0.75]],
    [null, [0.01, 0.1, 0.5]],
    [
      [0, 1],
      ['[64,32]', '[64,32]'],
    ],
    [[2], ['true']],
    [[], []],
  ]);
  await committed(project, 0.001, 0.9);
  expect(await project.tableColumns({ model, edition, columns })).toBeNull();
  // Another process that was asked nothing yet reads the same.
  const other = await workspace.open();
  const now = await project.table({ model });
  const asked = { model, edition: now.edition, columns: [columns[0]] };
  expect(await other.tableColumns(asked)).toEqual(await project.tableColumns(asked));
});

test('curves of versions and runs are as fine as a chart is wide', async () => {
  const workspace = await fresh();
  const project = await workspace.open();
  const loss = Array.from({ length: 5_000 }, (_, index) =>
    index === 3_333 ? 99 : Math.sin(index),
  );
  const elapsed = loss.map((_, index) => 100 + index / 10);
  workspace.write({ 'history.json': JSON.stringify({ loss, elapsed }) });
  await project.commit({ model, message: 'long', allowEmpty: true, curvesFile: 'history.json' });
  training(workspace, '20261121-100000-0a1b2c3d', [0.25, 0.75]);
  await project.takeIn({});
  const references = ['digits@v1.1', 'digits@v9.1', 'run:20261121-100000-0a1b2c3d', 'run:gone'];
  const ask = { references, series: 'loss', width: 100 };
  const [version, run, ...rest] = await project.chartCurves(ask);
  expect([version?.names, run?.names, run?.curve, rest]).toEqual([
    ['loss'],
    ['val_accuracy'],
    null,
    [],
  ]);
  expect(version?.curve?.steps.length).toBeLessThanOrEqual(102);
  expect(version?.curve?.values).toContain(99);
  const [near] = await project.chartCurves({ ...ask, from: 3_330, to: 3_340 });
  expect(near?.curve?.steps).toHaveLength(11);
  const [, drawn] = await project.chartCurves({ ...ask, series: 'val_accuracy' });
  expect(drawn?.curve?.values).toEqual([0.25, 0.75]);
  expect([drawn?.own, drawn?.axes]).toEqual(['step', ['step', 'time']]);
  // By time, and by epochs, of which nobody knows.
  const timed = { ...ask, axis: 'time', from: 333.3, to: 334 } as const;
  const [seconds] = await project.chartCurves(timed);
  expect(seconds).toMatchObject({ own: 'index', axes: ['time'], curve: { axis: 'time' } });
  expect([seconds?.curve?.steps[0], seconds?.curve?.values[0]]).toEqual([333.3, 99]);
  const [, ofRun] = await project.chartCurves({ ...ask, series: 'val_accuracy', axis: 'time' });
  expect(ofRun?.curve).toMatchObject({ axis: 'time', values: [0.25, 0.75] });
  const [byEpoch] = await project.chartCurves({ ...ask, axis: 'epoch' });
  expect(byEpoch?.curve).toBeNull();
  // They are kept beside the version, and come back when the database is made anew.
  const kept = () => project.curves({ reference: 'digits@v1' });
  const before = await kept();
  expect(before[0]?.also?.time?.[1]).toBe(100_100);
  await project.rebuild({});
  expect(await kept()).toEqual(before);
});
