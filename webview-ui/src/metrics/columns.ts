import { figure, parameterFigure } from '../../../src/core/figures';
import { metricDirection } from '../../../src/core/metricDirection';
import { sameParameter } from '../../../src/core/parameters';
import type { Direction, PrimaryMetric } from '../../../src/core/version';
import type { MetricsRow, MetricsView } from '../../../src/wire/metricsPanel';

/** A column after the version's own: a metric, a parameter, or when it was created. */
export interface Column {
  readonly kind: 'when' | 'metric' | 'parameter';
  /** The metric's or parameter's name. */
  readonly key: string;
  readonly title: string;
  /** What the extension sorts by. */
  readonly sort: string;
  readonly primary: boolean;
  /** Which way a metric improves; `null` where nobody knows, and for all else. */
  readonly better: Direction | null;
  /** Numbers only: they stand under each other, at the right. */
  readonly numeric: boolean;
}

/** A cell as it is shown; `title` has the whole value where that is more. */
export interface CellText {
  readonly text: string;
  readonly title: string | null;
  /** The value belongs to older weights. */
  readonly stale: boolean;
}

export type ShownRows = Pick<MetricsView, 'rows' | 'metrics' | 'parameters' | 'primary'>;

/** All columns, the primary metric first; parameters with one value for all may be left out. */
export function columnsOf(view: ShownRows, onlyVarying: boolean): Column[] {
  const parameters = onlyVarying
    ? view.parameters.filter((key) => varies(view.rows, key))
    : view.parameters;
  return [
    ...view.metrics.map((key) => metricColumn(key, view.primary)),
    ...parameters.map((key) => parameterColumn(key, view.rows)),
    whenColumn,
  ];
}

const whenColumn: Column = {
  kind: 'when',
  key: '',
  title: 'Created',
  sort: 'createdAt',
  primary: false,
  better: null,
  numeric: false,
};

function metricColumn(key: string, primary: PrimaryMetric | null): Column {
  const isPrimary = key === primary?.metric;
  return {
    kind: 'metric',
    key,
    title: key,
    sort: `metric:${key}`,
    primary: isPrimary,
    better: isPrimary ? primary.better : metricDirection(key),
    numeric: true,
  };
}

function parameterColumn(key: string, rows: readonly MetricsRow[]): Column {
  const values = rows.flatMap(({ parameters }) =>
    Object.hasOwn(parameters, key) ? [parameters[key]] : [],
  );
  return {
    kind: 'parameter',
    key,
    title: key,
    sort: `parameter:${key}`,
    primary: false,
    better: null,
    numeric: values.length > 0 && values.every((value) => typeof value === 'number'),
  };
}

/** Whether a parameter tells the versions apart: two values, or not there in some. */
export function varies(rows: readonly MetricsRow[], key: string): boolean {
  const [first] = rows;
  if (first === undefined) return false;
  return rows.some(
    ({ parameters }) =>
      Object.hasOwn(parameters, key) !== Object.hasOwn(first.parameters, key) ||
      !sameParameter(parameters[key], first.parameters[key]),
  );
}

/** What a version has in a column; `null` where it has nothing. */
export function cellOf(row: MetricsRow, { kind, key }: Column): CellText | null {
  if (kind === 'when') return { text: row.when, title: row.createdAt, stale: false };
  if (kind === 'metric') {
    if (!Object.hasOwn(row.metrics, key)) return null;
    const value = row.metrics[key] ?? 'NaN';
    return withTitle(figure(value), String(value), row.stale.includes(key));
  }
  if (!Object.hasOwn(row.parameters, key)) return null;
  const value = row.parameters[key] ?? null;
  const whole = typeof value === 'string' ? value : JSON.stringify(value);
  return withTitle(parameterFigure(value), whole, false);
}

function withTitle(text: string, whole: string, stale: boolean): CellText {
  return { text, title: whole === text ? null : whole, stale };
}
