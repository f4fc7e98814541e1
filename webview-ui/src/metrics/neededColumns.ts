import type { MetricsChoices } from '../../../src/wire/metricsChoices';
import { chartColumns } from './chartsSection';
import { columnsOf } from './columns';
import { type Brush, filterColumns, type RowFilter } from './shownRows';
import type { TableData } from './tableData';

/** Columns that are read before somebody scrolls to them. */
const mostAhead = 240;

/**
 * The columns that are not there yet and that something needs: what sorts and filters first, then
 * what is in sight, and then the rest of what is shown.
 */
export function neededColumns(
  data: TableData,
  choices: MetricsChoices,
  filter: RowFilter,
  brushes: readonly Brush[],
  inSight: readonly string[],
): string[] {
  const wanted = [
    ...choices.sorts.map(({ column }) => column),
    ...filterColumns(filter, data),
    ...brushes.map(({ column }) => column),
    ...inSight,
    ...chartColumns(data, choices),
    ...columnsOf(data, choices)
      .slice(0, mostAhead)
      .map(({ id }) => id),
  ];
  return data.missing(wanted).map(({ kind, key }) => `${kind}:${key}`);
}
