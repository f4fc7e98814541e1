import type { TableRow } from '../../../src/core/metricsTable';
import { type ColumnMove, columnKey, type PressedKey } from './columnMoves';
import type { Column } from './columns';

/** What a key on a column's head asks for. */
export type HeadKey =
  | { readonly kind: 'sort'; readonly add: boolean }
  | { readonly kind: 'menu' }
  | { readonly kind: 'move'; readonly move: ColumnMove };

/** What a key on a row asks for. */
export type RowKey = 'choose' | 'star' | 'edit' | 'rollback' | 'compare';

/**
 * Enter and the space bar sort, with Shift beside what sorts already; the rest is `columnKey`'s.
 * @param column `null` on the heads that are no column's
 */
export function headKey(event: PressedKey, column: Column | null): HeadKey | null {
  if (event.key === 'Enter' || event.key === ' ') return { kind: 'sort', add: event.shiftKey };
  const key = column === null ? null : columnKey(event, column);
  if (key === null) return null;
  return key === 'menu' ? { kind: 'menu' } : { kind: 'move', move: key };
}

/**
 * Space chooses, S stars, F2 edits, Enter compares; in the last column, which has the actions, Enter
 * rolls back.
 */
export function rowKey(
  { key, ctrlKey, metaKey }: PressedKey,
  { number }: TableRow,
  at: { readonly isActions: boolean; readonly isWritable: boolean },
): RowKey | null {
  if (ctrlKey || metaKey) return null;
  const isVersion = number !== null;
  if (key === ' ') return 'choose';
  if (key === 's') return 'star';
  if (key === 'F2') return isVersion && at.isWritable ? 'edit' : null;
  if (key === 'Enter') return at.isActions && isVersion ? 'rollback' : 'compare';
  return null;
}
