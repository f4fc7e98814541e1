import { html, type TemplateResult } from 'lit';
import type { TableRow } from '../../../src/core/metricsTable';
import type { MetricsChoices } from '../../../src/wire/metricsChoices';
import { sized } from '../sized';
import { columnsOf } from './columns';
import { tableCsv } from './exporting';
import './metricsTable';
import type { SaveChart } from './saveButtons';
import type { TableData } from './tableData';
import type { AmendEvent, ArrangeEvent, ChooseEvent, RowEvent, SortEvent } from './tableEvents';
import { tableFooter } from './tableFooter';

interface TableParts {
  readonly data: TableData;
  readonly shown: readonly number[];
  readonly chosen: readonly string[];
  readonly choices: MetricsChoices;
  readonly generation: number;
  readonly isStarred: (row: TableRow) => boolean;
  readonly choose: (change: Partial<MetricsChoices>) => void;
  readonly chooseRows: (detail: ChooseEvent['detail']) => void;
  readonly chooseNone: () => void;
  readonly star: (reference: string) => void;
  readonly amend: (detail: AmendEvent['detail']) => void;
  readonly compare: () => void;
  readonly rollBack: (reference: string) => void;
  /** The columns that came into sight, by their ids. */
  readonly look: (columns: readonly string[]) => void;
  readonly save: SaveChart;
}

/** The table, and what stands below it. */
export function tablePart(parts: TableParts): TemplateResult {
  const { data, shown, chosen, choices, choose, compare } = parts;
  const columns = columnsOf(data, choices);
  return html`<cairn-metrics-table
      ${sized({ '--rows': String(shown.length) })}
      .name=${`Versions and runs of ${data.view.model}`}
      .data=${data}
      .shown=${shown}
      .columns=${columns}
      .arrangement=${choices.arrangement}
      .sorts=${choices.sorts}
      .chosen=${new Set(chosen)}
      .starred=${parts.isStarred}
      .generation=${parts.generation}
      @sort=${({ detail }: SortEvent) => choose({ sorts: detail })}
      @arrange=${({ detail }: ArrangeEvent) => choose({ arrangement: detail })}
      @choose=${({ detail }: ChooseEvent) => parts.chooseRows(detail)}
      @star=${({ detail }: RowEvent) => parts.star(detail)}
      @amend=${({ detail }: AmendEvent) => parts.amend(detail)}
      @compare=${compare}
      @rollback=${({ detail }: RowEvent) => parts.rollBack(detail)}
      @look=${({ detail }: CustomEvent<readonly string[]>) => parts.look(detail)}
    ></cairn-metrics-table>
    ${tableFooter({
      ...{ data, shown, chosen, compare, chooseNone: parts.chooseNone },
      exportCsv: () =>
        parts.save(`metrics-${data.view.model}`, 'csv', tableCsv(data, shown, columns)),
    })}`;
}
