import { sortLabels } from './confusion';

/** What a table of data holds. */
export interface TableSummary {
  readonly rows: number;
  readonly columns: number;
  /** The classes that the rows are of; `null` where no column looks like one of classes. */
  readonly classes: ClassBalance | null;
}

export interface ClassBalance {
  /** The column's name, or `column 65` where the table has no header. */
  readonly column: string;
  readonly counts: readonly { readonly label: string; readonly count: number }[];
}

/** Cells as they are written: `cells[column][row]`; a header of `null` where there is none. */
export interface TableCells {
  readonly header: readonly string[] | null;
  readonly rows: number;
  readonly cells: readonly (readonly string[])[];
}

const targetNames = [
  ...['label', 'target', 'class', 'y', 'y_true', 'truth', 'ground_truth', 'category', 'species'],
  ...['outcome', 'diagnosis', 'survived', 'sentiment', 'intent'],
];
/** Of more classes no balance is read; a column of more different values is hardly one of them. */
const mostClasses = 50;

/**
 * Rows, columns and the balance of the classes. Classes are in the column with a usual name of the
 * target, else in the last or the first column, where it has at most 50 different values, on
 * average ten rows or more of each, and no fractions.
 */
export function summarizeTable(table: TableCells): TableSummary {
  const { header, rows, cells } = table;
  const lower = (header ?? []).map((name) => name.toLowerCase());
  const named = targetNames.map((name) => lower.indexOf(name)).filter((index) => index >= 0);
  const candidates = named.length > 0 ? named : [cells.length - 1, 0];
  for (const column of new Set(candidates)) {
    const counts = classCounts(cells[column] ?? []);
    if (counts === null) continue;
    const name = header?.[column] || `column ${column + 1}`;
    return { rows, columns: cells.length, classes: { column: name, counts } };
  }
  return { rows, columns: cells.length, classes: null };
}

function classCounts(values: readonly string[]): ClassBalance['counts'] | null {
  const counts = new Map<string, number>();
  for (const value of values) {
    if (isFraction(value)) return null;
    counts.set(value, (counts.get(value) ?? 0) + 1);
    if (counts.size > mostClasses) return null;
  }
  if (counts.size < 2 || values.length < 10 * counts.size) return null;
  return sortLabels(counts.keys()).map((label) => ({ label, count: counts.get(label) ?? 0 }));
}

function isFraction(value: string): boolean {
  return value !== '' && Number.isFinite(Number(value)) && !Number.isInteger(Number(value));
}
