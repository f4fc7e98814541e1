import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const example = fileURLToPath(new URL('../../examples/digits', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));

function findPython(): string | undefined {
  const check = ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))'];
  return ['python3', 'python'].find((command) => spawnSync(command, check).status === 0);
}

const python = findPython();
const folders: string[] = [];

/** A copy of the example with other settings: `{ EPOCHS: '2' }`. */
function exampleWith(settings: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'cairn-digits-'));
  folders.push(folder);
  cpSync(example, folder, { recursive: true });
  let source = readFileSync(join(folder, 'train.py'), 'utf8');
  for (const [name, literal] of Object.entries(settings)) {
    source = source.replace(new RegExp(`^${name} = .*$`, 'm'), `${name} = ${literal}`);
  }
  writeFileSync(join(folder, 'train.py'), source);
  return folder;
}

async function runPython(folder: string, ...args: string[]): Promise<string> {
  return runPythonWith({}, folder, ...args);
}

async function runPythonWith(
  variables: Record<string, string>,
  folder: string,
  ...args: string[]
): Promise<string> {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: '1', ...variables };
  const options = { cwd: folder, env };
  return (await promisify(execFile)(python ?? 'python3', args, options)).stdout;
}

interface Tensor {
  readonly shape: number[];
  readonly data: Float32Array;
}

/** Reads a safetensors file strictly: every byte is accounted for, in the order of the header. */
function readSafetensors(path: string): {
  metadata: Record<string, string>;
  tensors: Map<string, Tensor>;
} {
  const bytes = readFileSync(path);
  const length = Number(bytes.readBigUInt64LE(0));
  expect(length % 8).toBe(0);
  const text = bytes.subarray(8, 8 + length).toString('utf8');
  expect(text).toMatch(/^\{.*\} *$/);
  const { __metadata__: metadata, ...entries } = JSON.parse(text);
  const tensors = new Map<string, Tensor>();
  let expected = 0;
  for (const [name, { dtype, shape, data_offsets }] of Object.entries<{
    dtype: string;
    shape: number[];
    data_offsets: [number, number];
  }>(entries)) {
    const [begin, end] = data_offsets;
    expect(dtype).toBe('F32');
    expect(begin).toBe(expected);
    expect(end - begin).toBe(4 * shape.reduce((product, size) => product * size, 1));
    expected = end;
    const numbers = new Float32Array((end - begin) / 4);
    numbers.forEach((_, i) => {
      numbers[i] = bytes.readFloatLE(8 + length + begin + 4 * i);
    });
    tensors.set(name, { shape, data: numbers });
  }
  expect(bytes.length).toBe(8 + length + expected);
  return { metadata, tensors };
}

/** The network's arithmetic a second time, written from its definition: ReLU layers, then softmax. */
function scoresOf(tensors: Map<string, Tensor>, pixels: number[]): number[] {
  let values = pixels;
  const layers = tensors.size / 2;
  for (let layer = 0; layer < layers; layer++) {
    const weight = tensors.get(`layers.${layer}.weight`)!;
    const bias = tensors.get(`layers.${layer}.bias`)!;
    const inputs = weight.shape[1]!;
    const below = values;
    values = Array.from(bias.data, (start, unit) =>
      below.reduce((sum, value, i) => sum + value * weight.data[unit * inputs + i]!, start),
    );
    if (layer < layers - 1) values = values.map((value) => Math.max(value, 0));
  }
  const powers = values.map((value) => Math.exp(value - Math.max(...values)));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}

