import { describe, expect, it } from 'vitest';
import { readPredictions } from '../../src/runs/index';
import truth from '../core/evaluation.golden.json';
import { folder, platform, useFolders } from './project';

useFolders();

function read(text: string, positive: string | null = null) {
  const root = folder({ 'predictions.csv': text });
  return readPredictions(platform, root, 'predictions.csv', positive);
}

const lines = (header: string, rows: readonly (readonly unknown[])[]) =>
  `${[header, ...rows.map((row) => row.join(','))].join('\n')}\n`;

const codes = async (text: string, positive: string | null = null) =>
  (await read(text, positive)).warnings.map(({ code }) => code);

describe('predictions', () => {
  it('of two classes with scores', async () => {
    const { binary } = truth;
    const rows = binary.truth.map((was, i) => [was, binary.predicted[i], binary.scores[i]]);
    const { metrics, origins, evaluation, warnings } = await read(
      lines('y_true,y_pred,score', rows),
    );
    expect(Object.keys(metrics).sort()).toEqual(Object.keys(binary.metrics).sort());
    expect(metrics['roc_auc']).toBeCloseTo(binary.metrics.roc_auc, 12);
    expect(metrics['f1']).toBeCloseTo(binary.metrics.f1, 12);
    expect(origins['f1']).toEqual({ path: 'predictions.csv' });
    expect(evaluation).toMatchObject({ kind: 'binary', positive: '1' });
    expect(warnings).toEqual([]);
  });

  it('of several classes with a column of scores each', async () => {
    const { multi } = truth;
    const rows = multi.truth.map((was, i) => [
      i,
      was,
      `${multi.predicted[i]}.0`,
      ...(multi.scores[i] ?? []),
    ]);
    const header = 'id,y_true,y_pred,score_0,score_1,score_2,score_3';
    const { metrics } = await read(lines(header, rows));
    expect(metrics['roc_auc']).toBeCloseTo(multi.metrics.roc_auc, 12);
    expect(metrics['log_loss']).toBeCloseTo(multi.metrics.log_loss, 12);
    expect(metrics['f1_macro']).toBeCloseTo(multi.metrics.f1_macro, 12);
  });

  it('of numbers', async () => {
    const { regression } = truth;
    const rows = regression.truth.map((was, i) => [was, regression.predicted[i]]);
    const { metrics, evaluation } = await read(lines('y_true,y_pred', rows));
    expect(evaluation.kind).toBe('regression');
    expect(metrics['rmse']).toBeCloseTo(regression.metrics.rmse, 12);
    expect(Object.keys(metrics)).toEqual(['mae', 'rmse', 'r2']);
  });

  it('with a chosen positive class', async () => {
    const text = 'y_true,y_pred\ncat,cat\ncat,dog\ndog,dog\ndog,dog\n';
    const { metrics } = await read(text, 'cat');
    expect(metrics).toMatchObject({ precision: 1, recall: 0.5 });
    expect((await read(text, 'dog')).metrics).toMatchObject({ precision: 2 / 3, recall: 1 });
    expect((await read(text)).metrics).toMatchObject({ recall_macro: 0.75 });
    expect(await codes(text, 'cow')).toEqual(['positive-unused']);
  });

  it.each([
    [
      'whole numbers',
      [
        [1, 1],
        [2, 2],
        [1, 2],
      ],
      'multiclass',
    ],
    [
      '0 and 1',
      [
        [1, 1],
        [0, 1],
      ],
      'binary',
    ],
    [
      'texts',
      [
        ['yes', 'no'],
        ['no', 'no'],
      ],
      'binary',
    ],
    [
      'fractions in the truth',
      [
        [1.5, 1],
        [2, 2],
      ],
      'regression',
    ],
    [
      'whole numbers predicted by fractions',
      [
        [30, 29.7],
        [41, 43.2],
        [5, 4.4],
      ],
      'regression',
    ],
    [
      'NaN',
      [
        [1.5, 'nan'],
        [2.5, 2],
      ],
      'regression',
    ],
    ['many whole numbers', Array.from({ length: 30 }, (_, i) => [i, i + 1]), 'regression'],
    [
      'many classes of many examples',
      Array.from({ length: 120 }, (_, i) => [i % 25, i % 25]),
      'multiclass',
    ],
  ])('of %s are told apart', async (_, rows, kind) => {
    expect((await read(lines('y_true,y_pred', rows))).evaluation.kind).toBe(kind);
  });

  it('of fractions for 0 and 1 are scores', async () => {
    const { metrics, warnings } = await read('y_true,y_pred\n1,0.9\n0,0.5\n0,0.2\n1,0.7\n');
    expect(metrics).toMatchObject({ accuracy: 0.75, roc_auc: 1 });
    expect(warnings).toMatchObject([{ code: 'predictions-thresholded' }]);
  });

  it('keep NaN, so that it is seen', async () => {
    expect((await read('y_true,y_pred\n1.5,nan\n2.5,2\n')).metrics).toEqual({
      mae: 'NaN',
      rmse: 'NaN',
      r2: 'NaN',
    });
  });

  it('take the usual names of columns', async () => {
    const { metrics } = await read('Target,Prediction,y_proba\n1,1,0.9\n0,0,0.3\n');
    expect(metrics).toMatchObject({ accuracy: 1, roc_auc: 1 });
  });

  it('warn of what could not be used', async () => {
    expect(await codes('y_true,y_pred\n1,1\n,0\n0,0\n')).toEqual(['predictions-blank']);
    expect(await codes('y_true,y_pred,score\n1,1,x\n0,0,0.1\n')).toEqual(['scores-unused']);
    expect(await codes('y_true,y_pred,score_a\na,a,1\nb,b,0\nc,c,0\n')).toEqual(['scores-unused']);
    expect(await codes('y_true,y_pred\n1,0\n0,0\n')).toEqual(['zero-division']);
  });

  it.each([
    ['y_pred\n1\n', 'line 1: it has no column y_true'],
    ['y_true,other\n1,1\n', 'line 1: it has no column y_pred'],
    ['y_true,y_pred\n', 'it has no predictions'],
    ['', 'it has no header'],
  ])('of %j are refused', async (text, why) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'unreadable',
      data: { path: 'predictions.csv', why },
    });
  });

  it('of very many different labels do no harm', async () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => [`label ${i}`, `label ${i + 1}`]);
    const { evaluation } = await read(lines('y_true,y_pred', rows));
    expect(evaluation.confusion).toBeNull();
    expect(evaluation.metrics['accuracy']).toBe(0);
  });
});
