import { flattenParameters } from '../core/parameters';
import type { JsonNumber } from '../core/version';
import { JsonProblem, parseJson } from './jsonText';
import { type AxisKind, axisKind, clockTime, isClock } from './metricNames';
import { metricNumber, metricValue } from './metricNumber';
import { type Series, SeriesSet } from './series';
import { readTable, type Table } from './table';
import { endingOf, type TextFile, unreadable } from './textFile';

/** What one file says: values, and series of values. */
export interface MetricFile {
  readonly values: ReadonlyMap<string, JsonNumber>;
  /** The step that the values belong to, where the file names one. */
  readonly step: number | null;
  readonly series: readonly Series[];
}

/** Whether a file was named as one of metrics or of curves: it decides what a list of numbers is. */
export type MetricFileKind = 'metrics' | 'curves';

/**
 * Reads what training code wrote, told by its content:
 * - a table (CSV, TSV) with an epoch or step column: series; blanks and `NA` are skipped;
 *   a table of names and values, or of one row: values;
 * - a JSON object of numbers, nested ones flattened: values; of lists (a Keras history): series;
 * - a JSON list of objects, JSON Lines, or a `log_history` (Hugging Face): series.
 * @throws Failure `unreadable` with the line
 */
export function readMetricFile(file: TextFile, kind: MetricFileKind): MetricFile {
  const ending = endingOf(file.path);
  if (ending === 'jsonl' || ending === 'ndjson') return fromRecords(file.path, jsonLines(file));
  const isJson = ending === 'json' || /^\s*[[{]/.test(file.text.slice(0, 1024));
  return isJson ? fromJson(file, kind) : fromTable(readTable(file), kind);
}

function fromJson(file: TextFile, kind: MetricFileKind): MetricFile {
  const tree = parsed(file);
  if (Array.isArray(tree)) return fromRecords(file.path, tree);
  if (typeof tree !== 'object' || tree === null) {
    return unreadable(file.path, null, 'it holds no named values');
  }
  const history: unknown = (tree as Record<string, unknown>)['log_history'];
  if (Array.isArray(history)) return fromRecords(file.path, history);
  return fromObject(file.path, tree, kind);
}

function parsed({ path, text }: TextFile): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error;
    return unreadable(path, error.line, error.message, error);
  }
}

function* jsonLines({ path, text }: TextFile): Iterable<unknown> {
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    try {
      yield parseJson(line);
    } catch (error) {
      if (!(error instanceof JsonProblem)) throw error;
      // The last line of a log that is being written may be cut short.
      if (index < lines.length - 1) unreadable(path, index + 1, error.message, error);
    }
  }
}

function flattened(path: string, tree: object): [string, unknown][] {
  try {
    return Object.entries(flattenParameters(tree));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return unreadable(path, null, error.message, error);
  }
}

function fromObject(path: string, tree: object, kind: MetricFileKind): MetricFile {
  const entries = flattened(path, tree);
  const lists = entries.flatMap(([name, value]) => {
    const numbers = numbersIn(value);
    return numbers === null ? [] : [{ name, numbers }];
  });
  // Beside plain numbers a list in a metrics file is one value per class, not a curve.
  const isHistory = lists.length === entries.length && sameLengths(lists);
  if (lists.length > 0 && (kind === 'curves' || isHistory)) {
    return { values: new Map(), step: null, series: fromLists(lists) };
  }
  const values = new Map<string, JsonNumber>();
  let step: number | null = null;
  for (const [name, value] of entries) {
    const number = metricValue(value);
    if (number === null || number === undefined || isClock(name)) continue;
    if (axisKind(name) === null) values.set(name, number);
    else if (typeof number === 'number') step ??= number;
  }
  return { values, step, series: [] };
}

function sameLengths(lists: readonly { numbers: readonly unknown[] }[]): boolean {
  return lists.every(({ numbers }) => numbers.length === lists[0]?.numbers.length);
}

/** A list of numbers; `null` items are gaps. */
function numbersIn(value: unknown): (JsonNumber | null)[] | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const numbers = value.map(metricValue);
  return numbers.some((number) => number === undefined) ? null : (numbers as (JsonNumber | null)[]);
}

