import { axesOf, beginningOf, laidOn } from '../../../src/core/curveAxes';
import type {
  ChartCurve,
  ColumnValues,
  TableColumn,
  TableRow,
} from '../../../src/core/metricsTable';
import type { ParameterValue } from '../../../src/core/parameters';
import { plainParameter } from '../../../src/core/plainParameter';
import type { Curve, JsonNumber } from '../../../src/core/version';
import type { MetricsContract, MetricsView } from '../../../src/wire/metricsPanel';

/** A row with the values that the extension would read when they are asked for. */
export interface ExampleRow extends TableRow {
  readonly metrics: Readonly<Record<string, JsonNumber>>;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly stale: readonly string[];
  readonly series: readonly string[];
}

/** What somebody might write to be run by a careless page. */
export const nasty = `<img src=x onerror="toTest('ran')"><script>toTest('ran')</script>{a|b}`;

/** Names that are long, or written with other letters, or from right to left. */
export const oddNames = [
  '検証データの精度を改善するために学習率を下げ、隠れ層を広げた版',
  'معدل التعلم أصغر',
  'épreuve 🚀👩‍🔬 finale',
  'checkpoints/'.repeat(12).concat('epoch=0049-step=0001000-val_loss=0.123456.safetensors'),
  'a_name_without_any_place_to_break_it_'.repeat(6),
] as const;

/** Numbers at the ends of what there is, and none. */
export const oddNumbers: readonly JsonNumber[] = [
  ...[1e-7, -1e-12, 1.7976931348623157e308, 123456789.123, 0],
  ...(['NaN', 'Infinity', '-Infinity'] as const),
];

const descriptions = [
  'first try',
  'smaller learning rate',
  'wider hidden layer, scaled inputs, twice as many epochs and a long story about why',
  'learning rate far too high',
  'back to the small rate, momentum',
  'early stopping',
  '',
];

const rates = [0.1, 0.01, 0.01, 3, 0.005, 0.0050000000000000001, 0.30000000000000004];
const accuracies = [0.9122222222222223, 0.9355555, 0.9511111111111111, 0.1, 0.958, 0.9622222, 0.96];
const now = Date.parse('2026-11-23T00:00:00.000Z');

/** Versions of a digit classifier, the newest first. */
export const exampleRows: readonly ExampleRow[] = descriptions
  .map((description, index): ExampleRow => {
    const number = index + 1;
    const accuracy = accuracies[index] ?? 0;
    const loss: JsonNumber = number === 4 ? 'NaN' : 1.2345678 / number;
    return {
      reference: `digits@v${number}.1`,
      title: `v${number}`,
      number,
      label: number === 3 ? '2026-11-20-17-30' : null,
      description,
      createdAt: new Date(now - (15 - index * 2) * 3_600_000).toISOString(),
      creator: { name: number % 2 === 0 ? 'Ada' : 'Grace', email: 'ada@example.org' },
      state: null,
      curves: number > 1,
      relatives: [],
      metrics: {
        val_accuracy: accuracy,
        val_loss: loss,
        train_seconds: 1234.56789 * number,
        ...(number > 4 ? { f1_macro: accuracy - 0.0123456 } : {}),
      },
      stale: number === 2 ? ['val_loss'] : [],
      parameters: {
        lr: rates[index] ?? 0,
        hidden: number > 2 ? [64, 32] : [32],
        optimizer: number > 4 ? 'momentum' : 'sgd',
        seed: 20261121,
        epochs: 40,
        ...(number > 5 ? { 'early_stopping.patience': 5 } : {}),
      },
      series: number === 1 ? [] : ['loss', 'val_accuracy', 'val_loss'],
    };
  })
  .reverse();

/** A training that goes on. */
export const exampleRun: ExampleRow = {
  reference: 'run:20261122-training',
  title: 'wider, slower',
  number: null,
  label: null,
  description: 'cairn',
  createdAt: new Date(now - 60_000).toISOString(),
  creator: null,
  state: 'running',
  curves: true,
  relatives: [],
  metrics: { val_accuracy: 0.71, val_loss: 0.9 },
  parameters: { lr: 0.02, hidden: [128], optimizer: 'sgd', seed: 20261121, epochs: 80 },
  stale: [],
  series: ['loss', 'val_accuracy', 'val_loss'],
};

/** The same with every text an attempt at injection. */
export const nastyRows: readonly ExampleRow[] = exampleRows.map((row, index) => ({
  ...row,
  title: `v${index} ${nasty}`,
  label: nasty,
  description: nasty,
  creator: { name: nasty, email: nasty },
  metrics: { ...row.metrics, [nasty]: index },
  parameters: { ...row.parameters, [nasty]: `${nasty} ${index}` },
  series: [nasty],
}));

/** The same with odd names and numbers. */
export const oddRows: readonly ExampleRow[] = exampleRows.map((row, index) => ({
  ...row,
  label: oddNames[(index + 1) % oddNames.length] ?? null,
  description: oddNames[index % oddNames.length] ?? '',
  metrics: {
    val_accuracy: oddNumbers[index] ?? 1e-7,
    [oddNames[4]]: oddNumbers[(index + 3) % oddNumbers.length] ?? 0,
  },
  parameters: { [oddNames[1]]: oddNames[index % oddNames.length] ?? '', lr: 10 ** -(index + 3) },
}));

