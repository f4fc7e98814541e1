import type { Arrangement, ColumnId } from '../../../src/wire/metricsChoices';
import { type Column, withHidden, withMoved, withPinned, withStep, withWidth } from './columns';

/** What a person does to a column. */
export type ColumnMove =
  | { readonly kind: 'hide'; readonly id: ColumnId }
  | { readonly kind: 'pin'; readonly id: ColumnId; readonly pinned: boolean }
  | { readonly kind: 'step'; readonly id: ColumnId; readonly by: 1 | -1 }
  | { readonly kind: 'before'; readonly id: ColumnId; readonly before: ColumnId }
  | { readonly kind: 'width'; readonly id: ColumnId; readonly width: number };

/** What of a keyboard event counts. */
export interface PressedKey {
  readonly key: string;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** By how much a key makes a column wider or narrower, in pixels. */
const keyWidth = 24;

export function movedColumn(
  arrangement: Arrangement,
  shown: readonly Column[],
  move: ColumnMove,
): Arrangement {
  switch (move.kind) {
    case 'hide':
      return withHidden(arrangement, move.id, true);
    case 'pin':
      return withPinned(arrangement, move.id, move.pinned);
    case 'step':
      return withStep(arrangement, shown, move.id, move.by);
    case 'before':
      return withMoved(arrangement, shown, move.id, move.before);
    case 'width':
      return withWidth(arrangement, move.id, move.width);
  }
}

/**
 * What a key on a column's head does to it: Alt with an arrow moves it, Shift with an arrow makes it
 * wider or narrower, P pins it, Delete hides it; the menu key or Alt and down open its menu.
 */
export function columnKey(
  event: PressedKey,
  { id, width, pinned }: Column,
): ColumnMove | 'menu' | null {
  const { key, altKey, shiftKey } = event;
  if (event.ctrlKey || event.metaKey) return null;
  const by = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : null;
  if (by !== null && altKey) return { kind: 'step', id, by };
  if (by !== null && shiftKey) return { kind: 'width', id, width: width + by * keyWidth };
  if (key === 'ContextMenu' || (key === 'F10' && shiftKey)) return 'menu';
  if (key === 'ArrowDown' && altKey) return 'menu';
  if (key === 'p') return { kind: 'pin', id, pinned: !pinned };
  return key === 'Delete' ? { kind: 'hide', id } : null;
}
