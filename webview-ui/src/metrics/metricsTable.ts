import { html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { classMap } from 'lit/directives/class-map.js';
import { repeat } from 'lit/directives/repeat.js';
import type { MetricsRow } from '../../../src/wire/metricsPanel';
import { icons } from '../icons';
import { panelStyles } from '../styles';
import { type Column, cellOf } from './columns';
import { type GridSize, movedBy, type Place, within } from './gridMoves';
import { nextSort, orderOf } from './sorting';
import { metricsTableStyles } from './tableStyles';

export type SortEvent = CustomEvent<string | null>;
export type ChooseEvent = CustomEvent<{ readonly reference: string; readonly chosen: boolean }>;
export type RollBackEvent = CustomEvent<string>;

/** The first column is the version itself. */
const versionColumn = { kind: 'version', key: '', sort: 'number', better: null } as const;

const rowsOfPage = 10;

/**
 * Versions by their metrics and parameters: a grid with one stop for the Tab key, in which the
 * arrow keys go from cell to cell, Enter sorts by the column whose head it is pressed on, and Space
 * chooses the version.
 */
@customElement('cairn-metrics-table')
export class MetricsTable extends LitElement {
  static override styles = [panelStyles, metricsTableStyles];

  @property() name = '';
  @property({ attribute: false }) rows: readonly MetricsRow[] = [];
  @property({ attribute: false }) columns: readonly Column[] = [];
  @property() sort: string | null = null;
  @property({ attribute: false }) chosen: readonly string[] = [];

  /** Where the keyboard is; row 0 is the head. */
  private place: Place = { row: 0, column: 1 };

  override render() {
    const { columns } = this;
    return html`<table
      role="grid"
      aria-label=${this.name}
      aria-multiselectable="true"
      @keydown=${this.pressed}
      @focusin=${this.focused}
    >
      <thead>
        ${this.groupRow()}
        <tr data-row>
          <th class="choose" scope="col"><span class="hidden">Chosen</span></th>
          ${this.head(versionColumn, 'Version')}
          ${columns.map((column) => this.head(column, column.title))}
          <th scope="col"><span class="hidden">Actions</span></th>
        </tr>
      </thead>
      <tbody>
        ${repeat(
          this.rows,
          ({ reference }) => reference,
          (row) => this.line(row),
        )}
      </tbody>
    </table>`;
  }

  /** Says which columns are metrics and which are parameters. */
  private groupRow() {
    const metrics = this.columns.filter(({ kind }) => kind === 'metric').length;
    const parameters = this.columns.filter(({ kind }) => kind === 'parameter').length;
    const group = (title: string, span: number) =>
      span === 0
        ? nothing
        : html`<th class="group" scope="colgroup" colspan=${span}><span>${title}</span></th>`;
    return html`<tr class="groups">
      <td class="choose"></td>
      <td class="version"></td>
      ${group('Metrics', metrics)} ${group('Parameters', parameters)}
      <td class="group"></td>
      <td></td>
    </tr>`;
  }

  private head(column: Column | typeof versionColumn, title: string) {
    const order = orderOf(this.sort, column);
    const primary = 'primary' in column && column.primary;
    const numeric = 'numeric' in column && column.numeric;
    const classes = classMap({ version: column.kind === 'version', number: numeric });
    return html`<th class=${classes} scope="col" aria-sort=${order ?? 'none'}>
      <button tabindex="-1" data-focus title=${headTitle(column, title)} @click=${() => this.tellSort(column)}>
        ${primary ? html`${icons.star}<span class="hidden">primary: </span>` : nothing}<span
          class="title"
          >${title}</span
        >${order === null ? nothing : icons[order]}
      </button>
    </th>`;
  }

  private line(row: MetricsRow) {
    const chosen = this.chosen.includes(row.reference);
    return html`<tr data-row data-reference=${row.reference} aria-selected=${chosen ? 'true' : 'false'}>
      <td class="choose">
        <input
          type="checkbox"
          tabindex="-1"
          data-focus
          aria-label="Choose ${row.title}"
          .checked=${chosen}
          @change=${() => this.tellChoice(row)}
        />
      </td>
      ${this.versionCell(row)} ${this.columns.map((column) => this.cell(row, column))}
      <td class="actions">
        <button
          tabindex="-1"
          data-focus
          class="action"
          aria-label="Roll back to ${row.title}"
          title="Roll Back…"
          @click=${() => this.tell('rollback', row.reference)}
        >
          ${icons.rollBack}
        </button>
      </td>
    </tr>`;
  }

  private versionCell({ title, label, description, current, best }: MetricsRow) {
    return html`<th class="version" scope="row" tabindex="-1" data-focus>
      <div class="name">
        <span class="number-of">${title}</span>
        ${current ? html`<span class="mark">${icons.current}current</span>` : nothing}
        ${best ? html`<span class="mark">${icons.star}best</span>` : nothing}
        ${label === null ? nothing : html`<span class="label" title=${label}>${label}</span>`}
      </div>
      ${
        description === ''
          ? nothing
          : html`<div class="description quiet" title=${description}>${description}</div>`
      }
    </th>`;
  }

  private cell(row: MetricsRow, column: Column) {
    const cell = cellOf(row, column);
    const classes = classMap({
      number: column.numeric,
      figures: true,
      when: column.kind === 'when',
    });
    if (cell === null) {
      return html`<td class=${classes} tabindex="-1" data-focus>
        <span class="quiet" aria-hidden="true">–</span><span class="hidden">not there</span>
      </td>`;
    }
    const { text, title, stale } = cell;
    const whole = title === null ? '' : title;
    return html`<td
      class=${classes}
      tabindex="-1"
      data-focus
      title=${stale ? `${whole || text}: ${staleWords}` : whole || nothing}
    >
      ${text}${stale ? html` <span class="quiet stale">stale</span>` : nothing}
    </td>`;
  }

  private tell<T>(name: string, detail: T): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  private tellSort(column: Column | typeof versionColumn): void {
    this.tell('sort', nextSort(this.sort, column));
  }

  private tellChoice({ reference }: MetricsRow): void {
    this.tell('choose', { reference, chosen: !this.chosen.includes(reference) });
  }

  // The keyboard: one cell is in the order of the Tab key, and the arrows move which one.

  private get gridRows(): HTMLTableRowElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLTableRowElement>('tr[data-row]')];
  }

  private get size(): GridSize {
    return { rows: this.rows.length + 1, columns: this.columns.length + 3, page: rowsOfPage };
  }

  /** What takes the focus at a place: the cell, or the control that is all of it. */
  private stopAt({ row, column }: Place): HTMLElement | null {
    const cell = this.gridRows[row]?.cells[column];
    return cell?.querySelector<HTMLElement>('[data-focus]') ?? cell ?? null;
  }

  private placeOf(stop: EventTarget | null): Place | null {
    const cell = stop instanceof Element ? stop.closest<HTMLTableCellElement>('td, th') : null;
    if (cell === null) return null;
    const row = this.gridRows.indexOf(cell.parentElement as HTMLTableRowElement);
    return row < 0 ? null : { row, column: cell.cellIndex };
  }

  protected override updated(): void {
    // Sorting takes the focused row elsewhere, and the keyboard stays with it.
    const focused = this.placeOf(this.shadowRoot?.activeElement ?? null);
    this.stayAt(focused ?? within(this.place, this.size));
  }

  private stayAt(place: Place): void {
    for (const stop of this.renderRoot.querySelectorAll('[tabindex="0"]')) {
      stop.setAttribute('tabindex', '-1');
    }
    this.place = place;
    this.stopAt(place)?.setAttribute('tabindex', '0');
  }

  private readonly focused = (event: Event): void => {
    const place = this.placeOf(event.target);
    if (place !== null) this.stayAt(place);
  };

  private readonly pressed = (event: KeyboardEvent): void => {
    const onButton = event.target instanceof HTMLButtonElement;
    if (event.key === ' ' && !onButton && this.place.row > 0) {
      event.preventDefault();
      const row = this.rows[this.place.row - 1];
      if (row !== undefined) this.tellChoice(row);
      return;
    }
    const to = movedBy(event, this.place, this.size);
    if (to === null) return;
    event.preventDefault();
    this.stopAt(to)?.focus();
  };
}

const staleWords = 'from a file that did not change while the weights did, so it is not ranked';

function headTitle(column: Column | typeof versionColumn, title: string): string {
  if (column.better === null) return `Sort by ${title}`;
  return `Sort by ${title} (${column.better} is better)`;
}
