import { figure, parameterFigure } from '../../../src/core/figures';
import { metricDirection } from '../../../src/core/metricDirection';
import type { TableColumn } from '../../../src/core/metricsTable';
import { type Direction, type PrimaryMetric, toJsonNumber } from '../../../src/core/version';
import type {
  Arrangement,
  ColumnId,
  ColumnSort,
  MetricsChoices,
} from '../../../src/wire/metricsChoices';
import { columnId, type TableData } from './tableData';

/** A column after the version's own, as it is shown. */
export interface Column {
  readonly id: ColumnId;
  /** Its place among the shown ones, from 0. */
  readonly index: number;
  readonly kind: 'metric' | 'parameter' | 'field';
  readonly title: string;
  readonly primary: boolean;
  /** Which way a metric improves; `null` where nobody knows, and for all else. */
  readonly better: Direction | null;
  /** Numbers only: they stand under each other, at the right. */
  readonly numeric: boolean;
  readonly pinned: boolean;
  readonly width: number;
}

/** A cell as it is shown; `title` has the whole value where that is more. */
export interface CellText {
  readonly text: string;
  readonly title: string | null;
}

const fields: readonly { readonly id: ColumnId; readonly title: string }[] = [
  { id: 'created', title: 'Created' },
  { id: 'creator', title: 'Creator' },
];

/** Hidden until somebody wants them. */
const hiddenAtFirst: readonly ColumnId[] = ['creator'];

const narrowest = 60;
const widest = 600;

/** Every column, those that a person put in an order first. */
export function everyColumn(
  data: TableData,
  { order }: Arrangement,
  primary: PrimaryMetric | null,
): ColumnId[] {
  const isPrimary = (id: ColumnId) => id === `metric:${primary?.metric}`;
  const telling = ({ kind, varies }: TableColumn) => (kind === 'metric' ? 0 : varies ? 1 : 2);
  const natural = [...data.view.columns]
    .sort((a, b) => telling(a) - telling(b))
    .map(columnId)
    .sort((a, b) => Number(isPrimary(b)) - Number(isPrimary(a)));
  const all = [...natural, ...fields.map(({ id }) => id)];
  const there = new Set(all);
  const placed = order.filter((id) => there.has(id));
  const named = new Set(placed);
  return [...placed, ...all.filter((id) => !named.has(id))];
}

export function isHidden(
  id: ColumnId,
  data: TableData,
  { arrangement, onlyVarying }: MetricsChoices,
): boolean {
  if (arrangement.hidden.includes(id)) return true;
  if (arrangement.pinned.includes(id) || arrangement.shown.includes(id)) return false;
  if (hiddenAtFirst.includes(id)) return true;
  const column = data.columns.get(id);
  return onlyVarying && column?.kind === 'parameter' && !column.varies;
}

/** The columns that are shown, the pinned ones first. */
export function columnsOf(data: TableData, choices: MetricsChoices): Column[] {
  const { primary } = data.view;
  const { pinned, widths } = choices.arrangement;
  const all = everyColumn(data, choices.arrangement, primary);
  const width = new Map(widths.map((one) => [one.column, one.width]));
  const there = new Set(all);
  const first = pinned.filter((id) => there.has(id));
  return [...first, ...all.filter((id) => !first.includes(id))]
    .filter((id) => !isHidden(id, data, choices))
    .map((id, index) => ({
      index,
      ...described(id, data.columns.get(id), primary),
      pinned: first.includes(id),
      width: width.get(id) ?? naturalWidth(id, data.columns.get(id)),
    }));
}

function described(id: ColumnId, column: TableColumn | undefined, primary: PrimaryMetric | null) {
  if (column === undefined) {
    const title = fields.find((field) => field.id === id)?.title ?? id;
    return { id, kind: 'field', title, primary: false, better: null, numeric: false } as const;
  }
  const { kind, key, numeric } = column;
  const isPrimary = kind === 'metric' && key === primary?.metric;
  const known = isPrimary ? primary.better : metricDirection(key);
  const better = kind === 'metric' ? known : null;
  return { id, kind, title: key, primary: isPrimary, better, numeric };
}

function naturalWidth(id: ColumnId, column: TableColumn | undefined): number {
  const title = column?.key ?? id;
  const least = column?.kind === 'metric' ? 124 : 96;
  return Math.round(Math.max(least, Math.min(240, 44 + title.length * 7.6)));
}

/** What stands under a column's name. */
export function captionOf({ kind, better }: Pick<Column, 'kind' | 'better'>): string {
  if (kind === 'field') return '';
  return better === null ? kind : `${better} is better`;
}

