import { html, nothing, type TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import { ago } from '../../../src/core/labels';
import type { TableRow } from '../../../src/core/metricsTable';
import { icons } from '../icons';
import { sized } from '../sized';
import { type Column, cellText } from './columns';
import type { GridParts } from './gridParts';
import { type GridWindow, leading, leadWidth } from './gridWindow';

/** A version or run: the row with this number, at this place of the shown ones. */
export function gridRow(
  place: number,
  at: number,
  window: GridWindow,
  parts: GridParts,
): TemplateResult {
  const row = parts.data.rows[place] as TableRow;
  const chosen = parts.isChosen(row);
  let left = leadWidth;
  const cell = (column: Column, stuck: number | null) => valueCell(place, at, column, stuck, parts);
  return html`<div
    role="row"
    class="row"
    aria-rowindex=${at + 2}
    aria-selected=${chosen ? 'true' : 'false'}
    data-reference=${row.reference}
  >
    ${chooseCell(row, at, chosen, parts)} ${versionCell(row, at, parts)}
    ${window.pinned.map((column) => {
      const stuck = left;
      left += column.width;
      return cell(column, stuck);
    })}
    <div role="presentation" ${sized({ width: `${window.before}px` })}></div>
    ${repeat(
      window.columns,
      ({ id }) => id,
      (column) => cell(column, null),
    )}
    <div role="presentation" ${sized({ width: `${window.after}px` })}></div>
    ${actionsCell(row, at, parts)}
  </div>`;
}

function isActive({ active }: GridParts, at: number, column: number): boolean {
  return active.row === at + 1 && active.column === column;
}

function chooseCell(row: TableRow, at: number, chosen: boolean, parts: GridParts) {
  return html`<div
    role="gridcell"
    class=${classMap({ choose: true, sticky: true, active: isActive(parts, at, 0) })}
    id=${`c-${at + 1}-0`}
    aria-colindex="1"
  >
    <input
      type="checkbox"
      tabindex="-1"
      aria-label="Choose ${row.title}"
      .checked=${chosen}
      @click=${(event: MouseEvent) => parts.choose(row, event.shiftKey)}
    />
  </div>`;
}

function versionCell(row: TableRow, at: number, parts: GridParts) {
  const { view } = parts.data;
  const { reference, title, label, description, state } = row;
  const classes = { version: true, sticky: true, active: isActive(parts, at, 1) };
  const starred = parts.isStarred(row);
  if (parts.editing === reference) {
    return html`<div role="gridcell" class=${classMap(classes)} id=${`c-${at + 1}-1`} aria-colindex="2">
      ${editor(row, parts)}
    </div>`;
  }
  return html`<div
    role="rowheader"
    class=${classMap(classes)}
    id=${`c-${at + 1}-1`}
    aria-colindex="2"
    title=${rowTitle(row)}
    @dblclick=${() => {
      if (row.number !== null && view.writable) parts.edit(reference);
    }}
  >
    <div class="first">
      <button
        class="star"
        tabindex="-1"
        aria-pressed=${starred ? 'true' : 'false'}
        aria-label=${`Star ${title}`}
        title=${starred ? 'Take the star away (S)' : 'Star (S)'}
        @click=${() => parts.tell('star', reference)}
      >
        ${starred ? icons.starred : icons.star}
      </button>
      <span class="number-of">${title}</span>
      ${reference === view.current ? html`<span class="mark">current</span>` : nothing}
      ${reference === view.best ? html`<span class="mark">best</span>` : nothing}
      ${reference === view.baseline ? html`<span class="mark">baseline</span>` : nothing}
      ${state === null ? nothing : html`<span class="mark state">${state}</span>`}
      ${label === null ? nothing : html`<span class="label">${label}</span>`}
    </div>
    <div class="description quiet">${description}</div>
  </div>`;
}

function rowTitle({ title, label, description, number }: TableRow): string {
  const parts = [label === null ? title : `${title} ${label}`, description];
  const hint = number === null ? '' : 'Double-click or F2: rename and describe';
  return [...parts, hint].filter((part) => part !== '').join('\n');
}

/** Name and description, in the place of the version. */
function editor({ reference, title, label, description }: TableRow, parts: GridParts) {
  const done = (form: HTMLElement) => {
    const value = (name: string) =>
      form.querySelector<HTMLInputElement>(`[name="${name}"]`)?.value.trim() ?? '';
    const [named, described] = [value('label'), value('description')];
    const changed = {
      label: named === (label ?? '') ? null : named,
      description: described === description ? null : described,
    };
    if (changed.label === null && changed.description === null) parts.edit(null);
    else parts.amend({ reference, ...changed });
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.key === 'Enter') done(event.currentTarget as HTMLElement);
    if (event.key === 'Escape') parts.edit(null);
    if (event.key !== 'Tab') event.stopPropagation();
  };
  return html`<div class="editor" @keydown=${pressed}>
    <input
      type="text"
      name="label"
      placeholder="name"
      aria-label=${`Name of ${title}`}
      title="Enter keeps, Escape leaves it as it was"
      .value=${label ?? ''}
      ${ref((input) => takeFocus(input))}
    />
    <input
      type="text"
      name="description"
      placeholder="description"
      aria-label=${`Description of ${title}`}
      title="Enter keeps, Escape leaves it as it was"
      .value=${description}
    />
  </div>`;
}