/** As many versions as somebody may want, each with these metrics and parameters. */
export function manyRows(count: number, values: number): ExampleRow[] {
  const [first] = exampleRows as readonly [ExampleRow, ...ExampleRow[]];
  const named = (name: string, value: (index: number) => number) =>
    Object.fromEntries(Array.from({ length: values }, (_, at) => [`${name}_${at}`, value(at)]));
  return Array.from({ length: count }, (_, index) => {
    const number = count - index;
    return {
      ...first,
      reference: `digits@v${number}.1`,
      title: `v${number}`,
      number,
      description: `try ${number}`,
      metrics: {
        val_accuracy: 0.5 + (number % 997) / 2_000,
        ...named('metric', (at) => Math.sin(number + at)),
      },
      parameters: { ...named('parameter', (at) => ((number * (at + 3)) % 97) / 1_000) },
    };
  });
}

export function metricsView(
  rows: readonly ExampleRow[],
  change: Partial<MetricsView> = {},
): MetricsView {
  const has = (number: number) => rows.find((row) => row.number === number)?.reference ?? null;
  return {
    edition: `edition ${rows.length}`,
    rows: rows.map(({ metrics, parameters, stale, series, ...row }) => row),
    columns: [...columnsIn(rows, 'metric'), ...columnsIn(rows, 'parameter')],
    models: ['digits'],
    model: 'digits',
    primary: { metric: 'val_accuracy', better: 'higher' },
    now,
    current: has(7),
    best: has(6),
    baseline: null,
    choices: null,
    writable: true,
    ...change,
  };
}

const bags = { metric: 'metrics', parameter: 'parameters' } as const;

function columnsIn(rows: readonly ExampleRow[], kind: 'metric' | 'parameter'): TableColumn[] {
  const bag = (row: ExampleRow): Readonly<Record<string, ParameterValue>> => row[bags[kind]];
  const keys = [...new Set(rows.flatMap((row) => Object.keys(bag(row))))].sort();
  return keys.map((key) => {
    const own = rows.filter((row) => Object.hasOwn(bag(row), key));
    const values = own.map((row) => plainParameter(bag(row)[key] ?? null));
    const numeric = kind === 'metric' || values.every((value) => typeof value === 'number');
    const varies = own.length < rows.length || new Set(values).size > 1;
    return { kind, key, numeric, varies, count: own.length };
  });
}

/** The columns that a panel asks for. */
export function columnsFrom(
  rows: readonly ExampleRow[],
  { columns }: MetricsContract['columns']['ask'],
): ColumnValues[] {
  return columns.map(({ kind, key }) => {
    const at = rows.flatMap((row, place) => (Object.hasOwn(row[bags[kind]], key) ? [place] : []));
    const values = at.map((place) => plainParameter(rows[place]?.[bags[kind]][key] ?? null));
    const stale = at.filter((place) => kind === 'metric' && rows[place]?.stale.includes(key));
    return { kind, key, at: at.length === rows.length ? null : at, values, stale };
  });
}

/** Curves that look like training: noisy, falling or rising towards an end. */
export function curvesFrom(
  rows: readonly ExampleRow[],
  {
    references,
    series,
    axis,
  }: Pick<MetricsContract['curves']['ask'], 'references' | 'series' | 'axis'>,
  length = 40,
): ChartCurve[] {
  return rows
    .filter(({ reference }) => references.includes(reference))
    .map((row) => {
      const found = { reference: row.reference, names: row.series };
      if (!row.series.includes(series)) return { ...found, own: null, axes: [], curve: null };
      const curve = curveOf(row, series, length);
      const laid = laidOn(curve, axis, beginningOf([curve]));
      return { ...found, own: curve.axis, axes: axesOf(curve), curve: laid };
    });
}

/** Of all but the second version it is known when the points were logged. */
export function curveOf({ number: own }: ExampleRow, name: string, length: number): Curve {
  const number = own ?? 1;
  const steps = Array.from({ length: number === 6 ? 24 : length }, (_, index) => index + 1);
  const wave = (step: number) => Math.sin(step * 12.9898 + number) * 0.006;
  const accuracy = (step: number) =>
    number === 4 ? 0.1 + wave(step) / 2 : 0.98 - 0.7 * Math.exp(-step / (3 + number)) + wave(step);
  const isLoss = name.includes('loss');
  const loss = (step: number) => 2.3 * Math.exp(-step / (2 + number)) + 0.02 + Math.abs(wave(step));
  const values = steps.map((step) =>
    number === 4 && isLoss && step > 9 ? 'NaN' : isLoss ? loss(step) : accuracy(step),
  );
  const time = steps.map((step) => now + step * (20 + number) * 1_000);
  return { name, axis: 'epoch', steps, values, ...(number === 2 ? {} : { also: { time } }) };
}
