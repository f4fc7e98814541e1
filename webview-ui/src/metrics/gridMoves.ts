/** A place in a grid: its head is row 0. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

export interface GridSize {
  readonly rows: number;
  readonly columns: number;
  /** Rows that Page Up and Page Down go over. */
  readonly page: number;
}

/**
 * Where a key leads in a grid, as the ARIA practices have it: arrows by one, Home and End within
 * the row, with Ctrl to the first and last row, Page Up and Down by a page. `null` for other keys.
 */
export function movedBy(
  event: { readonly key: string; readonly ctrlKey: boolean },
  from: Place,
  size: GridSize,
): Place | null {
  const to = destination(event, from, size);
  return to === null ? null : within(to, size);
}

function destination(
  { key, ctrlKey }: { readonly key: string; readonly ctrlKey: boolean },
  { row, column }: Place,
  { rows, columns, page }: GridSize,
): Place | null {
  switch (key) {
    case 'ArrowUp':
      return { row: row - 1, column };
    case 'ArrowDown':
      return { row: row + 1, column };
    case 'ArrowLeft':
      return { row, column: column - 1 };
    case 'ArrowRight':
      return { row, column: column + 1 };
    case 'Home':
      return { row: ctrlKey ? 0 : row, column: 0 };
    case 'End':
      return { row: ctrlKey ? rows - 1 : row, column: columns - 1 };
    case 'PageUp':
      return { row: row - page, column };
    case 'PageDown':
      return { row: row + page, column };
    default:
      return null;
  }
}

/** The nearest place that the grid has. */
export function within({ row, column }: Place, { rows, columns }: GridSize): Place {
  return {
    row: Math.max(0, Math.min(rows - 1, row)),
    column: Math.max(0, Math.min(columns - 1, column)),
  };
}

/** The place that a cell's id names; `null` for the id of anything else. */
export function placeNamed(id: string): Place | null {
  const [, row, column] = /^c-(\d+)-(\d+)$/.exec(id) ?? [];
  return row === undefined ? null : { row: Number(row), column: Number(column) };
}
