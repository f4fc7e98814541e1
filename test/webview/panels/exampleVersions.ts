import type { Curve, JsonNumber } from '../../../src/core/version';
import type {
  MetricsContract,
  MetricsRow,
  MetricsView,
  VersionCurves,
} from '../../../src/wire/metricsPanel';
import { sortingOf } from '../../../webview-ui/src/metrics/sorting';

/** What somebody might write to be run by a careless page. */
export const nasty = `<img src=x onerror="toTest('ran')"><script>toTest('ran')</script>{a|b}`;

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

/** Versions of a digit classifier, the newest first. */
export const exampleRows: readonly MetricsRow[] = descriptions
  .map((description, index): MetricsRow => {
    const number = index + 1;
    const accuracy = accuracies[index] ?? 0;
    const loss: JsonNumber = number === 4 ? 'NaN' : 1.2345678 / number;
    return {
      reference: `digits@v${number}.1`,
      title: `v${number}`,
      label: number === 3 ? '2026-11-20-17-30' : null,
      description,
      createdAt: `2026-11-2${Math.floor(index / 3)}T10:0${index}:00.000Z`,
      when: number === 7 ? 'just now' : `${14 - index * 2} h ago`,
      current: number === 7,
      best: number === 6,
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

/** The same with every text an attempt at injection. */
export const nastyRows: readonly MetricsRow[] = exampleRows.map((row, index) => ({
  ...row,
  title: `v${index} ${nasty}`,
  label: nasty,
  description: nasty,
  when: nasty,
  metrics: { ...row.metrics, [nasty]: index },
  parameters: { ...row.parameters, [nasty]: `${nasty} ${index}` },
  series: [nasty],
}));

export function metricsView(rows: readonly MetricsRow[], change: Partial<MetricsView> = {}) {
  const metrics = [...new Set(rows.flatMap((row) => Object.keys(row.metrics)))].sort();
  const parameters = [...new Set(rows.flatMap((row) => Object.keys(row.parameters)))].sort();
  const view: MetricsView = {
    models: ['digits'],
    model: 'digits',
    primary: { metric: 'val_accuracy', better: 'higher' },
    total: rows.length,
    rows,
    metrics: metrics.sort((a, b) => Number(b === 'val_accuracy') - Number(a === 'val_accuracy')),
    parameters,
    ...change,
  };
  return view;
}

/** Sorts and filters as the extension does, well enough for a test. */
export function loadFrom(
  rows: readonly MetricsRow[],
  { sort, text, offset, limit, model }: MetricsContract['load']['ask'],
  change: Partial<MetricsView> = {},
): MetricsView {
  const matching = rows.filter((row) => `${row.title} ${row.description}`.includes(text));
  const { key, order } = sortingOf(sort);
  const [kind, name] = key.includes(':') ? key.split(':') : ['', key];
  const value = (row: MetricsRow) =>
    kind === 'metric'
      ? Number(row.metrics[name ?? ''] ?? Number.NaN)
      : kind === 'parameter'
        ? Number(row.parameters[name ?? ''] ?? Number.NaN)
        : key === 'createdAt'
          ? Date.parse(row.createdAt)
          : Number(row.title.match(/\d+/)?.[0]);
  const sign = order === 'ascending' ? 1 : -1;
  const sorted = [...matching].sort((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (Number.isNaN(left) || Number.isNaN(right)) return Number.isNaN(left) ? 1 : -1;
    return sign * (left - right);
  });
  return metricsView(sorted.slice(offset, offset + limit), {
    total: matching.length,
    model,
    ...change,
  });
}

/** Curves that look like training: noisy, falling or rising towards an end. */
export function curvesOf({ reference, title, series }: MetricsRow): VersionCurves {
  const number = Number(title.match(/\d+/)?.[0] ?? 1);
  const steps = Array.from({ length: number === 6 ? 24 : 40 }, (_, index) => index + 1);
  const wave = (step: number) => Math.sin(step * 12.9898 + number) * 0.006;
  const accuracy = (step: number) =>
    number === 4 ? 0.1 + wave(step) / 2 : 0.98 - 0.7 * Math.exp(-step / (3 + number)) + wave(step);
  return {
    reference,
    title,
    curves: series.map((name): Curve => {
      const isLoss = name.includes('loss');
      return {
        name,
        axis: 'epoch',
        steps,
        values: steps.map((step) =>
          number === 4 && isLoss && step > 9
            ? 'NaN'
            : isLoss
              ? 2.3 * Math.exp(-step / (2 + number)) + 0.02 + Math.abs(wave(step))
              : accuracy(step),
        ),
      };
    }),
  };
}
