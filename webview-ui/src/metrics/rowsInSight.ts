import type { TableRow } from '../../../src/core/metricsTable';
import type { MetricsChoices } from '../../../src/wire/metricsChoices';
import { firstChoice, stillThere } from './chosen';
import { type Brush, type RowFilter, shownRows } from './shownRows';
import type { TableData } from './tableData';

/** What decides which rows are seen, and in which order. */
interface Sifting {
  /** Grows with every column that arrived or changed. */
  readonly generation: number;
  readonly filter: RowFilter;
  readonly brushes: readonly Brush[];
  readonly choices: MetricsChoices;
}

/** Numbers of rows, in their order: those that are seen, and those that were without the brushes. */
interface InSight {
  readonly shown: readonly number[];
  readonly unbrushed: readonly number[];
}

/** The rows that are seen, worked out anew only when something of it changed. */
export class RowsInSight {
  private last: { readonly of: readonly unknown[]; readonly found: InSight } | null = null;

  constructor(private readonly isStarred: (row: TableRow) => boolean) {}

  of(data: TableData, { generation, filter, brushes, choices }: Sifting): InSight {
    const of = [data, generation, filter, brushes, choices] as const;
    if (this.last === null || of.some((one, index) => one !== this.last?.of[index])) {
      const by = { filter, choices, isStarred: this.isStarred };
      const unbrushed = shownRows(data, { ...by, brushes: [] });
      const shown = brushes.length === 0 ? unbrushed : shownRows(data, { ...by, brushes });
      this.last = { of, found: { shown, unbrushed } };
    }
    return this.last.found;
  }
}

/** What is chosen until somebody chooses: it stays, whatever the table is sorted by. */
export class FirstChosen {
  private first: { readonly data: TableData; readonly chosen: readonly string[] } | null = null;

  of(data: TableData): readonly string[] {
    if (this.first === null || this.first.data !== data) {
      const before = this.first?.chosen ?? null;
      const isSame = before !== null && this.first?.data.view.model === data.view.model;
      const chosen = isSame ? stillThere(data.rows, before) : firstChoice(data.view);
      this.first = { data, chosen };
    }
    return this.first.chosen;
  }
}
