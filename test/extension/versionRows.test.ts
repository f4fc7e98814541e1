import { expect, test } from 'vitest';
import {
  codeRows,
  environmentRows,
  fileRows,
  metricRows,
  parameterRows,
  workingRows,
} from '../../src/extension/tree/versionDetails';
import { rowOf, type VersionNode } from '../../src/extension/tree/versionNodes';
import { versionTooltip } from '../../src/extension/tree/versionTooltip';
import { changedWeights, firstRecord, overview, record, status } from './records';

const now = Date.parse('2026-11-21T10:00:00.000Z');

function node(over: Partial<VersionNode> = {}): VersionNode {
  return { kind: 'version', record: record(), parent: firstRecord(), model: overview(), ...over };
}

test('a version says its number, description, metric with its word, and age', () => {
  const row = rowOf(node(), now);
  expect(row.label).toBe('v2  lower learning rate');
  expect(row.description).toBe('val_accuracy 0.951 ▲ 0.008 better · 2 h ago');
  expect(row.context).toBe('version.current');
  expect(row.icon?.id).toBe('circle-large-filled');
  expect(row.spoken).toContain('current');
  expect(row.spoken).not.toContain('▲');
});

test('a stale metric is marked and never judged', () => {
  const stale = record({ metricOrigins: { val_accuracy: { path: 'm.json', stale: true } } });
  const { description } = rowOf(node({ record: stale }), now);
  expect(description).toBe('val_accuracy 0.951 (stale) ▲ 0.008 · 2 h ago');
});

test('a metric of unknown direction is neither better nor worse', () => {
  const [row] = metricRows(
    node({
      record: record({ metrics: { thing: 2 } }),
      parent: firstRecord({ metrics: { thing: 1 } }),
    }),
  );
  expect(row?.description).toBe('2 ▲ 1');
});

test('the primary metric comes first, and a lower loss is better', () => {
  expect(metricRows(node()).map(({ label, description }) => [label, description])).toEqual([
    ['val_accuracy', '0.951 ▲ 0.008 better'],
    ['val_loss', '0.2 ▼ 0.05 better'],
  ]);
});

test('changed parameters come first, added and gone ones are told', () => {
  const rows = parameterRows(
    node({
      record: record({ parameters: { a: 1, lr: 0.001, fresh: true } }),
      parent: firstRecord({ parameters: { a: 1, lr: 0.01, old: 'x' } }),
    }),
  );
  expect(rows.map(({ label, description }) => [label, description])).toEqual([
    ['fresh', 'true (added)'],
    ['lr', '0.01 → 0.001'],
    ['old', 'x → (gone)'],
    ['a', '1'],
  ]);
});

test('a first version has no changes to tell', () => {
  const rows = parameterRows(node({ record: firstRecord(), parent: null }));
  expect(rows.map(({ description }) => description)).toEqual(['[64, 32]', '0.01']);
  expect(rowOf(node({ record: firstRecord(), parent: null }), now).context).toBe('version.first');
});

test('model files tell whether they changed', () => {
  const [changed] = fileRows(
    node({ parent: firstRecord({ files: [{ ...record().files[0]!, sha256: 'ff' }] }) }),
  );
  expect(changed?.description).toBe('12.3 kB · safetensors · changed');
  const [same] = fileRows(node());
  expect(same?.description).toContain('unchanged');
});

test('a changed package comes before the others', () => {
  const before = firstRecord({
    environment: { python: '3.11.7', packages: { numpy: '2.0.0' }, platform: 'linux-x64' },
  });
  const rows = environmentRows(node({ parent: before }));
  expect(rows[0]).toMatchObject({ label: 'numpy', description: '2.0.0 → 2.1.0' });
  expect(rows.map(({ label }) => label)).toContain('Python');
});

test('a row of code opens its diff against the parent', () => {
  const [row] = codeRows(node(), [{ path: 'train.py', status: 'modified' }]);
  expect(row?.opens).toMatchObject({
    command: 'cairn.openCodeFile',
    arguments: [{ from: 'digits@v1.1', to: 'digits@v2.1' }],
  });
});

test('working changes are counted, and named when training ended', () => {
  const working = status({ artifacts: changedWeights, code: [{ path: 'a.py', status: 'added' }] });
  const quiet = rowOf({ kind: 'working', model: overview(), status: working, notice: null }, now);
  expect(quiet.label).toBe('Working changes');
  expect(quiet.description).toBe('1 model file, 1 code file');
  const notice = { model: 'digits', files: 1, cause: 'training', next: 'v3' } as const;
  const told = rowOf({ kind: 'working', model: overview(), status: working, notice }, now);
  expect(told.label).toBe('training ended, 1 model file changed: Commit v3');
  expect(workingRows(working).map(({ label }) => label)).toEqual([
    'models/digits.safetensors',
    'a.py',
  ]);
});

test('every row of a version has an id of its own', () => {
  const of = node();
  const rows = [...metricRows(of), ...parameterRows(of), ...fileRows(of), ...environmentRows(of)];
  expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
});

test('the tooltip is Markdown in which a description cannot do anything', () => {
  const evil = record({ description: '[click](command:evil) <img src=x> **b**' });
  const text = versionTooltip(evil, firstRecord(), overview().primary, now, null);
  expect(text).toContain('\\[click\\](command:evil)');
  expect(text).toContain('\\<img src=x\\> \\*\\*b');
  expect(text).toContain('12.3 kB');
  expect(text).not.toContain('In the store');
});

test('the tooltip tells what a version takes in the store, and what deleting it frees', () => {
  const line = (own: number, shared: number) => {
    const storage = { reference: 'digits@v2', size: 9_000_000, own, shared };
    const text = versionTooltip(record(), null, overview().primary, now, storage);
    return text.split('\n\n').find((part) => part.startsWith('In the store'));
  };
  expect(line(1_234_567, 7_000_000)).toBe(
    'In the store: 1.2 MB of its own, which deleting frees, and 7 MB shared',
  );
  expect(line(0, 7_000_000)).toBe(
    'In the store: 7 MB shared with other versions; deleting frees nothing',
  );
  expect(line(512, 0)).toBe(
    'In the store: 512 B of its own, which deleting frees, and nothing shared',
  );
});
