import { fold } from '../../../src/core/fold';
import type {
  ColumnValues,
  TableColumn,
  TableColumnName,
  TableRow,
} from '../../../src/core/metricsTable';
import { fromJsonNumber } from '../../../src/core/version';
import type { ColumnId } from '../../../src/wire/metricsChoices';
import type { LiveRun, MetricsView } from '../../../src/wire/metricsPanel';

/** A value of a table: `null` is a parameter that is nothing, `undefined` stands where none is. */
export type CellValue = number | string | null | undefined;

/** The values of one column, by the number of their row. */
export interface LoadedColumn {
  readonly values: CellValue[];
  readonly stale: ReadonlySet<number>;
}

export function columnId({ kind, key }: TableColumnName): ColumnId {
  return `${kind}:${key}`;
}

/** The table as far as it was read: all rows, and those columns that something asked for. */
export class TableData {
  private readonly loaded = new Map<ColumnId, LoadedColumn>();
  private readonly searchable: string[] = [];
  private readonly places: ReadonlyMap<string, number>;
  readonly columns: ReadonlyMap<ColumnId, TableColumn>;
  /** Numbers of all rows, versions and runs by their time. */
  readonly newestFirst: readonly number[];

  constructor(readonly view: MetricsView) {
    this.places = new Map(view.rows.map(({ reference }, place) => [reference, place]));
    this.newestFirst = merged(view.rows);
    this.columns = new Map(view.columns.map((column) => [columnId(column), column]));
  }

  get rows(): readonly TableRow[] {
    return this.view.rows;
  }

  /** The number of the row with this reference. */
  placeOf(reference: string): number | undefined {
    return this.places.get(reference);
  }

  has(column: ColumnId): boolean {
    return this.loaded.has(column);
  }

  /** Those of these columns that there are and that were not read yet. */
  missing(wanted: Iterable<ColumnId>): TableColumnName[] {
    return [...new Set(wanted)].flatMap((id) => {
      const column = this.columns.get(id);
      if (column === undefined || this.loaded.has(id)) return [];
      return [{ kind: column.kind, key: column.key }];
    });
  }

  add(columns: readonly ColumnValues[]): void {
    for (const column of columns) {
      const values: CellValue[] = new Array(this.rows.length).fill(undefined);
      const isMetric = column.kind === 'metric';
      column.values.forEach((value, index) => {
        const place = column.at === null ? index : (column.at[index] ?? 0);
        values[place] = isMetric ? fromJsonNumber(value as number) : value;
      });
      this.loaded.set(columnId(column), { values, stale: new Set(column.stale) });
    }
  }

  /** Takes over what runs that go on logged last. */
  update(runs: readonly LiveRun[]): void {
    for (const { reference, metrics } of runs) {
      const place = this.placeOf(reference);
      if (place === undefined) continue;
      for (const { key, value } of metrics) {
        const column = this.loaded.get(columnId({ kind: 'metric', key }));
        if (column !== undefined) column.values[place] = fromJsonNumber(value);
      }
    }
  }

  value(place: number, column: ColumnId): CellValue {
    return this.loaded.get(column)?.values[place];
  }

  /** The texts of a row that words are looked for in, folded. */
  searched(place: number): string {
    const known = this.searchable[place];
    if (known !== undefined) return known;
    const { title, label, description, creator } = this.rows[place] as TableRow;
    const texts = [title, label ?? '', description, creator?.name ?? '', creator?.email ?? ''];
    const text = fold(texts.join('\n'));
    this.searchable[place] = text;
    return text;
  }

  /** The number in a cell; `NaN` where there is none. */
  number(place: number, column: ColumnId): number {
    const value = this.value(place, column);
    return typeof value === 'number' ? value : Number.NaN;
  }

  isStale(place: number, column: ColumnId): boolean {
    return this.loaded.get(column)?.stale.has(place) ?? false;
  }
}

/** Versions in their own order, and between them the runs that were later than the next one. */
function merged(rows: readonly TableRow[]): number[] {
  const all = [...rows.keys()];
  const runs = all.filter((place) => rows[place]?.number === null);
  const places: number[] = [];
  let next = 0;
  for (const place of all) {
    const row = rows[place] as TableRow;
    if (row.number === null) continue;
    while (next < runs.length && (rows[runs[next] as number]?.createdAt ?? '') > row.createdAt) {
      places.push(runs[next++] as number);
    }
    places.push(place);
  }
  return [...places, ...runs.slice(next)];
}
