import { expect, test } from 'vitest';
import type { VersionComparison } from '../../src/core/comparison';
import { comparisonMarkdown } from '../../src/core/comparisonMarkdown';
import { comparisonSentences } from '../../src/core/comparisonSentences';
import { comparisonReport } from '../../src/core/comparisonTable';
import { compareMetrics } from '../../src/core/metricComparison';
import { compareParameters } from '../../src/core/parameters';
import type { RollbackPlan } from '../../src/core/plan';
import { amendment, metricsView } from '../../src/extension/panels/metricsView';
import { rollbackView } from '../../src/extension/panels/rollbackView';
import { webviewPage } from '../../src/extension/panels/webviewPage';
import { firstRecord, overview, record } from './records';

const base = firstRecord();
const other = record();
const primary = overview().primary;

function comparison(over: Partial<VersionComparison> = {}): VersionComparison {
  return {
    from: 'digits@v1',
    to: 'digits@v2',
    code: { files: [{ path: 'train.py', status: 'modified' }] },
    parameters: compareParameters(base.parameters, other.parameters),
    metrics: compareMetrics(base.metrics, other.metrics, primary),
    artifacts: [
      {
        path: 'models/digits.safetensors',
        status: 'modified',
        from: { ...base.files[0]! },
        to: { ...other.files[0]!, sha256: 'ee'.repeat(32), size: 20_000 },
      },
    ],
    data: [],
    environment: [{ key: 'numpy', from: '2.0.0', to: '2.1.0', status: 'modified' }],
    ...over,
  };
}

test('the overview speaks in sentences', () => {
  expect(comparisonSentences(comparison(), 'val_accuracy')).toEqual([
    'val_accuracy 0.943 → 0.951 (▲ 0.008 better)',
    'lr 0.01 → 0.001',
    '1 model file changed',
    '1 file of code',
    'same data',
    'numpy 2.0.0 → 2.1.0',
  ]);
});

test('a row has a cell for each side, and the base is changed nowhere', () => {
  const compared = {
    base,
    others: [
      { record: other, comparison: comparison() },
      { record: null, comparison: comparison({ parameters: [], artifacts: [], metrics: [] }) },
    ],
  };
  const view = comparisonReport(compared, primary);
  expect(view.sides.map(({ title }) => title)).toEqual(['v1', 'v2', 'Working files']);
  const rows = [...view.parameters, ...view.files, ...view.data, ...view.environment];
  for (const { cells } of [...rows, ...view.metrics]) expect(cells).toHaveLength(3);
  expect(view.parameters[0]).toEqual({
    key: 'lr',
    changed: true,
    cells: [
      { text: '0.01', changed: false },
      { text: '0.001', changed: true },
      { text: '0.01', changed: false },
    ],
  });
  expect(view.metrics[0]).toMatchObject({ key: 'val_accuracy', primary: true, changed: true });
  expect(view.metrics[0]?.cells[1]).toMatchObject({ delta: '▲ 0.008', verdict: 'better' });
  expect(view.metrics[0]?.cells[2]).toMatchObject({ text: '0.943', changed: false, delta: null });
  expect(view.files[0]?.cells.map(({ status }) => status)).toEqual([null, 'modified', null]);
});

test('what the working files changed is laid over the base', () => {
  const working = comparison({
    parameters: [
      { key: 'lr', from: 0.01, to: 0.5, status: 'modified' },
      { key: 'fresh', to: true, status: 'added' },
      { key: 'layers', from: [64, 32], status: 'deleted' },
    ],
  });
  const view = comparisonReport({ base, others: [{ record: null, comparison: working }] }, primary);
  const texts = view.parameters.map(({ key, cells }) => [key, cells[0]?.text, cells[1]?.text]);
  expect(texts).toEqual([
    ['fresh', null, 'true'],
    ['layers', '[64, 32]', null],
    ['lr', '0.01', '0.5'],
  ]);
});

test('the comparison is copied as Markdown with only what differs of parameters', () => {
  const view = comparisonReport(
    { base, others: [{ record: other, comparison: comparison() }] },
    primary,
  );
  const text = comparisonMarkdown(view, { predictions: [], tables: [] }, []);
  expect(text).toContain('## digits: v1 / v2');
  expect(text).toContain('| lr | `0.01` | `0.001` |');
  expect(text).not.toContain('layers');
  expect(text).toContain('| val_accuracy | 0.943 | 0.951 ▲ 0.008 better |');
});

