import type { TableRow } from '../../../src/core/metricsTable';
import type { ColumnSort } from '../../../src/wire/metricsChoices';
import type { ColumnMove } from './columnMoves';
import type { Column } from './columns';
import type { Place } from './gridMoves';
import type { TableData } from './tableData';

/** What a person wrote over a version; `null` leaves as it is. */
export interface Amendment {
  readonly reference: string;
  readonly label: string | null;
  readonly description: string | null;
}

/** What a row and a head ask of the table that they are in. */
export interface GridParts {
  readonly data: TableData;
  readonly columns: readonly Column[];
  readonly sorts: readonly ColumnSort[];
  readonly writable: boolean;
  readonly active: Place;
  readonly editing: string | null;
  readonly isChosen: (row: TableRow) => boolean;
  readonly isStarred: (row: TableRow) => boolean;
  readonly tell: (name: 'star' | 'rollback' | 'compare', detail: string) => void;
  readonly choose: (row: TableRow, toHere: boolean) => void;
  readonly edit: (reference: string | null) => void;
  readonly amend: (detail: Amendment) => void;
  readonly sort: (column: Pick<Column, 'id' | 'kind' | 'better'>, add: boolean) => void;
  readonly openMenu: (column: Column) => void;
  readonly drop: (move: ColumnMove) => void;
  readonly resize: (column: Column, width: number, done: boolean) => void;
}
