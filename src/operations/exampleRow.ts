import type { Side } from '../core/comparisonReport';
import { isFailure } from '../core/failure';
import type { TableCells } from '../core/tableSummary';
import type { VersionRecord } from '../core/version';
import { dataTable } from '../runs';
import type { FileLine } from './comparingProject';
import { isTable, predictionsOf, recordsOf } from './comparisonEvidence';
import type { Rooms } from './rooms';
import { textOfSide } from './sideTexts';

/**
 * Where an example of a side's predictions lies in the data: the row of a dataset that has the same
 * name for it, or the number that its `line`, `row` or `index` gives, or, where a dataset has as
 * many rows as there are predictions, the same row. Else its row among the predictions; `null`
 * where the side has none.
 * @param request `row` of the predictions, from 0 after the header
 */
export async function exampleRow(
  rooms: Rooms,
  request: { readonly base: string; readonly side: Side; readonly row: number },
): Promise<FileLine | null> {
  const [, record] = await recordsOf(rooms, [request.base, request.side]);
  const predictions = record === undefined ? null : await predictionsOf(rooms, record);
  if (record === undefined || predictions === null) return null;
  const at = predictions.rows.indexOf(request.row);
  const wanted = {
    id: predictions.ids?.[at] ?? null,
    column: predictions.idColumn,
    row: request.row,
    count: predictions.truth.length,
  };
  for (const { path, cells } of await tablesOf(rooms, record)) {
    const row = rowIn(cells, wanted);
    if (row !== null) return { path, line: row + (cells.header === null ? 1 : 2) };
  }
  return { path: predictions.path, line: request.row + 2 };
}

async function tablesOf(rooms: Rooms, record: VersionRecord) {
  const found: { path: string; cells: TableCells }[] = [];
  for (const { path, files, digest } of record.datasets) {
    if (files !== 1 || digest.kind !== 'sha256' || !isTable(path)) continue;
    const file = await textOfSide(rooms, record, path, digest.value);
    if (file === null) continue;
    try {
      found.push({ path, cells: dataTable(file) });
    } catch (error) {
      // No table after all: the row is not in it.
      if (!isFailure(error) || error.code !== 'unreadable') throw error;
    }
  }
  return found;
}

interface Wanted {
  readonly id: string | null;
  readonly column: string | null;
  readonly row: number;
  readonly count: number;
}

/** The row of a table, from 0 after its header, that an example is; `null` where nobody can tell. */
function rowIn({ header, rows, cells }: TableCells, wanted: Wanted): number | null {
  const { id, column, row, count } = wanted;
  if (id !== null && column !== null) {
    const named = header?.findIndex((name) => name.toLowerCase() === column) ?? -1;
    const found = named < 0 ? -1 : (cells[named]?.indexOf(id) ?? -1);
    if (found >= 0) return found;
    const number = /^\d+$/.test(id) ? Number(id) : -1;
    const counted = column === 'line' ? number - (header === null ? 1 : 2) : number;
    const isNumber = ['line', 'row', 'index'].includes(column);
    return isNumber && counted >= 0 && counted < rows ? counted : null;
  }
  return rows === count ? row : null;
}