/** A value as it is shown; `null` where there is none. */
export function cellText(data: TableData, place: number, { id, kind }: Column): CellText | null {
  const value = data.value(place, id);
  if (value === undefined) return null;
  if (kind === 'metric' && typeof value === 'number') {
    return withWhole(figure(toJsonNumber(value)), String(value));
  }
  return withWhole(parameterFigure(value), String(value));
}

function withWhole(text: string, whole: string): CellText {
  return { text, title: whole === text ? null : whole };
}

// What a person does to columns: each gives the arrangement after it.

export function withWidth(arrangement: Arrangement, column: ColumnId, width: number): Arrangement {
  const others = arrangement.widths.filter((one) => one.column !== column);
  const bounded = Math.round(Math.max(narrowest, Math.min(widest, width)));
  return { ...arrangement, widths: [...others, { column, width: bounded }] };
}

export function withHidden(arrangement: Arrangement, id: ColumnId, hidden: boolean): Arrangement {
  const without = (ids: readonly ColumnId[]) => ids.filter((one) => one !== id);
  const rest = without(arrangement.hidden);
  if (hidden) {
    const { pinned, shown } = arrangement;
    return {
      ...arrangement,
      ...{ hidden: [...rest, id], pinned: without(pinned), shown: without(shown) },
    };
  }
  return { ...arrangement, hidden: rest, shown: [...without(arrangement.shown), id] };
}

export function withPinned(arrangement: Arrangement, id: ColumnId, pinned: boolean): Arrangement {
  const others = arrangement.pinned.filter((one) => one !== id);
  return { ...arrangement, pinned: pinned ? [...others, id] : others };
}

/** Puts a column before another (`null`: at the end); both pinned or both not. */
export function withMoved(
  arrangement: Arrangement,
  shown: readonly Column[],
  id: ColumnId,
  before: ColumnId | null,
): Arrangement {
  const moved = shown.find((column) => column.id === id);
  const target = shown.find((column) => column.id === before);
  if (moved === undefined || id === before) return arrangement;
  const pinned = target === undefined ? false : target.pinned;
  const group = shown.filter((column) => column.pinned === pinned && column.id !== id);
  const at = group.findIndex((column) => column.id === before);
  const ids = group.map((column) => column.id);
  ids.splice(at < 0 ? ids.length : at, 0, id);
  if (pinned) return { ...withHidden(arrangement, id, false), pinned: ids };
  return { ...withPinned(arrangement, id, false), order: ids };
}

/** Puts a column one place to the left or right within its group. */
export function withStep(
  arrangement: Arrangement,
  shown: readonly Column[],
  id: ColumnId,
  by: 1 | -1,
): Arrangement {
  const moved = shown.find((column) => column.id === id);
  const group = shown.filter(({ pinned }) => pinned === moved?.pinned);
  const at = group.findIndex((column) => column.id === id);
  const to = at + (by === 1 ? 2 : -1);
  if (at < 0 || to < 0 || to > group.length) return arrangement;
  const ids = group.map((column) => column.id);
  ids.splice(at, 1);
  ids.splice(at + by, 0, id);
  if (moved?.pinned === true) return { ...arrangement, pinned: ids };
  return { ...arrangement, order: ids };
}

/**
 * The sort after a column's head was pressed. A column begins with what is looked for in it (a
 * metric with its best, versions and dates with the newest, all else with the smallest), is turned
 * round by the next press, and let go by the third; `add` keeps the columns that sort already.
 */
export function nextSorts(
  sorts: readonly ColumnSort[],
  column: Pick<Column, 'id' | 'kind' | 'better'>,
  add: boolean,
): ColumnSort[] {
  const { id } = column;
  const now = sorts.find((sort) => sort.column === id)?.order ?? null;
  const first = firstOrder(column);
  const other = first === 'ascending' ? 'descending' : 'ascending';
  const order = now === null ? first : now === first ? other : null;
  const rest = add ? sorts.filter((sort) => sort.column !== id) : [];
  if (order === null) return [...rest];
  const sort = { column: id, order } as const;
  if (!add || now === null) return [...rest, sort].slice(-10);
  return sorts.map((one) => (one.column === id ? sort : one));
}

function firstOrder({ id, kind, better }: Pick<Column, 'id' | 'kind' | 'better'>) {
  const isTime = id === 'version' || id === 'created';
  if (kind === 'metric') return better === 'lower' ? 'ascending' : 'descending';
  return isTime ? 'descending' : 'ascending';
}
