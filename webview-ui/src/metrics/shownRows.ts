import { type Filter, filterClauses, parseFilter, searchOf } from '../../../src/core/filter';
import { type FilterSubject, matches } from '../../../src/core/filterMatch';
import { fold } from '../../../src/core/fold';
import type { TableRow } from '../../../src/core/metricsTable';
import type { ColumnId, ColumnSort, MetricsChoices } from '../../../src/wire/metricsChoices';
import { type CellValue, columnId, type TableData } from './tableData';

/** What lets rows through, read from what was typed. */
export type RowFilter =
  | { readonly kind: 'everything' }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'condition'; readonly filter: Filter };

/** @throws Failure `usage` for a condition that cannot be read */
export function rowFilter(typed: string): RowFilter {
  const search = searchOf(typed);
  if (search.kind === 'everything') return search;
  if (search.kind === 'condition') return { kind: 'condition', filter: parseFilter(search.text) };
  return { kind: 'words', words: fold(search.text).split(/\s+/) };
}

/** The columns whose values a filter looks at. */
export function filterColumns(filter: RowFilter, data: TableData): ColumnId[] {
  if (filter.kind === 'everything') return [];
  const ids = [...data.columns.keys()];
  if (filter.kind === 'words') {
    return ids.filter((id) => filter.words.some((word) => nameHas(id, word)));
  }
  return filterClauses(filter.filter).flatMap(({ key }) => {
    if (key.kind === 'field') return [];
    const kinds = key.kind === 'any' ? (['metric', 'parameter'] as const) : [key.kind];
    return kinds.map((kind) => columnId({ kind, key: key.name }));
  });
}

/** An interval of a numeric column, or some texts of another, as brushed in a chart. */
export interface Brush {
  readonly column: ColumnId;
  readonly intervals: readonly (readonly [number, number])[];
  readonly texts: readonly string[] | null;
}

/** Everything that says which rows are shown, and in which order. */
export interface Showing {
  readonly filter: RowFilter;
  readonly choices: Pick<MetricsChoices, 'shown' | 'onlyStarred' | 'sorts'>;
  readonly isStarred: (row: TableRow) => boolean;
  readonly brushes: readonly Brush[];
}

/** The numbers of the rows that are shown, in their order. */
export function shownRows(data: TableData, showing: Showing): number[] {
  const { filter, choices, isStarred, brushes } = showing;
  const passes = testOf(data, filter);
  const places: number[] = [];
  for (const place of data.newestFirst) {
    const row = data.rows[place] as TableRow;
    if (choices.shown === 'versions' && row.number === null) continue;
    if (choices.shown === 'runs' && row.number !== null) continue;
    // A run that became a version is shown as that.
    if (choices.shown === 'all' && row.number === null && row.relatives.length > 0) continue;
    if (choices.onlyStarred && !isStarred(row)) continue;
    if (!passes(place)) continue;
    if (brushes.every((brush) => isBrushed(data.value(place, brush.column), brush))) {
      places.push(place);
    }
  }
  return sorted(data, places, choices.sorts);
}

/** Whether the row at a place passes the filter. */
function testOf(data: TableData, filter: RowFilter): (place: number) => boolean {
  if (filter.kind === 'everything') return () => true;
  if (filter.kind === 'condition') {
    return (place) => matches(filter.filter, subjectOf(data, place));
  }
  const wanted = filter.words.map((word) => ({
    word,
    ids: [...data.columns.keys()].filter((id) => nameHas(id, word)),
  }));
  return (place) => {
    const searched = data.searched(place);
    return wanted.every(
      ({ word, ids }) =>
        searched.includes(word) || ids.some((id) => data.value(place, id) !== undefined),
    );
  };
}

function nameHas(id: ColumnId, word: string): boolean {
  return fold(id.slice(id.indexOf(':') + 1)).includes(word);
}

function subjectOf(data: TableData, place: number): FilterSubject {
  const row = data.rows[place] as TableRow;
  return {
    field: (field) => {
      if (field === 'number') return row.number === null ? [] : [row.number];
      if (field === 'creator') return row.creator === null ? [] : Object.values(row.creator);
      return [row[field] ?? ''];
    },
    metric: (name) => data.value(place, `metric:${name}`) as number | undefined,
    parameter: (name) => data.value(place, `parameter:${name}`),
  };
}

function isBrushed(value: CellValue, { intervals, texts }: Brush): boolean {
  if (texts !== null) return typeof value === 'string' && texts.includes(value);
  return typeof value === 'number' && intervals.some(([from, to]) => value >= from && value <= to);
}

type Key = number | string | null;

/** Stable; what has no value comes last in both orders, and equal rows stay newest first. */
function sorted(data: TableData, places: number[], sorts: readonly ColumnSort[]): number[] {
  const keys = sorts.map(({ column, order }) => {
    const sign = order === 'ascending' ? 1 : -1;
    return { sign, of: sortKeys(data, column) };
  });
  if (keys.length === 0) return places;
  return places.sort((a, b) => {
    for (const { sign, of } of keys) {
      const order = compareKeys(of(a), of(b), sign);
      if (order !== 0) return order;
    }
    return 0;
  });
}

function sortKeys(data: TableData, column: ColumnId): (place: number) => Key {
  const { rows } = data;
  if (column === 'version') return (place) => rows[place]?.number ?? null;
  if (column === 'created') return (place) => rows[place]?.createdAt ?? null;
  if (column === 'creator') return (place) => rows[place]?.creator?.name ?? null;
  const isMetric = column.startsWith('metric:');
  return (place) => {
    const value = data.value(place, column) ?? null;
    // A metric of older weights is not ranked.
    if (Number.isNaN(value) || (isMetric && data.isStale(place, column))) return null;
    return value;
  };
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function compareKeys(a: Key, b: Key, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a === 'number' && typeof b === 'number') return a === b ? 0 : a < b ? -sign : sign;
  // Numbers before texts.
  if (typeof a === 'number' || typeof b === 'number') return typeof a === 'number' ? -sign : sign;
  return sign * collator.compare(a, b);
}
