import { matching } from '../textSearch';

/** The rows that are shown, and how many are left out because all sides agree or words are missing. */
export interface ShownRows<R> {
  readonly rows: readonly R[];
  readonly same: number;
  readonly filtered: number;
}

/** How the rows of all sections are chosen. */
export interface Choosing {
  readonly onlyDifferences: boolean;
  readonly filter: string;
}

export function shownRows<R extends { readonly changed: boolean }>(
  rows: readonly R[],
  { onlyDifferences, filter }: Choosing,
  text: (row: R) => string,
): ShownRows<R> {
  const fitting = rows.filter((row) => matching(filter, text(row)));
  const filtered = rows.length - fitting.length;
  if (!onlyDifferences) return { rows: fitting, same: 0, filtered };
  const changed = fitting.filter((row) => row.changed);
  return { rows: changed, same: fitting.length - changed.length, filtered };
}

/** What stands where a section has no row to show: `All 12 parameters are the same.` */
export function emptySentence(total: number, one: string, many: string): string {
  if (total === 0) return `No ${many} recorded.`;
  if (total === 1) return `The one ${one} is the same.`;
  return `All ${total} ${many} are the same.`;
}

/** What stands below the rows that differ: `12 more are the same.` */
export function sameSentence(same: number): string {
  return same === 1 ? '1 more is the same.' : `${same} more are the same.`;
}

/** What the filter hides: `3 metrics do not match the filter.` */
export function filteredSentence(count: number, one: string, many: string): string {
  return count === 1
    ? `1 ${one} does not match the filter.`
    : `${count} ${many} do not match the filter.`;
}