function fromLists(
  lists: readonly { name: string; numbers: readonly (JsonNumber | null)[] }[],
): Series[] {
  const axis = (wanted: 'epoch' | 'step') =>
    lists.find(({ name }) => axisKind(name) === wanted)?.numbers ?? [];
  const [epochs, steps] = [axis('epoch'), axis('step')];
  const times = timesOf(lists);
  const set = new SeriesSet();
  for (const { name, numbers } of lists) {
    if (axisKind(name) !== null || isClock(name)) continue;
    for (const [index, value] of numbers.entries()) {
      if (value === null) continue;
      const [epoch, step] = [finite(epochs[index]), finite(steps[index])];
      set.add(name, value, { epoch, step, time: times[index] ?? null, index });
    }
  }
  return set.all();
}

/** The times that a column of a log tells, row by row; none where no column is a clock. */
function timesOf(
  columns: readonly { readonly name: string; readonly numbers: readonly unknown[] }[],
): (number | null)[] {
  for (const { name, numbers } of columns) {
    const times = numbers.map((value) => clockTime(name, value));
    if (times.some((time) => time !== null)) return times;
  }
  return [];
}

function finite(value: JsonNumber | null | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

function fromRecords(path: string, records: Iterable<unknown>): MetricFile {
  const set = new SeriesSet();
  let index = 0;
  for (const record of records) {
    if (typeof record !== 'object' || record === null || Array.isArray(record)) continue;
    addRow(
      set,
      flattened(path, record).map(([name, value]) => [name, metricValue(value)]),
      index++,
    );
  }
  return { values: new Map(), step: null, series: set.all() };
}

type Cell = readonly [name: string, value: JsonNumber | null | undefined];

function addRow(set: SeriesSet, cells: readonly Cell[], index: number): void {
  const place: Record<'epoch' | 'step' | 'time', number | null> & { index: number } = {
    ...{ epoch: null, step: null, time: null },
    index,
  };
  for (const [name, value] of cells) {
    const axis = axisKind(name);
    if (axis !== null && typeof value === 'number') place[axis] ??= value;
    else place.time ??= clockTime(name, value);
  }
  for (const [name, value] of cells) {
    const missing = value === null || value === undefined;
    if (!missing && axisKind(name) === null && !isClock(name)) set.add(name, value, place);
  }
}

function fromTable(table: Table, kind: MetricFileKind): MetricFile {
  const { columns, rows } = table;
  const none = { values: new Map<string, JsonNumber>(), step: null, series: [] };
  if (isNameValueTable(columns)) return { ...none, values: namedValues(table) };
  const hasAxis = columns.some((name) => axisKind(name) !== null);
  // Without an axis the rows of a metrics file are classes or folds, not the course of a training.
  if (kind === 'metrics' && !hasAxis && rows !== 1) return none;
  const series = seriesOf(table);
  if (rows !== 1 || hasAxis) return { ...none, series };
  return { ...none, values: new Map(series.map(({ name, values }) => [name, values[0] ?? 'NaN'])) };
}

/** Column by column: a log may have a million rows. */
function seriesOf({ columns, cells }: Table): Series[] {
  const numbers = (wanted: AxisKind) => {
    const column = columns.findIndex((name) => axisKind(name) === wanted);
    return (cells[column] ?? []).map((cell) => finite(metricNumber(cell)));
  };
  const [epochs, steps] = [numbers('epoch'), numbers('step')];
  const clocks = columns.flatMap((name, column) =>
    isClock(name) ? [{ name, numbers: (cells[column] ?? []).map(metricNumber) }] : [],
  );
  const times = timesOf(clocks);
  const set = new SeriesSet();
  for (const [column, name] of columns.entries()) {
    if (axisKind(name) !== null || isClock(name)) continue;
    for (const [index, cell] of (cells[column] ?? []).entries()) {
      const value = metricNumber(cell);
      if (value === null || value === undefined) continue;
      const [epoch, step] = [epochs[index] ?? null, steps[index] ?? null];
      set.add(name, value, { epoch, step, time: times[index] ?? null, index });
    }
  }
  return set.all();
}

function isNameValueTable(columns: readonly string[]): boolean {
  const [name = '', value = ''] = columns.map((column) => column.toLowerCase());
  return columns.length === 2 && /^(?:metric|name|key)$/.test(name) && value === 'value';
}

function namedValues({ cells, rows }: Table): Map<string, JsonNumber> {
  const values = new Map<string, JsonNumber>();
  for (let row = 0; row < rows; row++) {
    const name = cells[0]?.[row] ?? '';
    const value = metricNumber(cells[1]?.[row] ?? '');
    if (name !== '' && value !== null && value !== undefined) values.set(name, value);
  }
  return values;
}