const numbersIn = (csv: string) =>
  csv
    .trim()
    .split('\n')
    .map((line) => line.split(',').map(Number));

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe.skipIf(python === undefined)('the digits example', () => {
  const settings = {
    SCALE: '16.0',
    HIDDEN_LAYERS: '[10, 8]',
    LEARNING_RATE: '0.1',
    MOMENTUM: '0.9',
    SHIFTED_SHARE: '0.1',
    EPOCHS: '2',
  };
  let folder: string;
  let again: string;
  const json = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const predictions = () => {
    const [header, ...rows] = readFileSync(join(folder, 'predictions.csv'), 'utf8')
      .trim()
      .split('\n');
    return { header, rows: numbersIn(rows.join('\n')) };
  };

  beforeAll(async () => {
    folder = exampleWith(settings);
    again = exampleWith(settings);
    // One with the module and a repository, one without: what comes of it must be the same.
    expect(spawnSync('git', ['init', '-q'], { cwd: again }).status).toBe(0);
    const module = { PYTHONPATH: fileURLToPath(new URL('../../python', import.meta.url)) };
    await Promise.all([runPython(folder, 'train.py'), runPythonWith(module, again, 'train.py')]);
  }, 60_000);

  it('writes a strict safetensors file with the shapes that the settings ask for', () => {
    const { metadata, tensors } = readSafetensors(join(folder, 'models/digits.safetensors'));
    expect(metadata).toEqual({ scale: '16.0', validation_share: '0.2' });
    expect([...tensors].map(([name, { shape }]) => [name, shape])).toEqual([
      ['layers.0.weight', [10, 64]],
      ['layers.0.bias', [10]],
      ['layers.1.weight', [8, 10]],
      ['layers.1.bias', [8]],
      ['layers.2.weight', [10, 8]],
      ['layers.2.bias', [10]],
    ]);
  });

  it('predicts what the saved weights say about images of the data set', () => {
    const { tensors } = readSafetensors(join(folder, 'models/digits.safetensors'));
    const images = numbersIn(readFileSync(join(folder, 'data/digits.csv'), 'utf8'));
    const known = images.map((row) => ({
      digit: row[64],
      scores: scoresOf(
        tensors,
        row.slice(0, 64).map((pixel) => pixel / 16),
      ),
    }));
    const { header, rows } = predictions();
    expect(header).toBe(`y_true,y_pred,${[...Array(10).keys()].map((d) => `score_${d}`)}`);
    expect(rows).toHaveLength(359);
    for (const [truth, predicted, ...scores] of rows) {
      const match = known.find((image) =>
        image.scores.every((score, i) => Math.abs(score - scores[i]!) < 1e-6),
      );
      expect(match?.digit).toBe(truth);
      expect(scores.indexOf(Math.max(...scores))).toBe(predicted);
    }
  });

  it('reports the metrics that follow from its predictions, and has learned', () => {
    const { rows } = predictions();
    const right = rows.filter(([truth, predicted]) => truth === predicted).length;
    const loss = rows.reduce((sum, [truth, , ...scores]) => sum - Math.log(scores[truth!]!), 0);
    const metrics = json('metrics.json');
    expect(metrics.val_accuracy).toBeCloseTo(right / rows.length, 6);
    expect(metrics.val_loss).toBeCloseTo(loss / rows.length, 5);
    expect(metrics.val_accuracy).toBeGreaterThan(0.6);
    expect(metrics.epochs).toBe(2);
  });

  it('keeps one value of each curve for each epoch, ending in the metrics', () => {
    const history = json('history.json');
    expect(Object.keys(history)).toEqual(['loss', 'accuracy', 'val_loss', 'val_accuracy']);
    for (const curve of Object.values<number[]>(history)) expect(curve).toHaveLength(2);
    expect(history.val_loss[1]).toBe(json('metrics.json').val_loss);
    expect(history.val_accuracy[1]).toBe(json('metrics.json').val_accuracy);
    expect(history.loss[1]).toBeLessThan(history.loss[0]);
  });

  it('writes the same bytes for the same settings, and nothing beside them', () => {
    const made = ['models/digits.safetensors', 'metrics.json', 'history.json', 'predictions.csv'];
    for (const name of made) {
      expect(readFileSync(join(again, name)).equals(readFileSync(join(folder, name)))).toBe(true);
    }
    const names = [...readdirSync(folder), ...readdirSync(join(folder, 'models'))];
    expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('reads the weights back and finds the same accuracy', async () => {
    const accuracy = json('metrics.json').val_accuracy.toFixed(6);
    expect(await runPython(folder, 'predict.py')).toContain(`val_accuracy ${accuracy}`);
    expect(await runPython(folder, 'predict.py', '0')).toMatch(/network: \d \(\d+ %\)/);
  });

  it('tells Cairn how it goes on, where the module is there', () => {
    const inbox = join(again, '.git/cairn/inbox');
    const [run = ''] = readdirSync(inbox);
    const lines = readFileSync(join(inbox, run, 'journal.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const entries = lines.map((line) => JSON.parse(line));
    const logged = entries.filter(({ kind }) => kind === 'log');
    const history = json('history.json');
    expect(logged.map(({ values }) => values.val_loss)).toEqual(history.val_loss);
    expect(entries[0].parameters).toMatchObject({ HIDDEN_LAYERS: [10, 8], SCALE: 16 });
    expect(entries.at(-1)).toMatchObject({ kind: 'end', state: 'finished' });
  });

  it('stops with a sentence when the training diverges, and keeps the model that was there', async () => {
    const path = join(again, 'train.py');
    const source = readFileSync(path, 'utf8');
    writeFileSync(path, source.replace(/^LEARNING_RATE = .*$/m, 'LEARNING_RATE = 1e60'));
    const before = readFileSync(join(again, 'models/digits.safetensors'));
    await expect(runPython(again, 'train.py')).rejects.toMatchObject({
      code: 1,
      stderr: 'The training diverged in epoch 1; try a lower LEARNING_RATE.\n',
    });
    expect(readFileSync(join(again, 'models/digits.safetensors')).equals(before)).toBe(true);
  });

  it('has the gradients that finite differences give, and shifts images as it says', async () => {
    await runPython(example, join(here, 'train_test.py'), example);
  });
});
