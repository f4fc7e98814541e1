import type { ColumnValues } from '../../../src/core/metricsTable';
import { type MetricsContract, maximumColumns } from '../../../src/wire/metricsPanel';
import type { TableData } from './tableData';

interface ReaderParts {
  /** `null` where the table is another one by now. */
  readonly ask: (ask: MetricsContract['columns']['ask']) => Promise<readonly ColumnValues[] | null>;
  /** The table that is shown. */
  readonly table: () => TableData | null;
  /** Columns that are not there yet, those that are needed first before others. */
  readonly needed: (data: TableData) => readonly string[];
  /** Columns came that the shown table has now. */
  readonly arrived: () => void;
  /** The table has to be loaded anew. */
  readonly isOld: () => void;
}

/** Reads the columns of a table, a few at a time, as something needs them. */
export class ColumnReader {
  private reading = false;

  constructor(private readonly parts: ReaderParts) {}

  /** Reads these; `false` where the table is another one by now. */
  async fill(data: TableData, wanted: readonly string[]): Promise<boolean> {
    const { ask, arrived, table, isOld } = this.parts;
    const { model, edition } = data.view;
    for (;;) {
      const columns = data.missing(wanted).slice(0, maximumColumns);
      if (columns.length === 0) return true;
      const answer = await ask({ model, edition, columns });
      if (answer === null) {
        isOld();
        return false;
      }
      data.add(answer);
      if (data === table()) arrived();
    }
  }

  /** Reads whatever the shown table needs, until nothing is missing; one at a time. */
  async readAhead(): Promise<void> {
    const { table, needed } = this.parts;
    const data = table();
    if (data === null || this.reading) return;
    this.reading = true;
    try {
      while (data === table() && needed(data).length > 0) {
        if (!(await this.fill(data, needed(data).slice(0, 4 * maximumColumns)))) return;
      }
    } finally {
      this.reading = false;
      if (data !== table()) await this.readAhead();
    }
  }
}
