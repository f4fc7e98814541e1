import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonNumber } from '../../src/core/version';
import { checkpointStep, type MetricPaths, readMetrics } from '../../src/runs/index';
import { metricNumber } from '../../src/runs/metricNumber';
import { folder, platform, useFolders } from './project';

useFolders();

function read(
  files: Readonly<Record<string, string>>,
  paths: Partial<MetricPaths> = { curves: Object.keys(files) },
) {
  return readMetrics(platform, folder(files), { metrics: [], curves: [], ...paths });
}

describe('metrics files', () => {
  it('of JSON are flattened, and what is not finite keeps its name', async () => {
    const text = `{"val": {"accuracy": 0.95, "f1": "NaN"}, "loss": NaN, "rate": -Infinity,
      "model": "mlp", "done": true, "missing": null, "confusion": [[1, 2], [3, 4]],
      "per_class": [0.5, 0.6], "epoch": 7, "timestamp": 1700000000}`;
    const { metrics, origins, curves, warnings } = await read(
      { 'metrics.json': text },
      { metrics: ['metrics.json'] },
    );
    expect(metrics).toEqual({
      'val.accuracy': 0.95,
      'val.f1': 'NaN',
      loss: 'NaN',
      rate: '-Infinity',
    });
    expect(origins['loss']).toEqual({ path: 'metrics.json', step: 7 });
    expect(curves).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('of one row, or of names and values, are values', async () => {
    const files = { 'a.csv': 'accuracy,loss\n0.9,0.1\n', 'b.csv': 'metric,value\nf1,0.8\nx,\n' };
    const { metrics } = await read(files, { metrics: ['a.csv', 'b.csv'] });
    expect(metrics).toEqual({ accuracy: 0.9, loss: 0.1, f1: 0.8 });
  });

  it('of classes in rows are no curves', async () => {
    const report = ',precision,recall\ncat,0.5,0.6\ndog,0.7,0.8\n';
    const { metrics, curves, warnings } = await read(
      { 'report.csv': report },
      { metrics: ['report.csv'] },
    );
    expect({ metrics, curves }).toEqual({ metrics: {}, curves: [] });
    expect(warnings).toMatchObject([{ code: 'metrics-none', path: 'report.csv' }]);
  });

  it('that differ are warned of; the last counts', async () => {
    const files = { 'a.json': '{"f1": 1, "acc": 0.5}', 'b.json': '{"f1": 2, "acc": 0.5}' };
    const { metrics, warnings } = await read(files, { metrics: ['a.json', 'b.json'] });
    expect(metrics['f1']).toBe(2);
    expect(warnings).toMatchObject([{ code: 'metric-duplicate', path: 'b.json' }]);
  });

  it('win over the last value of a curve, and lose to the value at the checkpoint', async () => {
    const files = {
      'metrics.json': '{"val_accuracy": 0.9}',
      'log.csv': 'epoch,val_accuracy\n1,0.5\n2,0.6\n3,0.7\n',
    };
    const paths = { metrics: ['metrics.json'], curves: ['log.csv'] };
    const last = await read(files, paths);
    expect(last.metrics).toEqual({ val_accuracy: 0.9 });
    expect(last.origins).toEqual({ val_accuracy: { path: 'metrics.json' } });
    const second = await read(files, { ...paths, weights: 'ckpt/epoch_2.pt' });
    expect(second.metrics).toEqual({ val_accuracy: 0.6 });
    expect(second.origins).toEqual({
      val_accuracy: { path: 'log.csv', at: 'checkpoint', step: 2 },
    });
  });
});

describe('curves', () => {
  it('of a Keras history', async () => {
    const history =
      '{"loss": [0.9, 0.5, NaN], "val_accuracy": [0.1, null, 0.3], "lr": [1, 1, 0.1]}';
    const { metrics, origins, curves } = await read({ 'history.json': history });
    expect(curves).toEqual([
      { name: 'loss', axis: 'index', steps: [0, 1, 2], values: [0.9, 0.5, 'NaN'] },
      { name: 'val_accuracy', axis: 'index', steps: [0, 2], values: [0.1, 0.3] },
      { name: 'lr', axis: 'index', steps: [0, 1, 2], values: [1, 1, 0.1] },
    ]);
    expect(metrics).toEqual({ loss: 'NaN', val_accuracy: 0.3 });
    expect(origins['loss']).toEqual({ path: 'history.json', at: 'last', step: 2 });
  });

  it('of a history among the metrics files, and with its own epochs', async () => {
    const history = '{"epoch": [1, 2], "loss": [0.9, 0.5]}';
    const { curves } = await read({ 'h.json': history }, { metrics: ['h.json'] });
    expect(curves).toEqual([{ name: 'loss', axis: 'epoch', steps: [1, 2], values: [0.9, 0.5] }]);
  });

  it('of a Keras CSV log, with NA and nan', async () => {
    const log = 'epoch,accuracy,loss,val_loss\r\n0,0.5,0.9,NA\r\n1,0.6,nan,0.7\r\n';
    const { curves, metrics } = await read({ 'log.csv': log });
    expect(curves).toEqual([
      { name: 'accuracy', axis: 'epoch', steps: [0, 1], values: [0.5, 0.6] },
      { name: 'loss', axis: 'epoch', steps: [0, 1], values: [0.9, 'NaN'] },
      { name: 'val_loss', axis: 'epoch', steps: [1], values: [0.7] },
    ]);
    expect(metrics).toEqual({ accuracy: 0.6, loss: 'NaN', val_loss: 0.7 });
  });

  it('of sparse Lightning rows get the axis that tells their points apart', async () => {
    const log = [
      'epoch,step,train_loss_step,train_loss_epoch,val_acc',
      '0,49,0.9,,',
      '0,99,0.8,,',
      '0,99,,,0.5',
      '0,99,,0.85,',
      '1,149,0.7,,',
      '1,199,,,0.6',
      '1,199,,0.65,',
    ].join('\n');
    const { curves, metrics, origins } = await read(
      { 'metrics.csv': log },
      { curves: ['metrics.csv'], weights: 'checkpoints/epoch=0-step=100.ckpt' },
    );
    expect(curves).toEqual([
      {
        ...{ name: 'train_loss_step', axis: 'step', steps: [49, 99, 149], values: [0.9, 0.8, 0.7] },
        also: { epoch: [0, 0, 1] },
      },
      {
        ...{ name: 'train_loss_epoch', axis: 'epoch', steps: [0, 1], values: [0.85, 0.65] },
        also: { step: [99, 199] },
      },
      {
        ...{ name: 'val_acc', axis: 'epoch', steps: [0, 1], values: [0.5, 0.6] },
        also: { step: [99, 199] },
      },
    ]);
    expect(metrics).toEqual({ train_loss_step: 0.8, val_acc: 0.5, train_loss_epoch: 0.85 });
    expect(origins['val_acc']).toEqual({ path: 'metrics.csv', at: 'checkpoint', step: 0 });
  });

  it('of a Hugging Face trainer state at the checkpoint of its folder', async () => {
    const state = JSON.stringify({
      global_step: 1000,
      best_metric: 0.4,
      log_history: [
        { step: 250, epoch: 0.5, loss: 0.9, learning_rate: 5e-5 },
        { step: 500, epoch: 1, eval_loss: 0.6, eval_accuracy: 0.7 },
        { step: 500, epoch: 1, loss: 0.8, learning_rate: 4e-5 },
        { step: 1000, epoch: 2, eval_loss: 0.5, eval_accuracy: 0.8 },
      ],
    });
    const { metrics, origins, curves } = await read(
      { 'trainer_state.json': state },
      { curves: ['trainer_state.json'], weights: 'out/checkpoint-500/model.safetensors' },
    );
    expect(metrics).toEqual({ loss: 0.8, eval_loss: 0.6, eval_accuracy: 0.7 });
    expect(origins['eval_loss']).toMatchObject({ at: 'checkpoint' });
    expect(curves.find(({ name }) => name === 'loss')).toMatchObject({
      axis: 'step',
      steps: [250, 500],
    });
  });

  it.each([
    ['seconds since 1970', '_timestamp', [1.7e9, 1.7e9 + 2], [1.7e12, 1.7e12 + 2_000]],
    ['milliseconds since 1970', 'timestamp', [1.7e12, 1.7e12 + 5], [1.7e12, 1.7e12 + 5]],
    ['seconds since the beginning', '_runtime', [0.5, 30], [500, 30_000]],
    ['how long each epoch took', 'time', [30, 29], undefined],
    ['a clock that stood still', 'time', [30, 30], undefined],
    ['a name that no clock has', 'eta', [1, 2], undefined],
  ])('keep when they were logged: %s', async (_, name, cells, time) => {
    const rows = cells.map((cell, index) => ({ step: index, loss: index + 1, [name]: cell }));
    const columns = { step: [0, 1], loss: [1, 2], [name]: cells };
    const table = `step,loss,${name}\n0,1,${cells[0]}\n1,2,${cells[1]}\n`;
    const curve = { name: 'loss', axis: 'step', steps: [0, 1], values: [1, 2] };
    const files: Record<string, string>[] = [
      { 'l.jsonl': rows.map((row) => JSON.stringify(row)).join('\n') },
      { 'h.json': JSON.stringify(columns) },
      { 'l.csv': table },
    ];
    for (const file of files) {
      const { curves } = await read(file);
      expect(curves).toEqual([time === undefined ? curve : { ...curve, also: { time } }]);
    }
  });

  it('of JSON Lines, the last of which may be cut short', async () => {
    const lines = '{"step": 1, "loss": 2.5}\n\n{"step": 2, "loss": NaN}\n{"step": 3, "lo';
    const { curves } = await read({ 'log.jsonl': lines });
    expect(curves).toEqual([{ name: 'loss', axis: 'step', steps: [1, 2], values: [2.5, 'NaN'] }]);
  });

  it('of quoted cells, other separators and columns that are no numbers', async () => {
    const quoted = 'epoch,"val, acc",note\n1,0.5,"a ""b"", c"\n2,0.6,\n';
    const semicolons = 'step;loss;time\n1;0.5;12\n2;0.4;24\n';
    const tabs = 'step\tf1\n5\t0.5\n';
    const files = { 'a.csv': quoted, 'b.csv': semicolons, 'c.tsv': tabs };
    const { curves } = await read(files);
    expect(curves.map(({ name, steps }) => [name, steps])).toEqual([
      ['val, acc', [1, 2]],
      ['loss', [1, 2]],
      ['f1', [5]],
    ]);
  });

  it('with the header repeated by a second training go on, and the last value is the last', async () => {
    const log = 'epoch,loss\n1,5\n2,4\nepoch,loss\n1,3\n';
    const { curves, metrics } = await read({ 'log.csv': log });
    expect(curves).toEqual([{ name: 'loss', axis: 'epoch', steps: [1, 2, 1], values: [5, 4, 3] }]);
    expect(metrics).toEqual({ loss: 3 });
  });

  it('take a checkpoint only where exactly its step is on the axis', async () => {
    const files = { 'log.csv': 'epoch,f1\n0,0.1\n1,0.2\n2,0.3\n', 'h.json': '{"acc": [1, 2, 3]}' };
    const paths = { curves: ['log.csv', 'h.json'] };
    const { metrics, origins } = await read(files, { ...paths, weights: 'epoch_3.pt' });
    expect(metrics).toEqual({ f1: 0.3, acc: 3 });
    expect(origins['f1']).toEqual({ path: 'log.csv', at: 'last', step: 2 });
    // An index is no epoch: nobody knows whether the name counts from 0 or 1.
    expect((await read(files, { ...paths, weights: 'epoch_1.pt' })).metrics).toEqual({
      f1: 0.2,
      acc: 3,
    });
  });

  it('come back as they were logged', async () => {
    const number = fc.oneof(
      fc.double({ noDefaultInfinity: true }),
      fc.constantFrom(Infinity, -Infinity),
    );
    const rows = fc.array(fc.tuple(fc.option(number), fc.option(number)), {
      minLength: 1,
      maxLength: 6,
    });
    const text = (value: number | null) => (value === null ? '' : String(value));
    await fc.assert(
      fc.asyncProperty(rows, async (points) => {
        const csv = points.map(([a, b], epoch) => `${epoch},${text(a)},${text(b)}`).join('\n');
        const { curves } = await read({ 'log.csv': `epoch,a,b\n${csv}\n` });
        for (const [column, name] of ['a', 'b'].entries()) {
          const kept = points.flatMap((row, epoch) => {
            const value = row[column] ?? null;
            return value === null ? [] : [[epoch, Number(String(value))] as const];
          });
          const curve = curves.find((each) => each.name === name);
          expect(curve?.steps ?? []).toEqual(kept.map(([epoch]) => epoch));
          expect((curve?.values ?? []).map(Number)).toEqual(kept.map(([, value]) => value));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('of 20,000 rows are read whole', async () => {
    const rows = Array.from({ length: 20_000 }, (_, step) => `${step},0.5,0.25`);
    const { curves } = await read({ 'log.csv': `step,loss,acc\n${rows.join('\n')}` });
    expect(curves.map(({ values }) => values.length)).toEqual([20_000, 20_000]);
  });
});

describe('a malformed log', () => {
  it.each([
    ['log.json', '{"loss": [1,\n 2}', 'line 2: a comma or ] is missing'],
    ['log.jsonl', '{"step": 1}\n{"step": \n{"step": 3}\n', 'line 2: a value is missing'],
    ['log.json', '3', 'it holds no named values'],
    ['log.csv', 'epoch,loss\n1,"0.5\n2,0.4\n', 'line 3: a quote is not closed or misplaced'],
    ['log.csv', '', 'it has no header'],
  ])('%s of %j is refused', async (path, text, why) => {
    await expect(read({ [path]: text })).rejects.toMatchObject({
      code: 'unreadable',
      data: { path, why },
    });
  });

  it('with very many columns is refused, with both numbers', async () => {
    const header = Array.from({ length: 3000 }, (_, index) => `c${index}`).join();
    await expect(read({ 'log.csv': header })).rejects.toMatchObject({
      data: { why: 'it has 3000 columns or more, at most 2000 are read' },
    });
  });

  it('with very deep nesting is refused', async () => {
    const deep = `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`;
    await expect(read({ 'm.json': deep }, { metrics: ['m.json'] })).rejects.toMatchObject({
      code: 'unreadable',
    });
    await expect(read({ 'm.jsonl': deep })).rejects.toMatchObject({ code: 'unreadable' });
  });
});

describe('numbers in cells', () => {
  it.each<[string, JsonNumber | null | undefined]>([
    ['0.5', 0.5],
    ['-1e-3', -0.001],
    ['+.5', 0.5],
    ['5.', 5],
    ['1e999', 'Infinity'],
    ['nan', 'NaN'],
    ['-NaN', 'NaN'],
    ['inf', 'Infinity'],
    ['-Infinity', '-Infinity'],
    ['', null],
    ['NA', null],
    ['None', null],
    ['-', null],
    ['0x10', undefined],
    ['1,5', undefined],
    ['87%', undefined],
    ['text', undefined],
  ])('%j is %j', (text, value) => {
    expect(metricNumber(text)).toBe(value);
  });
});

describe('the step in a checkpoint name', () => {
  it.each([
    ['checkpoints/epoch_07.pt', 7, null],
    ['epoch=7-step=800.ckpt', 7, 800],
    ['out/checkpoint-500/model.safetensors', null, 500],
    ['step-0030.safetensors', null, 30],
    ['ckpt_500.pt', null, 500],
    ['weights.07-0.35.h5', 7, null],
    ['model_e12.pth', 12, null],
    ['model-global_step_10.bin', null, 10],
    ['best.pt', null, null],
    ['resnet50.pt', null, null],
    ['model_v3.pt', null, null],
    ['steps.pt', null, null],
  ])('%s', (path, epoch, step) => {
    expect(checkpointStep(path)).toEqual(epoch === null && step === null ? null : { epoch, step });
  });
});
