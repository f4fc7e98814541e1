import type { FileWeights } from '../../../src/core/comparison';
import type {
  ComparisonEvidence,
  FileCell,
  MetricCell,
  Side,
  SideWeights,
  ValueRow,
} from '../../../src/core/comparisonReport';
import { comparePredictions } from '../../../src/core/predictionComparison';
import { finished } from '../../../src/core/steps';
import type { TensorDifference } from '../../../src/core/tensorComparison';
import { histogramOf } from '../../../src/core/tensorHistogram';
import type { CurveSet } from '../../../src/core/version';
import type { CompareView, VersionChoice } from '../../../src/wire/comparePanel';
import { curveOf, exampleRows, nasty, oddNames, oddNumbers } from './exampleVersions';

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
    baseline: false,
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
  return { status, size, digest, bytes: size === null ? 0 : 12_000_000 };
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
    weights: [],
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
      values('optimizer.name', each('sgd', 'adam')),
      values('optimizer.momentum', each<string | null>('0.9', null)),
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
      values('numpy', each('2.0.0', '2.0.0')),
    ],
    code: others.map((_, index) => ({
      side: index + 1,
      files: [
        { path: 'train.py', status: 'modified', lines: { added: 12, removed: 3 } },
        { path: 'digits/network.py', status: 'renamed', from: 'digits/model.py' },
      ],
    })),
  };
}

/** The curves of these sides, as the extension sends them. */
export function comparedCurves(sides: readonly Side[]): CurveSet[] {
  return sides.map((side) => {
    const row = exampleRows.find(({ reference }) => reference === side);
    return row?.series.map((name) => curveOf(row, name, 40)) ?? [];
  });
}

/** Ten classes, of which one side takes some for their neighbours more often than the other. */
function examplePredictions(wrongEvery: number) {
  const truth = Array.from({ length: 300 }, (_, index) => String(index % 10));
  const predicted = truth.map((was, index) =>
    index % wrongEvery === 0 ? String((Number(was) + 1 + (index % 3)) % 10) : was,
  );
  const rows = truth.map((_, index) => index);
  const names = { ids: null, idColumn: null, positive: null, metrics: ['accuracy'] };
  return { path: 'predictions.csv', kind: 'classes' as const, truth, predicted, rows, ...names };
}

/** What the sides' own files would tell. */
export function comparedEvidence(sides: readonly Side[]): ComparisonEvidence {
  const compared = finished(
    comparePredictions(examplePredictions(7), examplePredictions(19), null),
  );
  const counts = Array.from({ length: 10 }, (_, label) => ({
    label: String(label),
    count: 170 + ((label * 7) % 13),
  }));
  const table = {
    path: 'data/digits.csv',
    rows: 1797,
    columns: 65,
    classes: { column: 'column 65', counts },
  };
  return {
    predictions: sides
      .slice(1)
      .map((_, index) => ({ side: index + 1, path: 'predictions.csv', ...compared })),
    tables: sides.map(() => [table]),
  };
}

function tensor(name: string, relative: number | null): TensorDifference {
  const shown = { name, dtype: 'F32', shape: [64, 32], bytes: 8192 };
  const finite = { nan: 0, infinite: 0 };
  const figures = {
    ...{ elements: 2048, changed: 1987, distance: 3.21, largest: 0.5432109876 },
    relative: relative ?? 0,
    cosine: 1 - (relative ?? 0) / 3,
    notFinite: { from: finite, to: finite },
  };
  return {
    name,
    status: relative === null ? 'same' : 'changed',
    from: shown,
    to: shown,
    figures: relative === null ? null : figures,
  };
}

