import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const example = path.join(import.meta.dirname, '../../examples/digits');
const sources = ['.gitattributes', '.gitignore', 'data', 'predict.py', 'train.py'];

/** How many images the example holds back for validation. */
const validated = 359;

/** What one training is like: what a person sets, and what comes out of it. */
export interface Training {
  /** Assignments of train.py, as Python source. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly epochs: number;
  /** How many of the validation images are read rightly in the end. */
  readonly correct: number;
  /** Units of the hidden layer. */
  readonly units: number;
  /** Other weights for another number. */
  readonly seed: number;
}

export interface Commit extends Training {
  readonly message: string;
}

const history: readonly Commit[] = [
  {
    epochs: 12,
    correct: 272,
    units: 16,
    seed: 1,
    message: 'Baseline: raw pixels, 16 hidden units',
  },
  {
    settings: { SCALE: '16.0', LEARNING_RATE: '0.1' },
    epochs: 12,
    correct: 334,
    units: 16,
    seed: 2,
    message: 'Scale the pixels to 0..1, which bears a higher learning rate',
  },
  {
    settings: { LEARNING_RATE: '2.0' },
    epochs: 12,
    correct: 31,
    units: 16,
    seed: 3,
    message: 'Try a much higher learning rate',
  },
  {
    settings: { LEARNING_RATE: '0.05', MOMENTUM: '0.9', HIDDEN_LAYERS: '[32]' },
    epochs: 15,
    correct: 347,
    units: 32,
    seed: 4,
    message: 'Back to a low learning rate, with momentum',
  },
];

/**
 * Four versions of the model `digits` in a Git repository of the example's code and data. The
 * trainings are played: settings, weights, metrics, curves and predictions are what the example
 * would write, out of a formula.
 * @param begun is told of the folder once the example's own first two versions are in it
 */
export function makeTrainedProject(folder: string, cli: string, begun: () => void): void {
  makeRepository(folder);
  commitAll(folder, cli, history.slice(0, 2));
  begun();
  commitAll(folder, cli, history.slice(2));
}

/** Plays trainings, and commits what they leave through `cli`. */
export function commitAll(folder: string, cli: string, commits: readonly Commit[]): void {
  for (const { message, ...training } of commits) {
    train(folder, training);
    if (!existsSync(path.join(folder, 'cairn.yaml'))) cairn(cli, folder, 'init');
    cairn(cli, folder, 'commit', '-m', message);
  }
}

/** The example's code and data in a Git repository, with nothing trained. */
function makeRepository(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of sources) {
    cpSync(path.join(example, name), path.join(folder, name), { recursive: true });
  }
  git(folder, 'init', '--quiet', '--initial-branch', 'main');
  git(folder, 'config', 'user.name', 'Ada');
  git(folder, 'config', 'user.email', 'ada@example.org');
  git(folder, 'add', '--all');
  git(folder, 'commit', '--quiet', '--message', 'A classifier of handwritten digits');
}

export function git(folder: string, ...words: string[]): string {
  return execFileSync('git', words, { cwd: folder, encoding: 'utf8' });
}

/** Runs the command line as another terminal would; gives what it printed. */
export function cairn(cli: string, folder: string, ...words: string[]): string {
  return execFileSync(process.execPath, [cli, ...words], { cwd: folder, encoding: 'utf8' });
}

/** Leaves in the folder what a training would. */
export function train(folder: string, training: Training): void {
  for (const [name, literal] of Object.entries(training.settings ?? {})) {
    setParameter(folder, name, literal);
  }
  setParameter(folder, 'EPOCHS', String(training.epochs));
  const accuracy = training.correct / validated;
  const curves = curvesTo(accuracy, training.epochs);
  const last = (values: readonly number[]) => values.at(-1);
  const metrics = {
    val_accuracy: accuracy,
    val_loss: last(curves.val_loss),
    train_accuracy: last(curves.accuracy),
    train_loss: last(curves.loss),
    epochs: training.epochs,
  };
  const write = (name: string, content: string | Buffer) =>
    writeFileSync(path.join(folder, name), content);
  write('metrics.json', `${JSON.stringify(metrics, null, 2)}\n`);
  write('history.json', `${JSON.stringify(curves, null, 2)}\n`);
  write('predictions.csv', predictions(training.correct));
  mkdirSync(path.join(folder, 'models'), { recursive: true });
  write('models/digits.safetensors', weights(training.units, training.seed));
}

/** Changes an assignment of train.py, as a person would in an editor. */
export function setParameter(folder: string, name: string, literal: string): void {
  const file = path.join(folder, 'train.py');
  const line = new RegExp(`^${name} = .*$`, 'm');
  const source = readFileSync(file, 'utf8');
  if (!line.test(source)) throw new Error(`train.py does not assign ${name}`);
  writeFileSync(
    file,
    source.replace(line, () => `${name} = ${literal}`),
  );
}

/** Curves that come near `accuracy` as trainings do: fast at first, and not quite evenly. */
export function curvesTo(accuracy: number, epochs: number) {
  const steps = Array.from({ length: epochs }, (_, epoch) => 1 - Math.exp(-(epoch + 1) / 3));
  const reached = 1 - Math.exp(-epochs / 3);
  const towards = (from: number, to: number) =>
    steps.map((step, index) => {
      const wave = Math.sin(index * 12.9898 + accuracy * 50) * 0.05 * (1 - step / reached);
      return from + (to - from) * (step / reached + wave);
    });
  return {
    loss: towards(2.3, 2.2 * (1 - accuracy) + 0.05),
    accuracy: towards(0.1, accuracy * 0.99),
    val_loss: towards(2.3, 2.3 * (1 - accuracy) + 0.06),
    val_accuracy: towards(0.1, accuracy),
  };
}

function predictions(correct: number): string {
  const lines = predicted(correct).map((pair) => pair.join(','));
  return `y_true,y_pred\n${lines.join('\n')}\n`;
}

/** The digits of the validation images, and what they are taken for. */
export function predicted(correct: number): (readonly [truth: number, taken: number])[] {
  return Array.from({ length: validated }, (_, index) => {
    const digit = (index * 7) % 10;
    return [digit, index < correct ? digit : (digit + 1) % 10];
  });
}

/** A safetensors file of two layers: u64 header length, JSON header, float32 data. */
export function weights(units: number, seed: number): Buffer {
  const shapes = {
    'layers.0.weight': [units, 64],
    'layers.0.bias': [units],
    'layers.1.weight': [10, units],
    'layers.1.bias': [10],
  };
  const header: Record<string, unknown> = {};
  let end = 0;
  for (const [name, shape] of Object.entries(shapes)) {
    const begin = end;
    end += 4 * shape.reduce((product, size) => product * size, 1);
    header[name] = { dtype: 'F32', shape, data_offsets: [begin, end] };
  }
  const text = JSON.stringify(header);
  const padded = text.padEnd(Math.ceil(text.length / 8) * 8);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const numbers = Float32Array.from({ length: end / 4 }, (_, index) => Math.sin(index * seed + 1));
  return Buffer.concat([length, Buffer.from(padded), Buffer.from(numbers.buffer)]);
}
