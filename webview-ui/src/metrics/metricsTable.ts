import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { TableRow } from '../../../src/core/metricsTable';
import type { Arrangement, ColumnId, ColumnSort } from '../../../src/wire/metricsChoices';
import { sized } from '../sized';
import { panelStyles } from '../styles';
import type { ColumnAction } from './columnMenu';
import './columnMenu';
import { type ColumnMove, movedColumn } from './columnMoves';
import { type Column, nextSorts } from './columns';
import { gridHead, versionColumn } from './gridHead';
import { headKey, rowKey } from './gridKeys';
import { movedBy, type Place, placeNamed, within } from './gridMoves';
import type { GridParts } from './gridParts';
import { gridRow } from './gridRow';
import {
  actionsWidth,
  gridWindow,
  headHeight,
  leading,
  leadWidth,
  rowHeight,
  scrolledTo,
  type Viewport,
} from './gridWindow';
import type { TableData } from './tableData';
import { metricsTableStyles } from './tableStyles';

/**
 * Versions and runs by their metrics and parameters, of which only what is in sight is in the page.
 * One stop for the Tab key: the arrow keys go from cell to cell, on a column's head Enter sorts
 * (with Shift beside what sorts already) and Alt with an arrow moves it, on a row Space chooses.
 */
@customElement('cairn-metrics-table')
export class MetricsTable extends LitElement {
  static override styles = [panelStyles, metricsTableStyles];

  @property() name = '';
  @property({ attribute: false }) data: TableData | null = null;
  /** Numbers of the shown rows, in their order. */
  @property({ attribute: false }) shown: readonly number[] = [];
  @property({ attribute: false }) columns: readonly Column[] = [];
  @property({ attribute: false }) arrangement: Arrangement | null = null;
  @property({ attribute: false }) sorts: readonly ColumnSort[] = [];
  @property({ attribute: false }) chosen: ReadonlySet<string> = new Set();
  @property({ attribute: false }) starred: (row: TableRow) => boolean = () => false;
  /** Grows with every column that arrived or changed. */
  @property({ type: Number }) generation = 0;

