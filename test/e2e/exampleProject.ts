import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { versions } from '../../examples/digits/making/versions.mjs';
import { type Commit, cairn, commitAll, curvesTo, predicted, train } from './trainedProject';

/** What the example's trainings come to: epochs, images read rightly, hidden units. */
const outcomes = [
  [12, 272, 16],
  [12, 334, 16],
  [15, 337, 32],
  [15, 31, 32],
  [15, 347, 32],
  [18, 352, 32],
] as const;

/** Goes on from the example's first two versions to all of its history. */
export function goOnAsExample(folder: string, cli: string): void {
  const commits = versions.map(({ message, edits }, index): Commit => {
    const [epochs, correct, units] = outcomes[index] ?? outcomes[0];
    const settings = edits as Readonly<Record<string, string>>;
    return { message, settings, epochs, correct, units, seed: index + 1 };
  });
  commitAll(folder, cli, commits.slice(2));
}

/** One of two versions that differ in everything that a version has. */
interface Other {
  readonly message: string;
  readonly units: number;
  readonly correct: number;
  /** Of the data that is held back. */
  readonly rows: number;
  readonly optimizer: { readonly lr: number; readonly momentum: number };
  readonly packages: readonly string[];
}

const configuration = `models:
  digits:
    datasets:
      - path: data/heldOut.csv
    artifacts:
      - models/digits.safetensors
    parameters:
      - train.py
      - settings.json
    metrics:
      - metrics.json
    curves:
      - history.csv
    predictions: predictions.csv
    primary:
      metric: val_accuracy
      better: higher
`;

const others: readonly [Other, Other] = [
  {
    ...{ message: 'Settings and held-out data in files', units: 32, correct: 340, rows: 359 },
    optimizer: { lr: 0.05, momentum: 0.9 },
    packages: ['numpy-2.1.0', 'pandas-2.2.2'],
  },
  {
    ...{ message: 'Everything is another', units: 48, correct: 350, rows: 380 },
    optimizer: { lr: 0.02, momentum: 0.8 },
    packages: ['numpy-2.1.1', 'torch-2.5.0'],
  },
];

/** Commits two versions that differ in all that versions are compared by. */
export function commitOthers(folder: string, cli: string): void {
  const write = (name: string, text: string) => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };
  write('cairn.yaml', configuration);
  for (const [index, other] of others.entries()) {
    const { units, correct, rows, optimizer, packages, message } = other;
    train(folder, { epochs: 12, correct, units, seed: 20 + index });
    rmSync(path.join(folder, 'history.json'));
    write('settings.json', JSON.stringify({ optimizer }));
    write('history.csv', history(correct / 359));
    write('data/heldOut.csv', heldOut(rows));
    write('predictions.csv', namedPredictions(correct));
    rmSync(path.join(folder, '.venv'), { recursive: true, force: true });
    write('.venv/pyvenv.cfg', 'version = 3.12.1\n');
    const own = `.venv/lib/python3.12/site-packages`;
    for (const name of packages) write(`${own}/${name}.dist-info/METADATA`, metadata(name));
    cairn(cli, folder, 'commit', '-m', message);
  }
}

/** A row an epoch, each of a hundred steps and three seconds. */
function history(accuracy: number): string {
  const { val_accuracy, val_loss } = curvesTo(accuracy, 12);
  const rows = val_accuracy.map((value, index) => {
    const epoch = index + 1;
    return [epoch, epoch * 100, 1_764_000_000 + epoch * 3, value, val_loss[index]].join(',');
  });
  return `epoch,step,timestamp,val_accuracy,val_loss\n${rows.join('\n')}\n`;
}

function heldOut(rows: number): string {
  const lines = Array.from({ length: rows }, (_, index) => `image-${index},${(index * 7) % 10}`);
  return `id,label\n${lines.join('\n')}\n`;
}

function namedPredictions(correct: number): string {
  const lines = predicted(correct).map((pair, index) => [`image-${index}`, ...pair].join(','));
  return `id,y_true,y_pred\n${lines.join('\n')}\n`;
}

function metadata(release: string): string {
  const [name, version] = release.split('-');
  return `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`;
}
