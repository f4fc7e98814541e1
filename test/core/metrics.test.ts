import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { curveNamed, lastPoint, valueAt } from '../../src/core/curves';
import { compareMetrics } from '../../src/core/metricComparison';
import { metricDirection, metricWords } from '../../src/core/metricDirection';
import {
  best,
  choosePrimaryMetric,
  lastGood,
  rankedValue,
  shortfall,
  standingsOf,
} from '../../src/core/primaryMetric';
import type { JsonNumber, MetricOrigin, PrimaryMetric } from '../../src/core/version';

describe('metric direction', () => {
  it.each([
    ['accuracy', 'higher'],
    ['val_accuracy', 'higher'],
    ['val/acc', 'higher'],
    ['BinaryAccuracy', 'higher'],
    ['valAUC', 'higher'],
    ['f1_score', 'higher'],
    ['valF1Score', 'higher'],
    ['macro-F1', 'higher'],
    ['metrics/mAP50-95(B)', 'higher'],
    ['mAP@0.5:0.95', 'higher'],
    ['R2Score', 'higher'],
    ['r_squared', 'higher'],
    ['eval_rouge1', 'higher'],
    ['bleu4', 'higher'],
    ['top5_acc', 'higher'],
    ['log_likelihood', 'higher'],
    ['neg_mean_squared_error', 'higher'],
    ['loss', 'lower'],
    ['val_loss', 'lower'],
    ['dice_loss', 'lower'],
    ['train_loss_epoch', 'lower'],
    ['perplexity', 'lower'],
    ['RMSE', 'lower'],
    ['test_mean_absolute_error', 'lower'],
    ['sparse_categorical_crossentropy', 'lower'],
    ['cross-entropy', 'lower'],
    ['FID', 'lower'],
    ['eval_wer', 'lower'],
    ['negative_log_likelihood', 'lower'],
    ['false_positive_rate', null],
    ['epoch', null],
    ['lossless_ratio', null],
    ['glossary', null],
    ['learning_rate', null],
    ['loss_weight', null],
    ['best_accuracy_epoch', null],
    ['accuracy_std', null],
    ['f', null],
    ['', null],
    ['__proto__', null],
    ['score', null],
  ])('of %s is %s', (name, expected) => {
    expect(metricDirection(name)).toBe(expected);
  });

  it('counts only whole words, whatever stands round them', () => {
    const letters = fc.stringMatching(/^[a-z]{1,6}$/);
    fc.assert(
      fc.property(letters, letters, (before, after) => {
        expect(metricWords(`${before}_loss`)).toContain('loss');
        expect(metricWords(`${before}loss${after}`)).not.toContain('loss');
      }),
    );
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.uint16Array({ maxLength: 20 }), (units) => {
        const name = String.fromCharCode(...units);
        expect([null, 'higher', 'lower']).toContain(metricDirection(name));
      }),
    );
  });
});

describe('choosing the primary metric', () => {
  it.each([
    [['loss', 'accuracy', 'val_loss', 'val_accuracy'], 'val_accuracy', 'higher'],
    [['train_accuracy', 'val_loss'], 'val_loss', 'lower'],
    [['train_accuracy', 'accuracy'], 'accuracy', 'higher'],
    [['test_f1', 'test_accuracy'], 'test_accuracy', 'higher'],
    [['test_accuracy', 'val_accuracy'], 'val_accuracy', 'higher'],
    [['balanced_accuracy', 'accuracy', 'f1'], 'accuracy', 'higher'],
    [['eval_loss', 'eval_bleu'], 'eval_bleu', 'higher'],
    [['rmse', 'mae', 'r2'], 'r2', 'higher'],
    [['mean_squared_error', 'mae'], 'mean_squared_error', 'lower'],
    [['fid', 'perplexity'], 'perplexity', 'lower'],
    [['epoch', 'mcc'], 'mcc', 'higher'],
  ])('of %j is %s', (names, metric, better) => {
    expect(choosePrimaryMetric(names)).toEqual({ metric, better });
    expect(choosePrimaryMetric([...names].reverse())).toEqual({ metric, better });
  });

  it('finds none where nothing is known or several unlisted ones compete', () => {
    expect(choosePrimaryMetric([])).toBeNull();
    expect(choosePrimaryMetric(['lr', 'epoch', 'seconds'])).toBeNull();
    expect(choosePrimaryMetric(['precision', 'recall'])).toBeNull();
  });
});

