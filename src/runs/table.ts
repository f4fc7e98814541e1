import { CsvError, parse } from 'csv-parse/sync';
import type { TableCells } from '../core/tableSummary';
import { endingOf, type TextFile, unreadable } from './textFile';

/** A table with a header; cells are trimmed text, missing ones empty. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: number;
  /** `cells[column][row]`. */
  readonly cells: readonly (readonly string[])[];
}

/** More is data, not a log or a list of predictions. */
const maximumRows = 2_000_000;
const maximumColumns = 2_000;
const maximumCells = 20_000_000;

/**
 * Reads a CSV (comma, or semicolon or tab where the header has those instead) with a header.
 * Short rows are filled with empty cells. @throws Failure `unreadable` with the line for a quote
 * that is never closed, no header, or too many rows or columns (with both numbers)
 */
export function readTable(file: TextFile): Table {
  const delimiter = delimiterOf(file);
  const table = new Columns(file.path, delimiter === ';');
  if (file.text.includes('"')) readQuoted(file, delimiter, table);
  else readPlain(file, delimiter, table);
  return table.finished();
}

/**
 * What a CSV of data holds. A first line of nothing but numbers is no header but a row.
 * @throws Failure `unreadable` as `readTable` does
 */
export function dataTable(file: TextFile): TableCells {
  const { columns, rows, cells } = readTable(file);
  const headless = columns.every((name) => name !== '' && Number.isFinite(Number(name)));
  if (!headless) return { header: columns, rows, cells };
  const whole = cells.map((column, index) => [columns[index] ?? '', ...column]);
  return { header: null, rows: rows + 1, cells: whole };
}

function delimiterOf({ path, text }: TextFile): string {
  const header = text.slice(0, Math.max(text.indexOf('\n'), 0) || text.length);
  if (endingOf(path) === 'tsv') return '\t';
  return [',', ';', '\t'].find((delimiter) => header.includes(delimiter)) ?? ',';
}

/** Without quotes a line is a row, which is several times as fast as the general case. */
function readPlain({ text }: TextFile, delimiter: string, table: Columns): void {
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    const line = text.slice(start, end).trim();
    // A tab at the end is an empty cell, which `trim` took; short rows are filled up anyway.
    if (line !== '') table.add(line.split(delimiter));
    start = end + 1;
  }
}

function readQuoted({ path, text }: TextFile, delimiter: string, table: Columns): void {
  try {
    parse(text, {
      delimiter,
      bom: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      on_record: (record: string[]) => {
        table.add(record);
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    unreadable(path, Number(error['lines']) || null, 'a quote is not closed or misplaced', error);
  }
}

const commaNumber = /^[-+]?\d+,\d+(?:e[-+]?\d+)?$/i;

class Columns {
  #columns: string[] = [];
  #cells: string[][] = [];
  #rows = 0;

  constructor(
    private readonly path: string,
    /** Where columns are parted by semicolons, numbers may have a comma before their fractions. */
    private readonly hasCommas = false,
  ) {}

  add(row: readonly string[]): void {
    if (this.#columns.length === 0) {
      if (row.length > maximumColumns) this.#refuse('columns', row.length, maximumColumns);
      this.#columns = row.map((cell) => cell.trim());
      this.#cells = row.map(() => []);
      return;
    }
    this.#rows++;
    if (this.#rows > maximumRows) this.#refuse('rows', this.#rows, maximumRows);
    const cells = this.#rows * this.#columns.length;
    if (cells > maximumCells) this.#refuse('cells', cells, maximumCells);
    for (const [index, cells] of this.#cells.entries()) cells.push(this.#cell(row[index] ?? ''));
  }

  #cell(text: string): string {
    const cell = text.trim();
    return this.hasCommas && commaNumber.test(cell) ? cell.replace(',', '.') : cell;
  }

  #refuse(what: string, found: number, allowed: number): never {
    return unreadable(
      this.path,
      null,
      `it has ${found} ${what} or more, at most ${allowed} are read`,
    );
  }

  finished(): Table {
    if (this.#columns.length === 0) return unreadable(this.path, null, 'it has no header');
    return { columns: this.#columns, rows: this.#rows, cells: this.#cells };
  }
}
