import type { Column } from './columns';

export const rowHeight = 44;
export const headHeight = 42;
/** So many columns lie before those of metrics and parameters, the check box and the version. */
export const leading = 2;
export const leadWidth = 264;
export const actionsWidth = 44;

/** More than is in sight, so that scrolling finds it drawn. */
const spareRows = 5;
const spareWidth = 240;

export interface Viewport {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The part of the grid that is drawn. */
export interface GridWindow {
  readonly firstRow: number;
  /** Exclusive. */
  readonly endRow: number;
  readonly pinned: readonly Column[];
  /** Unpinned columns in sight, where the first begins behind the pinned ones, and the whole width. */
  readonly columns: readonly Column[];
  readonly before: number;
  readonly after: number;
}

export function gridWindow(rows: number, columns: readonly Column[], seen: Viewport): GridWindow {
  const firstRow = Math.max(0, Math.floor(seen.top / rowHeight) - spareRows);
  const endRow = Math.min(rows, Math.ceil((seen.top + seen.height) / rowHeight) + spareRows);
  const pinned = columns.filter((column) => column.pinned);
  const free = columns.filter((column) => !column.pinned);
  const from = seen.left - spareWidth;
  const to = seen.left + seen.width + spareWidth;
  const inSight: Column[] = [];
  let [at, before, after] = [0, 0, 0];
  for (const column of free) {
    const end = at + column.width;
    if (end < from) before += column.width;
    else if (at > to) after += column.width;
    else inSight.push(column);
    at = end;
  }
  return { firstRow: Math.min(firstRow, endRow), endRow, pinned, columns: inSight, before, after };
}

/** Where to scroll so that a cell is in sight; `pinned` columns always are. */
export function scrolledTo(
  place: { readonly row: number; readonly column: Column | null },
  columns: readonly Column[],
  seen: Viewport,
): { readonly left: number; readonly top: number } {
  const body = seen.height - headHeight;
  const rowTop = place.row * rowHeight;
  const top = Math.max(rowTop + rowHeight - body, Math.min(seen.top, rowTop));
  if (place.column === null || place.column.pinned)
    return { left: seen.left, top: Math.max(0, top) };
  let start = 0;
  for (const column of columns) {
    if (column.id === place.column.id) break;
    if (!column.pinned) start += column.width;
  }
  const pinned = columns.filter((one) => one.pinned).reduce((sum, { width }) => sum + width, 0);
  const room = Math.max(place.column.width, seen.width - leadWidth - pinned);
  const left = Math.max(start + place.column.width - room, Math.min(seen.left, start));
  return { left: Math.max(0, left), top: Math.max(0, top) };
}