describe('comparing metrics', () => {
  const one = (from: JsonNumber, to: JsonNumber, key = 'val_accuracy') =>
    compareMetrics({ [key]: from }, { [key]: to })[0];

  it('knows better from worse by the direction', () => {
    expect(one(0.5, 0.75)).toEqual({
      key: 'val_accuracy',
      from: 0.5,
      to: 0.75,
      delta: 0.25,
      better: true,
    });
    expect(one(0.5, 0.75, 'val_loss')).toMatchObject({ delta: 0.25, better: false });
    expect(one(0.5, 0.75, 'something')).toMatchObject({ delta: 0.25, better: null });
    expect(one(0.5, 0.5)).toMatchObject({ delta: 0, better: null });
  });

  it('lets the declared direction win over the name', () => {
    const primary: PrimaryMetric = { metric: 'score', better: 'lower' };
    expect(compareMetrics({ score: 2 }, { score: 1 }, primary)[0]?.better).toBe(true);
  });

  it('takes NaN for worse than anything and infinities for what they are', () => {
    expect(one(0.5, 'NaN')).toMatchObject({ delta: null, better: false });
    expect(one('NaN', 0.1)).toMatchObject({ delta: null, better: true });
    expect(one('NaN', 'NaN')).toMatchObject({ delta: null, better: null });
    expect(one('Infinity', 3, 'loss')).toMatchObject({ delta: null, better: true });
    expect(one(3, 'Infinity', 'loss')).toMatchObject({ delta: null, better: false });
    expect(one(-Number.MAX_VALUE, Number.MAX_VALUE)).toMatchObject({ delta: null, better: true });
  });

  it('shows what only one side has', () => {
    expect(compareMetrics({ b: 1 }, { a: 2, constructor: 3 })).toEqual([
      { key: 'a', from: null, to: 2, delta: null, better: null },
      { key: 'b', from: 1, to: null, delta: null, better: null },
      { key: 'constructor', from: null, to: 3, delta: null, better: null },
    ]);
  });
});

interface Row {
  kind: 'version' | 'backup';
  number: number;
  revision: number;
  metrics: Record<string, JsonNumber>;
  metricOrigins?: Record<string, MetricOrigin>;
  withdrawn?: { at: string; by: { name: string; email: string }; reason: string };
}

const primary: PrimaryMetric = { metric: 'acc', better: 'higher' };
const version = (number: number, acc: JsonNumber, more: Partial<Row> = {}): Row => ({
  kind: 'version',
  number,
  revision: 1,
  metrics: { acc },
  ...more,
});
/** Ranking as records have it: by way of their standings. */
const bestOf = (rows: Row[], by = primary) => best(standingsOf(rows, by.metric), by);
const lastGoodOf = (rows: Row[], by: PrimaryMetric | null, maxDrop: number | null) =>
  lastGood(standingsOf(rows, by?.metric ?? null), by, maxDrop);

const stale = { metricOrigins: { acc: { path: 'metrics.json', stale: true as const } } };
const withdrawn = { withdrawn: { at: '', by: { name: '', email: '' }, reason: '' } };

describe('best', () => {
  it('is the highest, or the lowest where lower is better, the earliest of equals', () => {
    const rows = [version(3, 0.9), version(1, 0.5), version(2, 0.9)];
    expect(bestOf(rows)?.number).toBe(2);
    expect(bestOf(rows, { metric: 'acc', better: 'lower' })?.number).toBe(1);
    expect(bestOf([])).toBeNull();
    expect(bestOf(rows, { metric: 'toString', better: 'higher' })).toBeNull();
  });

  it('never ranks stale metrics, backups, withdrawn versions or what is not finite', () => {
    const rows = [
      version(1, 0.5),
      version(2, 0.9, stale),
      version(3, 0.9, { kind: 'backup' }),
      version(4, 0.9, withdrawn),
      version(5, 'NaN'),
      version(6, 'Infinity'),
    ];
    expect(bestOf(rows)?.number).toBe(1);
    expect(rows.map((row) => rankedValue(row, 'acc'))).toEqual([0.5, null, null, null, null, null]);
  });
});

