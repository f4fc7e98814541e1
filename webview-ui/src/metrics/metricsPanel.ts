import { html, LitElement, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { maximumSides } from '../../../src/core/comparisonReport';
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
import { panelStyles, tableStyles } from '../styles';
import { chartsSection } from './chartsSection';
import { stillThere, toCompare, versionOf, withChosen, withRows, withStar } from './chosen';
import { ColumnReader } from './columnReader';
import { DrawnCurves } from './drawnCurves';
import './filterField';
import { neededColumns } from './neededColumns';
import { FirstChosen, RowsInSight } from './rowsInSight';
import type { SaveChart } from './saveButtons';
import type { Brush } from './shownRows';
import { initialOwn, type MetricsOwn, readMetricsOwn } from './state';
import { metricsStyles } from './styles';
import { TableData } from './tableData';
import { noMatch, noVersions } from './tableFooter';
import { tablePart } from './tablePart';
import { toolbar } from './toolbar';
import { TypedFilter } from './typedFilter';

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

  private readonly condition = new TypedFilter();
  private readonly host = new Host<MetricsContract, MetricsEvents>(metricsEventReaders);
  private readonly curves = new DrawnCurves(
    async (ask) => (await this.host.ask('curves', ask)).curves,
    (problem) => {
      if (problem !== null) this.problem = messageOf(problem);
      this.requestUpdate();
    },
  );
  private columnsInSight: readonly string[] = [];
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
    this.condition.read(begun.state.text);
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
    this.curves.store.renew((reference) => runIn(reference) !== null);
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
    const { choices, condition, brushes, columnsInSight } = this;
    return neededColumns(data, choices, condition.filter, brushes, columnsInSight);
  }

  private live(runs: readonly LiveRun[]): void {
    this.data?.update(runs);
    this.generation++;
    this.curves.store.grown(new Set(runs.map(({ reference }) => reference)));
  }

  private get chosen(): readonly string[] {
    const { data } = this;
    if (data === null) return [];
    return this.own.chosen ?? this.firstChosen.of(data);
  }

  private readonly typed = (text: string): void => {
    if (this.kept === null) return;
    this.kept = { ...this.kept, text };
    this.keep();
    this.condition.read(text);
    this.requestUpdate();
    void this.readColumns();
  };

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
  private readonly rowsInSight = new RowsInSight(this.isStarred);
  private readonly firstChosen = new FirstChosen();

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
      ...{ choices: this.choices, text: this.kept?.text ?? '', wrong: this.condition.wrong },
      listing: this.listing,
      typed: this.typed,
      choose: this.choose,
      showModel: (model) => this.showModel(model),
      list: (listing) => {
        this.listing = listing;
      },
    });
    if (data.rows.length === 0) return html`${tools} ${noVersions(data.view.model)}`;
    const { generation, brushes, choices } = this;
    const { filter } = this.condition;
    const sifting = { generation, filter, brushes, choices };
    const { shown, unbrushed } = this.rowsInSight.of(data, sifting);
    return html`${tools} ${this.table(data, shown)}
    ${unbrushed.length === 0 ? noMatch(this.showAll) : nothing} ${this.charts(data, shown, unbrushed)}`;
  }

  private showModel(model: string): void {
    if (this.kept === null) return;
    this.brushes = [];
    this.kept = { ...this.kept, model, text: '' };
    this.condition.read('');
    this.set({ chosen: null, series: null, hidden: [], zoom: null });
    void this.load();
  }

  private readonly showAll = (): void => {
    this.typed('');
    this.choose({ onlyStarred: false, shown: 'all' });
  };

  private table(data: TableData, shown: readonly number[]) {
    const { choices, generation, isStarred, choose } = this;
    return tablePart({
      ...{ data, shown, choices, generation, isStarred, choose },
      chosen: this.chosen,
      chooseRows: ({ references, chosen }) =>
        this.set({ chosen: withRows(this.chosen, references, chosen) }),
      chooseNone: () => this.set({ chosen: [] }),
      star: (reference) => choose({ starred: withStar(choices.starred, reference) }),
      amend: (detail) => this.do('amend', detail),
      compare: () => this.compare(data),
      rollBack: (reference) => this.do('rollBack', { reference }),
      look: (columns) => {
        this.columnsInSight = columns;
        void this.readColumns();
      },
      save: this.save,
    });
  }

  private compare({ view }: TableData): void {
    const references = toCompare(view, this.chosen);
    if (references.length >= 2 && references.length <= maximumSides) {
      this.do('compare', { references });
    }
  }

  private charts(data: TableData, shown: readonly number[], unbrushed: readonly number[]) {
    const { choices, generation, brushes, own, set, save } = this;
    const chosen = stillThere(data.rows, this.chosen);
    const curves = this.curves.parts(data, chosen, choices.chart === 'curves', own);
    return chartsSection({
      ...{ data, generation, unbrushed, shown, chosen, choices, brushes, save },
      curves: { ...curves, set, save },
      choose: this.choose,
      toggle: this.toggle,
      brush: (next) => {
        this.brushes = next;
        void this.readColumns();
      },
    });
  }
}
