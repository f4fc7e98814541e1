import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pointsWithin, thinned } from '../../src/core/curveSampling';
import { rankCorrelation, ranks } from '../../src/core/rankCorrelation';
import { wantsLog } from '../../webview-ui/src/metrics/charting';
import { correlations } from '../../webview-ui/src/metrics/correlations';
import { tableCsv } from '../../webview-ui/src/metrics/exporting';
import { axesOf, brushOf, parallelAxes } from '../../webview-ui/src/metrics/parallelChart';
import { axisKind, scatterPoints, scatterSummary } from '../../webview-ui/src/metrics/scatterChart';
import { TableData } from '../../webview-ui/src/metrics/tableData';
import { bestSoFar, trendPoints, trendSummary } from '../../webview-ui/src/metrics/trendChart';
import { columnsFrom, exampleRows, metricsView } from './panels/exampleVersions';

const view = metricsView(exampleRows);
const data = new TableData(view);
const all = view.columns.map(({ kind, key }) => ({ kind, key }));
data.add(columnsFrom(exampleRows, { model: '', edition: '', columns: all }));
const places = [...data.rows.keys()];

test('ranks share the mean of their places, and correlation is that of ranks', () => {
  expect(ranks([10, 20, 20, 5])).toEqual([2, 3.5, 3.5, 1]);
  // By SciPy 1.16: spearmanr([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]) = 0.8207826816681233.
  const { rho, pairs } = rankCorrelation([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]);
  expect(rho).toBeCloseTo(0.8207826816681233, 12);
  expect(pairs).toBe(5);
  expect(rankCorrelation([1, 2, Number.NaN, 4], [4, 3, 2, 1])).toEqual({ rho: -1, pairs: 3 });
  expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toEqual({ rho: null, pairs: 3 });
  expect(rankCorrelation([1, 2], [1, 2]).rho).toBeNull();
});

test('a monotonic parameter is wholly correlated, whatever its scale', () => {
  const values = fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 3 });
  fc.assert(
    fc.property(values, (some) => {
      expect(rankCorrelation(some, some.map(Math.exp)).rho).toBeCloseTo(1, 10);
    }),
  );
});

test('correlations stand on the rows that have both, and name what has none', () => {
  const { ranked, left } = correlations(data, places, 'val_accuracy');
  expect(ranked.map(({ parameter, pairs }) => [parameter, pairs])).toEqual([['lr', 7]]);
  expect(left).toEqual(['early_stopping.patience', 'epochs', 'hidden', 'optimizer', 'seed']);
});

test('an axis is logarithmic when the values ask for it', () => {
  expect(wantsLog([0.001, 0.01, 0.1])).toBe(true);
  expect(wantsLog([0.9, 0.95])).toBe(false);
  expect(wantsLog([0, 0.001, 10])).toBe(false);
  expect(wantsLog([])).toBe(false);
  expect([axisKind([1, 'a']), axisKind([1, 1000]), axisKind([1, 2])]).toEqual([
    'category',
    'log',
    'value',
  ]);
  const points = scatterPoints(data, places, 'lr', 'val_accuracy');
  expect(scatterSummary(points, 'lr', 'val_accuracy')).toContain('lr on a logarithmic axis; rank');
});

test('the trend goes by versions and keeps the best so far', () => {
  const points = trendPoints(data, places, 'val_loss');
  // v2 is stale and v4 no number.
  expect(points.map(({ title }) => title)).toEqual(['v1', 'v3', 'v5', 'v6', 'v7']);
  expect(bestSoFar(trendPoints(data, places, 'val_accuracy'), 'higher').slice(2, 5)).toEqual([
    0.9511111111111111, 0.9511111111111111, 0.958,
  ]);
  expect(trendSummary(points, 'val_loss', 'lower')).toMatch(/the best is 0\.1764 \(v7\)\.$/);
  const alone = trendSummary(points.slice(-1), 'val_loss', 'lower');
  expect(alone).toBe('val_loss of one version: 0.1764 (v7).');
});

test('parallel coordinates take what differs, and a brush on texts takes those within', () => {
  const columns = axesOf(data, null, 'val_accuracy');
  expect(columns).toEqual([
    'parameter:hidden',
    'parameter:lr',
    'parameter:optimizer',
    'metric:val_accuracy',
  ]);
  const [hidden, lr] = parallelAxes(data, places, columns);
  expect([hidden?.kind, lr?.kind]).toEqual(['category', 'log']);
  expect(brushOf(hidden!, [[-0.3, 0.4]])?.texts).toEqual(['[32]']);
  expect(brushOf(lr!, [])).toBeNull();
});

test('the exported table has every digit, and quotes what would break its lines', () => {
  const columns = [{ id: 'metric:val_accuracy', title: 'val "accuracy", best' }];
  const [head, first] = tableCsv(data, [2], columns).split('\r\n');
  expect(head).toBe('version,label,description,created,creator,"val ""accuracy"", best"');
  expect(first).toBe('v5,,"back to the small rate, momentum",2026-11-22T17:00:00.000Z,Grace,0.958');
});

test('thinned curves keep their extremes and ends, and a range only what is in it', () => {
  const points = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });
  fc.assert(
    fc.property(points, fc.integer({ min: 2, max: 40 }), (values, width) => {
      const steps = values.map((_, index) => index);
      const kept = thinned({ steps, values }, width);
      expect(kept.steps.length).toBeLessThanOrEqual(width + 2);
      expect(Math.max(...kept.values)).toBe(Math.max(...values));
      expect(Math.min(...kept.values)).toBe(Math.min(...values));
      expect([kept.steps[0], kept.steps.at(-1)]).toEqual([0, values.length - 1]);
    }),
  );
  const restarted = { steps: [0, 1, 2, 1, 2, 3], values: [0, 1, 2, 11, 12, 13] };
  expect(pointsWithin(restarted, 1, 2).values).toEqual([1, 2, 11, 12]);
  expect(pointsWithin(restarted, 0, 1)).toEqual({ steps: [0, 1, 1], values: [0, 1, 11] });
  expect(pointsWithin(restarted, 9, 10).steps).toEqual([]);
});