describe('last good', () => {
  it('is the newest within max_drop of the best before it', () => {
    const rows = [version(1, 0.9), version(2, 0.95), version(3, 0.94), version(4, 0.8)];
    expect(lastGoodOf(rows, primary, 0.02)?.number).toBe(3);
    expect(lastGoodOf(rows, primary, 0.001)?.number).toBe(2);
    expect(lastGoodOf(rows, primary, null)?.number).toBe(4);
  });

  it('allows exactly max_drop, whatever binary fractions make of it', () => {
    expect(0.8 - 0.7).toBeGreaterThan(0.1);
    expect(lastGoodOf([version(1, 0.8), version(2, 0.7)], primary, 0.1)?.number).toBe(2);
  });

  it('passes over NaN in any metric, stale ones, backups and withdrawn versions', () => {
    const rows = [
      version(1, 0.9),
      version(2, 0.9, { metrics: { acc: 0.9, loss: 'NaN' } }),
      version(3, 0.99, stale),
      version(4, 0.9, { kind: 'backup' }),
      version(5, 0.9, withdrawn),
      version(6, 0.9, { metrics: {} }),
    ];
    expect(lastGoodOf(rows, primary, 0.01)?.number).toBe(1);
    expect(lastGoodOf(rows, null, 0.01)?.number).toBe(3);
  });

  it('is never one that falls short of those before it', () => {
    const values = fc.array(
      fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constant('NaN' as const)),
    );
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 50 }), (metrics, maxDrop) => {
        const rows = metrics.map((value, index) => version(index + 1, value));
        const good = lastGoodOf(rows, primary, maxDrop);
        const fine = rows.filter((row, index) => {
          const before = rows.slice(0, index).flatMap(({ metrics: { acc } }) => acc as number);
          const top = Math.max(...before.filter((value) => typeof value === 'number'));
          return typeof row.metrics.acc === 'number' && !(row.metrics.acc < top - maxDrop);
        });
        expect(good?.number).toBe(fine.at(-1)?.number);
      }),
    );
  });
});

describe('shortfall', () => {
  it('tells what is wrong and against which version', () => {
    const earlier = standingsOf([version(1, 0.9), version(2, 0.5)], 'acc');
    expect(shortfall(version(3, 'NaN'), earlier, primary, null)).toEqual({
      kind: 'not-finite',
      metric: 'acc',
      value: 'NaN',
    });
    expect(shortfall(version(3, 0.5), earlier, primary, 0.25)).toEqual({
      kind: 'dropped',
      metric: 'acc',
      value: 0.5,
      best: 0.9,
      drop: 0.4,
      since: earlier[0],
    });
    expect(shortfall(version(3, 0.5), [], primary, 0)).toBeNull();
    expect(shortfall(version(3, 0.5), earlier, primary, null)).toBeNull();
    expect(shortfall(version(3, 0.5, stale), earlier, primary, 0)).toBeNull();
  });
});

describe('curves', () => {
  const curve = {
    name: 'loss',
    axis: 'epoch' as const,
    steps: [1, 3, 2, 3],
    values: [4, 2, 'NaN' as const, 1],
  };
  it('finds the value at a step and the last one', () => {
    expect(valueAt(curve, 3)).toBe(1);
    expect(valueAt(curve, 2)).toBe('NaN');
    expect(valueAt(curve, 4)).toBeNull();
    expect(lastPoint(curve)).toEqual({ step: 3, value: 1 });
    expect(lastPoint({ ...curve, steps: [], values: [] })).toBeNull();
    expect(curveNamed([curve], 'loss')).toBe(curve);
    expect(curveNamed([curve], 'accuracy')).toBeNull();
  });
});
