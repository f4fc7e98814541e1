import type { Direction } from '../../../src/core/version';

export type Order = 'ascending' | 'descending';

/** How the table is sorted: a column's `sort` key and the order. */
export interface Sorting {
  readonly key: string;
  readonly order: Order;
}

/** Newest first: what no sort at all means. */
const newestFirst: Sorting = { key: 'number', order: 'descending' };

/** What `sort` of a request to load says. */
export function sortingOf(sort: string | null): Sorting {
  if (sort === null || sort === '' || sort === '-') return newestFirst;
  return sort.startsWith('-')
    ? { key: sort.slice(1), order: 'descending' }
    : { key: sort, order: 'ascending' };
}

/** The order in which a column is sorted now; a key without its kind counts as well. */
export function orderOf(sort: string | null, column: { sort: string; key: string }): Order | null {
  const { key, order } = sortingOf(sort);
  return key === column.sort || (column.key !== '' && key === column.key) ? order : null;
}

/**
 * The sort after a column's head was pressed. A column begins with what is looked for in it (a
 * metric with its best, versions and dates with the newest, all else with the smallest); pressed
 * again, it is turned round.
 */
export function nextSort(
  sort: string | null,
  column: { sort: string; key: string; better: Direction | null; kind: string },
): string | null {
  const now = orderOf(sort, column);
  const order =
    now === null ? firstOrder(column) : now === 'ascending' ? 'descending' : 'ascending';
  if (column.sort === newestFirst.key && order === newestFirst.order) return null;
  return order === 'descending' ? `-${column.sort}` : column.sort;
}

function firstOrder({ better, kind }: { better: Direction | null; kind: string }): Order {
  if (kind === 'parameter') return 'ascending';
  return better === 'lower' ? 'ascending' : 'descending';
}