const focused = new WeakSet<Element>();

/** Once: drawing again leaves the person where they are. */
function takeFocus(input: Element | undefined): void {
  if (!(input instanceof HTMLInputElement) || focused.has(input)) return;
  focused.add(input);
  requestAnimationFrame(() => input.focus());
}

function valueCell(
  place: number,
  at: number,
  column: Column,
  left: number | null,
  parts: GridParts,
) {
  const { data } = parts;
  const index = column.index + leading;
  const classes = classMap({
    ...{ number: column.numeric, sticky: left !== null, figures: true },
    active: isActive(parts, at, index),
  });
  const size = { width: `${column.width}px`, ...(left === null ? {} : { left: `${left}px` }) };
  const { text, title, stale } = contentOf(place, column, parts);
  return html`<div
    role="gridcell"
    class=${classes}
    id=${`c-${at + 1}-${index}`}
    aria-colindex=${index + 1}
    title=${title ?? nothing}
    ${sized(size)}
  >
    ${
      text === null
        ? html`<span class="quiet">${data.has(column.id) || column.kind === 'field' ? '–' : '…'}</span>`
        : text
    }${stale ? html` <span class="quiet stale">stale</span>` : nothing}
  </div>`;
}

function contentOf(place: number, column: Column, { data }: GridParts) {
  if (column.kind === 'field')
    return { ...fieldContent(data.rows[place], column.id, data.view.now), stale: false };
  const cell = cellText(data, place, column);
  const stale = data.isStale(place, column.id);
  const text = cell?.text ?? null;
  const title = stale ? `${cell?.title ?? text}: ${staleWords}` : (cell?.title ?? null);
  return { text, title, stale };
}

function fieldContent(row: TableRow | undefined, id: string, now: number) {
  if (id === 'creator') {
    return { text: row?.creator?.name ?? null, title: row?.creator?.email ?? null };
  }
  const at = row?.createdAt ?? '';
  return { text: ago(Date.parse(at), now), title: at };
}

const staleWords = 'from a file that did not change while the weights did, so it is not ranked';

function actionsCell({ reference, title, number }: TableRow, at: number, parts: GridParts) {
  const index = parts.columns.length + leading;
  return html`<div
    role="gridcell"
    class=${classMap({ actions: true, active: isActive(parts, at, index) })}
    id=${`c-${at + 1}-${index}`}
    aria-colindex=${index + 1}
  >
    ${
      number === null
        ? nothing
        : html`<button
            tabindex="-1"
            class="action"
            aria-label="Roll back to ${title}"
            title="Roll Back…"
            @click=${() => parts.tell('rollback', reference)}
          >
            ${icons.rollBack}
          </button>`
    }
  </div>`;
}
