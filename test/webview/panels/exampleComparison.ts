import type {
  CompareView,
  FileCell,
  MetricCell,
  Side,
  ValueRow,
  VersionChoice,
} from '../../../src/wire/comparePanel';
import { nasty } from './exampleVersions';

const descriptions: Readonly<Record<string, string>> = {
  'digits@v7.1': 'early stopping after five epochs without a better validation accuracy',
  'digits@v6.1': 'momentum',
  'digits@v3.1': 'wider hidden layer',
};

const choices: readonly VersionChoice[] = Object.entries(descriptions).map(
  ([reference, description], index) => ({
    reference,
    title: titleOf(reference),
    description,
    detail: `val_accuracy 0.9${index} · ${index + 2} h ago`,
    current: index === 0,
  }),
);

function titleOf(side: Side): string {
  return side === null ? 'Working files' : (side.match(/@(\w+)/)?.[1] ?? side);
}

function metric(text: string, exact: string, delta: string | null, better: boolean | null) {
  const verdict = better === null ? null : better ? 'better' : 'worse';
  return { text, exact, delta, verdict, changed: delta !== null } satisfies MetricCell;
}

function values(key: string, texts: readonly (string | null)[]): ValueRow {
  const cells = texts.map((text) => ({ text, changed: text !== texts[0] }));
  return { key, cells, changed: cells.some(({ changed }) => changed) };
}

function file(status: FileCell['status'], size: string | null, digest: string | null): FileCell {
  return { status, size, digest };
}

/** What the extension would say about these sides; with two it is a whole story. */
export function compareView(sides: readonly Side[]): CompareView {
  const others = sides.slice(1);
  const each = <T>(base: T, other: T): T[] => [base, ...others.map(() => other)];
  return {
    model: 'digits',
    sides: sides.map((side) => ({
      side,
      title: titleOf(side),
      description: side === null ? '' : (descriptions[side] ?? ''),
      createdAt: side === null ? null : '2026-11-21T10:00:00.000Z',
      creator: side === null ? null : 'Ada',
    })),
    choices,
    overview: others.map((_, index) => ({
      side: index + 1,
      sentences: [
        'val_accuracy 0.9424 → 0.951 (▲ 0.0086 better)',
        'lr 0.01 → 0.001',
        'early_stopping.patience 5 added',
        '2 model files changed',
        '2 files of code',
        'same data',
        'same environment',
      ],
    })),
    metrics: [
      {
        key: 'val_accuracy',
        primary: true,
        changed: true,
        cells: each(
          metric('0.9424', '0.9424242424242424', null, null),
          metric('0.951', '0.95101010101', '▲ 0.0086', true),
        ),
      },
      {
        key: 'val_loss',
        primary: false,
        changed: true,
        cells: each(
          metric('0.21', '0.21', null, null),
          metric('0.2345', '0.23451', '▲ 0.0245', false),
        ),
      },
      {
        key: 'train_seconds',
        primary: false,
        changed: false,
        cells: each(metric('12.3', '12.3', null, null), metric('12.3', '12.3', null, null)),
      },
    ],
    parameters: [
      values('lr', each('0.01', '0.30000000000000004')),
      values('early_stopping.patience', each<string | null>(null, '5')),
      values(
        'a_parameter_with_a_name_that_is_much_longer_than_usual_and_has_no_spaces',
        each('a', 'b'),
      ),
      values('epochs', each('40', '40')),
      values('seed', each('20261121', '20261121')),
    ],
    files: [
      {
        path: 'models/digits.safetensors',
        changed: true,
        cells: each(
          file(null, '12.3 MB', '0123456789ab'),
          file('modified', '12.4 MB', 'ba9876543210'),
        ),
      },
      {
        path: 'models/tokenizer.json',
        changed: true,
        cells: each(file(null, null, null), file('added', '1.2 kB', 'cafe00000000')),
      },
      {
        path: 'models/config.json',
        changed: false,
        cells: each(file(null, '512 B', 'feed00000000'), file(null, '512 B', 'feed00000000')),
      },
    ],
    data: [values('data/digits.csv', each('sha256 0123456789ab…', 'sha256 0123456789ab…'))],
    environment: [
      values('python', each('3.11.7', '3.11.7')),
      values('platform', each('linux-x64', 'linux-x64')),
    ],
    code: others.map((_, index) => ({
      side: index + 1,
      files: [
        { path: 'train.py', status: 'modified' },
        { path: 'digits/network.py', status: 'renamed', from: 'digits/model.py' },
      ],
    })),
  };
}

/** The same with every text an attempt at injection. */
export function nastyComparison(sides: readonly Side[]): CompareView {
  const view = compareView(sides);
  return {
    ...view,
    model: nasty,
    sides: view.sides.map((side) => ({ ...side, title: nasty, description: nasty })),
    choices: view.choices.map((choice) => ({ ...choice, title: nasty, description: nasty })),
    overview: view.overview.map(({ side }) => ({ side, sentences: [nasty, nasty] })),
    metrics: view.metrics.map((row) => ({ ...row, key: nasty })),
    parameters: view.parameters.map((row) => ({
      ...row,
      key: nasty,
      cells: row.cells.map((cell, index) => ({ ...cell, text: `${nasty}${index}` })),
    })),
    files: view.files.map((row) => ({ ...row, path: nasty })),
    data: view.data.map((row) => ({ ...row, key: nasty })),
    environment: view.environment.map((row) => ({ ...row, key: nasty })),
    code: view.code.map(({ side, files }) => ({
      side,
      files: files.map((change) => ({ ...change, path: nasty })),
    })),
  };
}
