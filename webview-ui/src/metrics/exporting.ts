import { fromJsonNumber } from '../../../src/core/version';
import type { Column } from './columns';
import { axisName, type CurveLine } from './curveLines';
import type { TableData } from './tableData';

/** Lines of comma-separated values (RFC 4180), with every digit that a number has. */
function csv(lines: readonly (readonly (string | number | null | undefined)[])[]): string {
  const cell = (value: string | number | null | undefined) => {
    const text = value === null || value === undefined ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return lines.map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}

/** The table as it is shown: its rows in their order, its columns in theirs. */
export function tableCsv(
  data: TableData,
  places: readonly number[],
  columns: readonly Pick<Column, 'id' | 'title'>[],
): string {
  const values = columns.filter(({ id }) => id.includes(':'));
  const fields = ['version', 'label', 'description', 'created', 'creator'];
  return csv([
    [...fields, ...values.map(({ title }) => title)],
    ...places.map((place) => {
      const row = data.rows[place];
      return [
        ...[row?.title, row?.label, row?.description, row?.createdAt, row?.creator?.name],
        ...values.map(({ id }) => data.value(place, id)),
      ];
    }),
  ]);
}

/** The points of the lines that are drawn. */
export function curvesCsv(lines: readonly CurveLine[], series: string): string {
  const drawn = lines.filter(({ shown }) => shown);
  const points = drawn.flatMap(({ title, curve }) =>
    curve.steps.map((step, index) => [title, step, fromJsonNumber(curve.values[index] ?? 'NaN')]),
  );
  const axis = axisName(drawn);
  return csv([['version', axis === 'time' ? 'seconds' : axis, series], ...points]);
}

export function pairsCsv(
  heads: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  return csv([heads, ...rows]);
}