/** The weights of one file, whose backbone was frozen. */
export function comparedWeights(side: number): SideWeights {
  const added = { ...tensor('head.scale', null), status: 'added' as const, from: null };
  const file: FileWeights = {
    path: 'models/digits.safetensors',
    tensors: [
      tensor('head.out.weight', 0.3112345678),
      tensor('head.out.bias', 0.0221),
      added,
      ...Array.from({ length: 60 }, (_, layer) => tensor(`backbone.${layer}.weight`, null)),
    ],
    groups: [
      { name: 'head.out', tensors: 2, changed: 2, distance: 3.2, relative: 0.31 },
      { name: 'head.in', tensors: 2, changed: 2, distance: 0.2, relative: 0.041 },
      { name: 'backbone', tensors: 60, changed: 0, distance: 0, relative: null },
    ],
    whole: { name: '', tensors: 63, changed: 3, distance: 3.2, relative: 0.12 },
    architecture: [
      {
        path: 'network/head/out',
        status: 'changed',
        kind: 'Dense',
        attributes: [{ key: 'units', from: 10, to: 12 }],
      },
      { path: 'network/head/scale', status: 'added', kind: 'Scale', attributes: [] },
    ],
    sentences: [
      'backbone unchanged',
      'head: 3 of 3 tensors changed, 1 added, largest ‖Δ‖/‖W‖ 0.31 in head.out.weight',
    ],
  };
  return { side, files: [file] };
}

/** Bell-shaped, the second a little wider. */
export function comparedSpread() {
  const bell = (width: number) =>
    histogramOf(
      Float64Array.from({ length: 500 }, (_, index) => width * Math.tan((index - 249.5) / 200)),
    );
  return { from: bell(0.05), to: bell(0.07) };
}

/** The evidence and weights with every text an attempt at injection. */
export const nastyEvidence = (sides: readonly Side[]): ComparisonEvidence => {
  const { predictions, tables } = comparedEvidence(sides);
  const matrix = {
    labels: [nasty, `${nasty}2`],
    counts: [
      [5, 1],
      [2, 9],
    ],
  };
  return {
    predictions: predictions.map((one) =>
      'why' in one
        ? one
        : {
            ...one,
            metric: nasty,
            flipped: one.flipped.map((flip) => ({
              ...flip,
              ...{ id: nasty, truth: nasty, from: nasty, to: nasty },
            })),
            confusion: { from: matrix, to: matrix },
          },
    ),
    tables: tables.map((side) =>
      side.map((table) => ({
        ...table,
        path: nasty,
        classes: { column: nasty, counts: [{ label: nasty, count: 3 }] },
      })),
    ),
  };
};

export function nastyWeights(side: number): SideWeights {
  const { files } = comparedWeights(side);
  return {
    side,
    files: files.map((file) => ({
      ...file,
      path: nasty,
      sentences: [nasty],
      tensors: file.tensors.map((one) => ({ ...one, name: nasty, why: nasty })),
      groups: file.groups.map((group) => ({ ...group, name: nasty })),
      architecture: [
        {
          ...{ path: nasty, status: 'changed' as const, kind: nasty },
          attributes: [{ key: nasty, from: nasty, to: nasty }],
        },
      ],
    })),
  };
}

/** The same with odd names and numbers. */
export function oddComparison(sides: readonly Side[]): CompareView {
  const view = compareView(sides);
  const at = (index: number) => oddNames[index % oddNames.length] ?? '';
  const odd = (index: number) => String(oddNumbers[index % oddNumbers.length]);
  return {
    ...view,
    sides: view.sides.map((side, index) => ({ ...side, description: at(index) })),
    overview: view.overview.map(({ side }) => ({ side, sentences: oddNames.slice(side - 1) })),
    metrics: view.metrics.map((row, index) => ({
      ...row,
      key: index === 0 ? row.key : at(index + 2),
      cells: row.cells.map((cell, place) => ({ ...cell, text: odd(place + index) })),
    })),
    parameters: view.parameters.map((row, index) => ({
      ...row,
      key: index < 5 ? at(index) : row.key,
      cells: row.cells.map((cell, place) => ({ ...cell, text: at(place + index) })),
    })),
    files: view.files.map((row, index) => ({ ...row, path: at(index + 3) })),
    code: view.code.map(({ side, files }) => ({
      side,
      files: files.map((change, index) => ({ ...change, path: at(index + 3) })),
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
