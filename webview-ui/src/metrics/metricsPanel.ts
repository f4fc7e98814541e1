import { html, LitElement, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { maximumSides } from '../../../src/core/comparisonReport';
import { isFailure } from '../../../src/core/failure';
import { runIn, type TableRow } from '../../../src/core/metricsTable';
import { initialChoices, type MetricsChoices } from '../../../src/wire/metricsChoices';
import {
  type LiveRun,
  type MetricsContract,
  type MetricsEvents,
  type MetricsState,
  metricsEventReaders,
  readMetricsState,
} from '../../../src/wire/metricsPanel';
import { Host } from '../host';
import { beginning, keepsake } from '../keeping';
import { messageOf, nothingToShow, problemNotice, waitingNotice } from '../notices';
import '../picker';
import { sized } from '../sized';
import { panelStyles, tableStyles } from '../styles';
import { chartColumns, chartsSection } from './chartsSection';
import {
  drawn,
  firstChoice,
  placesOf,
  stillThere,
  toCompare,
  versionOf,
  withChosen,
} from './chosen';
import { ColumnReader } from './columnReader';
import { columnsOf } from './columns';
import { seriesNames, seriesToShow } from './curveLines';
import { CurveStore } from './curveStore';
import { tableCsv } from './exporting';
import './filterField';
import './metricsTable';
import type { AmendEvent, ArrangeEvent, ChooseEvent, RowEvent, SortEvent } from './metricsTable';
import type { SaveChart } from './saveButtons';
import { type Brush, filterColumns, type RowFilter, rowFilter, shownRows } from './shownRows';
import { initialOwn, type MetricsOwn, readMetricsOwn } from './state';
import { metricsStyles } from './styles';
import { TableData } from './tableData';
import { noVersions, tableFooter } from './tableFooter';
import { toolbar } from './toolbar';

/** Columns that are read before somebody scrolls to them. */
const mostAhead = 240;

/** The Metrics panel: versions and runs by their metrics and parameters, and charts of them. */
@customElement('cairn-metrics')
export class MetricsPanel extends LitElement {
  static override styles = [panelStyles, tableStyles, metricsStyles];

  /** What the page says, as JSON. */
  given: string | undefined;

  @state() private data: TableData | null = null;
  @state() private kept: MetricsState | null = null;
  @state() private own: MetricsOwn = initialOwn;
  @state() private choices: MetricsChoices = initialChoices;
  @state() private problem: string | null = null;
  @state() private listing = false;
  @state() private brushes: readonly Brush[] = [];
  /** Grows with every column that arrived or changed. */
  @state() private generation = 0;
  /** Why the condition cannot be read; the last one that could be is in force. */
  @state() private wrong: string | null = null;

  private filter: RowFilter = { kind: 'everything' };
  private readonly host = new Host<MetricsContract, MetricsEvents>(metricsEventReaders);
  private readonly store = new CurveStore(
    async (ask) => (await this.host.ask('curves', ask)).curves,
    (problem) => {
      if (problem !== null) this.problem = messageOf(problem);
      this.requestUpdate();
    },
  );
  private places: ReadonlyMap<string, number> = new Map();
  private inSight: readonly string[] = [];
  private lastLoad = 0;
  private readonly reader = new ColumnReader({
    ask: async (ask) => (await this.host.ask('columns', ask)).columns,
    table: () => this.data,
    needed: (data) => this.needed(data),
    arrived: () => this.generation++,
    isOld: () => void this.load(),
  });

  override connectedCallback(): void {
    super.connectedCallback();
    const kept = this.host.recall();
    const begun = beginning(this.given, kept, readMetricsState, readMetricsOwn, this.own);
    if (begun === null) {
      this.problem = nothingToShow;
      return;
    }
    const { focus } = begun.state;
    this.kept = { ...begun.state, focus: [] };
    this.own = focus.length > 0 ? { ...begun.own, chosen: focus } : begun.own;
    this.readFilter(begun.state.text);
    this.keep();
    this.host.on('changed', () => void this.load());
    this.host.on('live', ({ runs }) => this.live(runs));
    void this.load();
  }

  private keep(): void {
    if (this.kept !== null) {
      this.host.keep(keepsake(this.given, { state: this.kept, own: this.own }));
    }
  }

  private readonly set = (change: Partial<MetricsOwn>): void => {
    this.own = { ...this.own, ...change };
    this.keep();
  };

  /** Chooses for this project and model. */
  private readonly choose = (change: Partial<MetricsChoices>): void => {
    this.choices = { ...this.choices, ...change };
    const model = this.data?.view.model;
    if (model !== undefined) this.do('remember', { model, choices: this.choices });
    void this.readColumns();
  };

  private async load(): Promise<void> {
    if (this.kept === null) return;
    const mine = ++this.lastLoad;
    try {
      const view = await this.host.ask('load', { model: this.kept.model });
      const data = new TableData(view);
      const isFirst = this.data === null || this.data.view.model !== view.model;
      if (mine !== this.lastLoad) return;
      if (isFirst) {
        this.choices = view.choices ?? initialChoices;
        this.data = data;
      } else if (!(await this.reader.fill(data, this.needed(data)))) return;
      if (mine !== this.lastLoad) return;
      this.take(data);
    } catch (thrown) {
      if (mine === this.lastLoad) this.problem = messageOf(thrown);
    }
  }

  private take(data: TableData): void {
    this.problem = null;
    this.data = data;
    this.generation++;
    if (this.own.chosen !== null) this.set({ chosen: stillThere(data.rows, this.own.chosen) });
    this.store.renew((reference) => runIn(reference) !== null);
    void this.readColumns();
  }

  /** Reads what is needed first, and then the rest of what is shown, so that scrolling finds it. */
  private async readColumns(): Promise<void> {
    try {
      await this.reader.readAhead();
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  private needed(data: TableData): string[] {
    const { choices } = this;
    const wanted = [
      ...choices.sorts.map(({ column }) => column),
      ...filterColumns(this.filter, data),
      ...this.brushes.map(({ column }) => column),
      ...this.inSight,
      ...chartColumns(data, choices),
      ...columnsOf(data, choices)
        .slice(0, mostAhead)
        .map(({ id }) => id),
    ];
    return data.missing(wanted).map(({ kind, key }) => `${kind}:${key}`);
  }

  private live(runs: readonly LiveRun[]): void {
    this.data?.update(runs);
    this.generation++;
    this.store.grown(new Set(runs.map(({ reference }) => reference)));
  }

  private get chosen(): readonly string[] {
    const { data } = this;
    if (data === null) return [];
    return this.own.chosen ?? this.firstChosen(data);
  }

  /** Until somebody chooses it stays what it was at first, whatever the table is sorted by. */
  private firstChosen(data: TableData): readonly string[] {
    if (this.first === null || this.first.data !== data) {
      const before = this.first?.chosen ?? null;
      const isSame = before !== null && this.first?.data.view.model === data.view.model;
      const chosen = isSame ? stillThere(data.rows, before) : firstChoice(data.view);
      this.first = { data, chosen };
    }
    return this.first.chosen;
  }
  private first: { readonly data: TableData; readonly chosen: readonly string[] } | null = null;

  private readonly typed = (text: string): void => {
    if (this.kept === null) return;
    this.kept = { ...this.kept, text };
    this.keep();
    this.readFilter(text);
    void this.readColumns();
  };

  private readFilter(text: string): void {
    try {
      this.filter = rowFilter(text);
      this.wrong = null;
    } catch (thrown) {
      if (!isFailure(thrown, 'usage')) throw thrown;
      this.wrong = thrown.data.what;
    }
  }

  private do<K extends 'compare' | 'rollBack' | 'remember' | 'amend' | 'save'>(
    name: K,
    ask: MetricsContract[K]['ask'],
  ): void {
    this.host.ask(name, ask).catch((thrown: unknown) => {
      this.problem = messageOf(thrown);
    });
  }

  private readonly save: SaveChart = (name, format, content) =>
    this.do('save', { name, format, content });

  private readonly isStarred = ({ reference }: TableRow): boolean =>
    this.choices.starred.includes(versionOf(reference));

  private star(reference: string): void {
    const { starred } = this.choices;
    const version = versionOf(reference);
    const others = starred.filter((one) => one !== version);
    this.choose({ starred: others.length < starred.length ? others : [...others, version] });
  }

  private readonly toggle = (reference: string): void => {
    const { chosen } = this;
    this.set({ chosen: withChosen(chosen, reference, !chosen.includes(reference)) });
  };

  override render() {
    const { data } = this;
    return html`<div class="page">
      ${this.problem === null ? nothing : problemNotice(this.problem, () => void this.load())}
      ${data === null ? this.waiting() : this.content(data)}
    </div>`;
  }

  private waiting() {
    return this.problem === null ? waitingNotice('Reading the versions …') : nothing;
  }

  private content(data: TableData) {
    const tools = toolbar({
      data,
      ...{ choices: this.choices, text: this.kept?.text ?? '', wrong: this.wrong },
      listing: this.listing,
      typed: this.typed,
      choose: this.choose,
      showModel: (model) => this.showModel(model),
      list: (listing) => {
        this.listing = listing;
      },
    });
    if (data.rows.length === 0) return html`${tools} ${noVersions(data.view.model)}`;
    const { shown, unbrushed } = this.showing(data);
    return html`${tools} ${this.table(data, shown)}
    ${unbrushed.length === 0 ? this.noMatch() : nothing} ${this.charts(data, shown, unbrushed)}`;
  }

  /** Worked out anew only when something of it changed. */
  private showing(data: TableData) {
    const { generation, filter, brushes, choices } = this;
    const of = [data, generation, filter, brushes, choices] as const;
    if (this.lastShown === null || of.some((one, index) => one !== this.lastShown?.of[index])) {
      const { isStarred } = this;
      const unbrushed = shownRows(data, { filter, choices, isStarred, brushes: [] });
      const shown =
        brushes.length === 0 ? unbrushed : shownRows(data, { filter, choices, isStarred, brushes });
      this.lastShown = { of, shown, unbrushed };
    }
    return this.lastShown;
  }
  private lastShown: {
    readonly of: readonly unknown[];
    readonly shown: readonly number[];
    readonly unbrushed: readonly number[];
  } | null = null;

  private showModel(model: string): void {
    if (this.kept === null) return;
    this.brushes = [];
    this.kept = { ...this.kept, model, text: '' };
    this.readFilter('');
    this.set({ chosen: null, series: null, hidden: [], zoom: null });
    void this.load();
  }

  private noMatch() {
    return html`<p class="empty">
      Nothing matches.
      <button
        class="link"
        @click=${() => {
          this.typed('');
          this.choose({ onlyStarred: false, shown: 'all' });
        }}
      >
        Show all
      </button>
    </p>`;
  }

  private table(data: TableData, shown: readonly number[]) {
    const columns = columnsOf(data, this.choices);
    const chosen = new Set(this.chosen);
    return html`<cairn-metrics-table
        ${sized({ '--rows': String(shown.length) })}
        .name=${`Versions and runs of ${data.view.model}`}
        .data=${data}
        .shown=${shown}
        .columns=${columns}
        .arrangement=${this.choices.arrangement}
        .sorts=${this.choices.sorts}
        .chosen=${chosen}
        .starred=${this.isStarred}
        .generation=${this.generation}
        @sort=${({ detail }: SortEvent) => this.choose({ sorts: detail })}
        @arrange=${({ detail }: ArrangeEvent) => this.choose({ arrangement: detail })}
        @choose=${({ detail }: ChooseEvent) => this.chooseRows(detail)}
        @star=${({ detail }: RowEvent) => this.star(detail)}
        @amend=${({ detail }: AmendEvent) => this.do('amend', detail)}
        @compare=${() => this.compare(data)}
        @rollback=${({ detail }: RowEvent) => this.do('rollBack', { reference: detail })}
        @look=${({ detail }: CustomEvent<readonly string[]>) => {
          this.inSight = detail;
          void this.readColumns();
        }}
      ></cairn-metrics-table>
      ${this.below(data, shown, columns)}`;
  }

  private chooseRows({ references, chosen }: ChooseEvent['detail']): void {
    let next = [...this.chosen];
    if (references.length === 1) next = withChosen(next, references[0] ?? '', chosen);
    else next = [...new Set([...next, ...references])];
    this.set({ chosen: next });
  }

  private compare({ view }: TableData): void {
    const references = toCompare(view, this.chosen);
    if (references.length >= 2 && references.length <= maximumSides) {
      this.do('compare', { references });
    }
  }

  private below(data: TableData, shown: readonly number[], columns: ReturnType<typeof columnsOf>) {
    return tableFooter({
      ...{ data, shown, chosen: this.chosen },
      chooseNone: () => this.set({ chosen: [] }),
      exportCsv: () =>
        this.save(`metrics-${data.view.model}`, 'csv', tableCsv(data, shown, columns)),
      compare: () => this.compare(data),
    });
  }

  private charts(data: TableData, shown: readonly number[], unbrushed: readonly number[]) {
    const { choices, generation, brushes, own, set, store, save } = this;
    const chosen = stillThere(data.rows, this.chosen);
    const references = drawn(chosen);
    this.places = placesOf(this.places, references);
    const { primary } = data.view;
    const names = seriesNames(store.whole);
    const wanted = seriesToShow(names, own.series, primary);
    const series = wanted ?? own.series ?? primary?.metric ?? '';
    if (choices.chart === 'curves') {
      store.want({ references, series, axis: own.axis, zoom: own.zoom });
    }
    const rows = chosen.flatMap((one) => data.rows[data.placeOf(one) ?? -1] ?? []);
    const { places } = this;
    return chartsSection({
      ...{ data, generation, unbrushed, shown, chosen, choices, brushes, save },
      curves: { chosen: rows, store, primary, places, own, set, save },
      choose: this.choose,
      toggle: this.toggle,
      brush: (next) => {
        this.brushes = next;
        void this.readColumns();
      },
    });
  }
}