  @state() private seen: Viewport = { left: 0, top: 0, width: 900, height: 420 };
  @state() private active: Place = { row: 0, column: 1 };
  @state() private editing: string | null = null;
  @state() private menu: ColumnId | null = null;
  /** A column's width while it is drawn. */
  @state() private drawn: { readonly id: ColumnId; readonly width: number } | null = null;
  /** The column that the keyboard stays on while columns are moved. */
  private followed: ColumnId | null = null;
  /** The row from which a choice with Shift goes. */
  private anchor: number | null = null;
  private readonly resizes = new ResizeObserver(() => this.look());

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizes.disconnect();
  }

  override render() {
    const { data } = this;
    if (data === null) return nothing;
    const columns = this.sizedColumns;
    const window = gridWindow(this.shown.length, columns, this.seen);
    const parts = this.parts(data, columns);
    const width = columns.reduce((sum, column) => sum + column.width, leadWidth + actionsWidth);
    const visible = this.shown.slice(window.firstRow, window.endRow);
    const above = window.firstRow * rowHeight;
    const below = (this.shown.length - window.endRow) * rowHeight;
    return html`<div
        class="scroller"
        role="grid"
        tabindex="0"
        aria-label=${this.name}
        aria-multiselectable="true"
        aria-rowcount=${this.shown.length + 1}
        aria-colcount=${columns.length + leading + 1}
        aria-activedescendant=${`c-${this.active.row}-${this.active.column}`}
        @scroll=${this.look}
        @keydown=${this.pressed}
        @pointerdown=${this.pointed}
      >
        <div role="rowgroup" class="head" ${sized({ width: `${width}px` })}>
          ${gridHead(window, parts)}
        </div>
        <div role="rowgroup" ${sized({ width: `${width}px` })}>
          <div role="presentation" ${sized({ height: `${above}px` })}></div>
          ${visible.map((place, index) => gridRow(place, window.firstRow + index, window, parts))}
          <div role="presentation" ${sized({ height: `${below}px` })}></div>
        </div>
      </div>
      ${this.menuPart(columns)}`;
  }

  private menuPart(columns: readonly Column[]) {
    const column = columns.find(({ id }) => id === this.menu);
    if (column === undefined) return nothing;
    return html`<cairn-column-menu
      ${sized({ left: `${this.menuLeft(column)}px`, top: `${headHeight}px` })}
      .column=${column}
      @action=${({ detail }: CustomEvent<ColumnAction>) => this.act(column, detail)}
      @leave=${() => this.closeMenu()}
    ></cairn-column-menu>`;
  }

  private menuLeft({ id }: Column): number {
    const head = this.renderRoot.querySelector(`[data-column="${CSS.escape(id)}"]`);
    if (head === null) return 0;
    const left = head.getBoundingClientRect().left - this.getBoundingClientRect().left;
    return Math.max(0, Math.min(left, this.clientWidth - 200));
  }

  private closeMenu(): void {
    this.menu = null;
    this.focusGrid();
  }

  private get sizedColumns(): readonly Column[] {
    const { drawn } = this;
    if (drawn === null) return this.columns;
    return this.columns.map((one) => (one.id === drawn.id ? { ...one, width: drawn.width } : one));
  }

  private parts(data: TableData, columns: readonly Column[]): GridParts {
    const { sorts, active, editing } = this;
    return {
      ...{ data, columns, sorts, active, editing, writable: data.view.writable },
      isChosen: ({ reference }) => this.chosen.has(reference),
      isStarred: this.starred,
      tell: (name, detail) => this.tell(name, detail),
      choose: (row, toHere) => this.choose(row, toHere),
      edit: (reference) => this.edit(reference),
      amend: (detail) => {
        this.edit(null);
        this.tell('amend', detail);
      },
      sort: (column, add) => this.tell('sort', nextSorts(this.sorts, column, add)),
      openMenu: ({ id }) => {
        this.menu = id;
      },
      drop: (move) => this.arrange(move),
      resize: (column, width, done) => {
        this.drawn = done ? null : { id: column.id, width };
        if (done) this.arrange({ kind: 'width', id: column.id, width });
      },
    };
  }

  private edit(reference: string | null): void {
    this.editing = reference;
    if (reference === null) this.focusGrid();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (this.followed !== null && changed.has('columns')) {
      const at = this.columns.findIndex(({ id }) => id === this.followed);
      this.followed = null;
      if (at >= 0) this.goTo({ row: this.active.row, column: at + leading });
    }
    if (changed.has('shown') || changed.has('columns')) {
      const place = within(this.active, this.size);
      if (place.row !== this.active.row || place.column !== this.active.column) this.active = place;
    }
  }

  private tell<T>(name: string, detail: T): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  private get scroller(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('.scroller');
  }

  private focusGrid(): void {
    this.scroller?.focus({ preventScroll: true });
  }

  private readonly look = (): void => {
    const { scroller } = this;
    if (scroller === null) return;
    const { scrollLeft: left, scrollTop: top, clientWidth: width, clientHeight: height } = scroller;
    this.seen = { left, top, width, height };
    // Whoever reads the columns' values is told of those that are drawn.
    const { pinned, columns } = gridWindow(0, this.columns, this.seen);
    this.tell(
      'look',
      [...pinned, ...columns].map(({ id }) => id),
    );
  };

  protected override firstUpdated(): void {
    this.look();
  }

  private choose({ reference }: TableRow, toHere: boolean): void {
    const references = this.shown.flatMap((place) => this.data?.rows[place]?.reference ?? []);
    const at = references.indexOf(reference);
    const from = toHere && this.anchor !== null ? this.anchor : at;
    const chosen = from === at ? !this.chosen.has(reference) : true;
    this.anchor = at;
    const range = references.slice(Math.min(from, at), Math.max(from, at) + 1);
    this.tell('choose', { references: range, chosen });
  }

  private arrange(move: ColumnMove): void {
    if (this.arrangement === null) return;
    this.followed = this.activeColumn?.id ?? null;
    this.tell('arrange', movedColumn(this.arrangement, this.columns, move));
  }

  private act(column: Column, action: ColumnAction): void {
    this.closeMenu();
    if (action.kind === 'sort') {
      const rest = this.sorts.filter((sort) => sort.column !== column.id);
      const sort = { column: column.id, order: action.order };
      this.tell('sort', action.add ? [...rest, sort] : [sort]);
    } else this.arrange(action.move);
  }

  // The keyboard: the grid has the focus, and says which of its cells is meant.

  private get size() {
    const page = Math.max(1, Math.floor((this.seen.height - headHeight) / rowHeight) - 1);
    return { rows: this.shown.length + 1, columns: this.columns.length + leading + 1, page };
  }

  private get activeRow(): TableRow | undefined {
    const place = this.shown[this.active.row - 1];
    return place === undefined ? undefined : this.data?.rows[place];
  }

  private get activeColumn(): Column | null {
    return this.columns[this.active.column - leading] ?? null;
  }

  private readonly pointed = (event: PointerEvent): void => {
    const cell = event.composedPath().find((one) => one instanceof HTMLElement && one.id !== '');
    this.active = placeNamed((cell as HTMLElement | undefined)?.id ?? '') ?? this.active;
  };

  private readonly pressed = (event: KeyboardEvent): void => {
    const [target] = event.composedPath();
    if (target instanceof HTMLInputElement && target.type === 'text') return;
    const isMine = this.active.row === 0 ? this.onHead(event) : this.onRow(event);
    if (!isMine) {
      const to = event.altKey ? null : movedBy(event, this.active, this.size);
      if (to === null) return;
      this.goTo(to);
    }
    event.preventDefault();
  };

  private onHead(event: KeyboardEvent): boolean {
    const column = this.activeColumn;
    const asked = headKey(event, column);
    if (asked === null) return false;
    if (asked.kind === 'move') this.arrange(asked.move);
    else if (asked.kind === 'menu') this.menu = column?.id ?? null;
    else {
      const head = column ?? (this.active.column === 1 ? versionColumn : null);
      if (head !== null) this.tell('sort', nextSorts(this.sorts, head, asked.add));
    }
    return true;
  }

  private onRow(event: KeyboardEvent): boolean {
    const row = this.activeRow;
    if (row === undefined) return false;
    const isActions = this.active.column === this.columns.length + leading;
    const isWritable = this.data?.view.writable === true;
    const asked = rowKey(event, row, { isActions, isWritable });
    if (asked === null) return false;
    if (asked === 'choose') this.choose(row, event.shiftKey);
    else if (asked === 'edit') this.edit(row.reference);
    else this.tell(asked, row.reference);
    return true;
  }

  private goTo(place: Place): void {
    this.active = place;
    const { scroller } = this;
    if (scroller === null) return;
    const column = this.columns[place.column - leading] ?? null;
    const to = scrolledTo({ row: Math.max(0, place.row - 1), column }, this.columns, this.seen);
    const isEnd = place.column === this.size.columns - 1;
    if (place.row > 0) scroller.scrollTop = to.top;
    scroller.scrollLeft = isEnd ? scroller.scrollWidth : place.column < leading ? 0 : to.left;
    this.look();
  }
}