const plan: RollbackPlan = {
  code: [
    { path: 'train.py', action: 'write' },
    { path: 'new.py', action: 'keep', why: 'not-in-current' },
  ],
  artifacts: [
    { path: 'm.pt', action: 'write', bytes: 2_000_000 },
    { path: 'old.pt', action: 'delete', bytes: 5 },
  ],
  parameters: [{ key: 'lr', from: 0.01, to: 0.001, status: 'modified' }],
  data: [],
};

test('the plan of a rollback is told part by part', () => {
  const view = rollbackView({
    record: base,
    detail: 'by Ada',
    current: 'digits@v2.1',
    all: plan,
    chosen: plan,
    only: ['code', 'parameters', 'artifacts', 'data'],
    warnings: [],
    refused: null,
  });
  expect(view.parts.map(({ title, summary, available }) => [title, summary, available])).toEqual([
    ['Code', '1 file to write', true],
    ['Parameters', '1 value to set back', true],
    ['Model files', '1 file to write, 1 to delete', true],
    ['Data', 'nothing to do', false],
  ]);
  expect(view.kept).toEqual([
    { path: 'new.py', action: 'keep', size: null, why: 'the current version does not hold it' },
  ]);
  expect(view.cost).toBe('2 MB of model files to write');
  expect(view.current).toBe('v2');
  expect(view.empty).toBe(false);
});

test('only a part: the others are offered and neither listed nor counted', () => {
  const chosen = { ...plan, code: [], artifacts: [] };
  const view = rollbackView({
    record: base,
    detail: '',
    current: null,
    all: plan,
    chosen,
    only: ['data'],
    warnings: [],
    refused: null,
  });
  expect(view.parts.find(({ part }) => part === 'code')).toMatchObject({
    chosen: false,
    available: true,
  });
  expect(view.empty).toBe(true);
  expect(view.parameters).toEqual([]);
});

test('the metrics table finds the rows of the current and the best version', () => {
  const row = { label: null, description: '', createdAt: '', creator: null, state: null };
  const rows = [2, 1].map((number) => ({
    ...{ ...row, number, reference: `digits@v${number}.1`, title: `v${number}` },
    ...{ curves: false, relatives: [] },
  }));
  const table = { edition: 'e', rows, columns: [] };
  const rest = { choices: null, baseline: null, writable: true, now: 5 };
  const view = metricsView([overview()], overview(), table, rest);
  expect(view).toMatchObject({ models: ['digits'], current: 'digits@v2.1', best: 'digits@v2.1' });
  const first = metricsView([overview()], { ...overview(), best: 'digits@v1' }, table, rest);
  expect([first.best, first.now]).toEqual(['digits@v1.1', 5]);
});

test('what is changed in the metrics table becomes a revision that says so', () => {
  expect(amendment('digits@v2.1', 'good', null)).toEqual({
    reference: 'digits@v2.1',
    reason: 'label changed in the Metrics panel',
    label: 'good',
  });
  const both = amendment('digits@v2.1', 'good', 'why');
  expect(both).toMatchObject({ label: 'good', message: 'why' });
  expect(both.reason).toBe('label and description changed in the Metrics panel');
});

test('the page lets nothing in but its own script, and its state cannot break out', () => {
  const page = webviewPage({
    panel: 'compare',
    title: '<b>',
    script: 'https://host/compare.js',
    style: 'https://host/compare.css',
    source: 'https://host',
    nonce: 'abc',
    state: { text: `"><script>alert('x')</script>` },
  });
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).toContain('default-src &#39;none&#39;');
  expect(page).not.toMatch(/unsafe-(?:inline|eval)/);
  const state = /data-state="([^"]*)"/.exec(page)?.[1] ?? '';
  const text = state.replace(
    /&(quot|#39|lt|gt|amp);/g,
    (_, name: string) => ({ quot: '"', '#39': "'", lt: '<', gt: '>', amp: '&' })[name] ?? '',
  );
  expect(JSON.parse(text)).toEqual({ text: `"><script>alert('x')</script>` });
});
