import { html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from 'lit/directives/repeat.js';
import { icons } from '../icons';
import { sized } from '../sized';
import { type Column, captionOf } from './columns';
import type { GridParts } from './gridParts';
import { type GridWindow, leading, leadWidth } from './gridWindow';

/** The column of the versions themselves, as what the table is sorted by. */
export const versionColumn = { id: 'version', kind: 'field', better: null } as const;

/** How a dragged column names itself. */
const dragType = 'text/cairn-column';

/** The row of heads: names, what sorts them, and where a column can be taken. */
export function gridHead(window: GridWindow, parts: GridParts): TemplateResult {
  const last = parts.columns.length + leading;
  let left = leadWidth;
  return html`<div role="row" class="row" aria-rowindex="1">
    <div
      role="columnheader"
      class=${classMap({ choose: true, sticky: true, active: isActive(parts, 0) })}
      id="c-0-0"
      aria-colindex="1"
    >
      <span class="hidden">Chosen</span>
    </div>
    ${versionHead(parts)}
    ${window.pinned.map((column) => {
      const at = left;
      left += column.width;
      return columnHead(column, at, parts);
    })}
    <div role="presentation" ${sized({ width: `${window.before}px` })}></div>
    ${repeat(
      window.columns,
      ({ id }) => id,
      (column) => columnHead(column, null, parts),
    )}
    <div role="presentation" ${sized({ width: `${window.after}px` })}></div>
    <div
      role="columnheader"
      class=${classMap({ actions: true, active: isActive(parts, last) })}
      id=${`c-0-${last}`}
      aria-colindex=${last + 1}
    >
      <span class="hidden">Actions</span>
    </div>
  </div>`;
}

function versionHead(parts: GridParts) {
  const order = parts.sorts.find(({ column }) => column === 'version')?.order;
  return html`<div
    role="columnheader"
    class=${classMap({ version: true, sticky: true, active: isActive(parts, 1) })}
    id="c-0-1"
    aria-colindex="2"
    aria-sort=${order ?? 'none'}
    title="Sort by version"
    @click=${(event: MouseEvent) => parts.sort(versionColumn, event.shiftKey)}
  >
    <div class="title"><span class="name">Version</span>${arrow('version', parts)}</div>
  </div>`;
}

function isActive({ active }: GridParts, column: number): boolean {
  return active.row === 0 && active.column === column;
}

/** Which way a column sorts, and its place where several do. */
function arrow(id: string, { sorts }: GridParts) {
  const at = sorts.findIndex(({ column }) => column === id);
  const sort = sorts[at];
  if (sort === undefined) return nothing;
  return html`${icons[sort.order]}${sorts.length > 1 ? html`<small>${at + 1}</small>` : nothing}`;
}

function columnHead(column: Column, left: number | null, parts: GridParts) {
  const { id, title, numeric, primary, width } = column;
  const index = column.index + leading;
  const order = parts.sorts.find((sort) => sort.column === id)?.order;
  const classes = { number: numeric, sticky: left !== null, active: isActive(parts, index) };
  return html`<div
    role="columnheader"
    class=${classMap({ column: true, ...classes })}
    id=${`c-0-${index}`}
    data-column=${id}
    aria-colindex=${index + 1}
    aria-sort=${order ?? 'none'}
    title=${`${title}: click to sort, with Shift beside what sorts already; drag to move`}
    draggable="true"
    ${sized({ width: `${width}px`, ...(left === null ? {} : { left: `${left}px` }) })}
    @click=${(event: MouseEvent) => parts.sort(column, event.shiftKey)}
    @contextmenu=${(event: MouseEvent) => {
      event.preventDefault();
      parts.openMenu(column);
    }}
    @dragstart=${(event: DragEvent) => event.dataTransfer?.setData(dragType, id)}
    @dragover=${(event: DragEvent) => {
      if (event.dataTransfer?.types.includes(dragType) === true) event.preventDefault();
    }}
    @drop=${(event: DragEvent) => {
      const moved = event.dataTransfer?.getData(dragType) ?? '';
      event.preventDefault();
      if (moved !== '' && moved !== id) parts.drop({ kind: 'before', id: moved, before: id });
    }}
  >
    <div class="title">
      ${primary ? html`${icons.star}<span class="hidden">primary: </span>` : nothing}<span
        class="name"
        >${title}</span
      >${arrow(id, parts)}
    </div>
    <div class="caption">${captionOf(column)}</div>
    <div
      class="grip"
      title="Drag to make the column wider or narrower"
      @click=${(event: MouseEvent) => event.stopPropagation()}
      @pointerdown=${(event: PointerEvent) => drawWidth(event, column, parts)}
    ></div>
  </div>`;
}

/** Follows the pointer until it is let go. */
function drawWidth(event: PointerEvent, column: Column, parts: GridParts): void {
  const grip = event.currentTarget as HTMLElement;
  const head = grip.closest<HTMLElement>('[draggable]');
  const width = (now: PointerEvent) => Math.max(60, column.width + now.clientX - event.clientX);
  // Otherwise the browser would drag the whole head.
  event.preventDefault();
  event.stopPropagation();
  head?.setAttribute('draggable', 'false');
  grip.setPointerCapture(event.pointerId);
  const moved = (now: PointerEvent) => parts.resize(column, width(now), false);
  grip.addEventListener('pointermove', moved);
  const end = (last: PointerEvent) => {
    grip.removeEventListener('pointermove', moved);
    head?.setAttribute('draggable', 'true');
    parts.resize(column, width(last), true);
  };
  grip.addEventListener('pointerup', end, { once: true });
}
