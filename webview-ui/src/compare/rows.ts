/** The rows to show, and how many were left out because all sides agree in them. */
export interface ShownRows<R> {
  readonly rows: readonly R[];
  readonly same: number;
}

export function shownRows<R extends { readonly changed: boolean }>(
  rows: readonly R[],
  onlyDifferences: boolean,
): ShownRows<R> {
  if (!onlyDifferences) return { rows, same: 0 };
  const changed = rows.filter((row) => row.changed);
  return { rows: changed, same: rows.length - changed.length };
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
