import { html, LitElement, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { maximumSides } from '../../../src/wire/comparePanel';
import {
  type MetricsContract,
  type MetricsEvents,
  type MetricsState,
  type MetricsView,
  maximumRows,
  metricsEventReaders,
  readMetricsState,
  type VersionCurves,
} from '../../../src/wire/metricsPanel';
import type { CheckboxControl, ValueControl } from '../controls';
import { Host } from '../host';
import { beginning, keepsake } from '../keeping';
import { messageOf, nothingToShow, problemNotice, waitingNotice } from '../notices';
import '../picker';
import type { PickEvent } from '../picker';
import { panelStyles, tableStyles } from '../styles';
import { drawn, firstChoice, placesOf, stillThere, toCompare, withChosen } from './chosen';
import { columnsOf, varies } from './columns';
import { curvesSection } from './curvesSection';
import './metricsTable';
import type { ChooseEvent, RollBackEvent, SortEvent } from './metricsTable';
import { countText, joined } from './pages';
import { initialOwn, type MetricsOwn, readMetricsOwn } from './state';
import { metricsStyles } from './styles';

/** Rows of one page. */
const pageRows = 200;
/** How long the filter waits for the next key, in milliseconds. */
const typingPause = 200;

/** The Metrics panel: versions by their metrics and parameters, and the curves of some of them. */
@customElement('cairn-metrics')
export class MetricsPanel extends LitElement {
  static override styles = [panelStyles, tableStyles, metricsStyles];

  /** What the page says, as JSON. */
  given: string | undefined;

  @state() private view: MetricsView | null = null;
  @state() private shown: MetricsState | null = null;
  @state() private own: MetricsOwn = initialOwn;
  @state() private busy = false;
  @state() private problem: string | null = null;
  /** What was read of curves so far; a revision's never change. */
  @state() private curves: ReadonlyMap<string, VersionCurves> = new Map();

  private readonly host = new Host<MetricsContract, MetricsEvents>(metricsEventReaders);
  private places: ReadonlyMap<string, number> = new Map();
  /** What is chosen until somebody chooses: it does not change when the table is sorted. */
  private firstChosen: readonly string[] = [];
  private lastLoad = 0;
  private typing: ReturnType<typeof setTimeout> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    const kept = this.host.recall();
    const begun = beginning(this.given, kept, readMetricsState, readMetricsOwn, this.own);
    if (begun === null) {
      this.problem = nothingToShow;
      return;
    }
    this.shown = begun.state;
    this.own = begun.own;
    this.keep();
    this.host.on('changed', () => void this.load(this.view?.rows.length));
    void this.load();
  }

  private keep(): void {
    if (this.shown !== null) {
      this.host.keep(keepsake(this.given, { state: this.shown, own: this.own }));
    }
  }

  private show(change: Partial<MetricsState>): void {
    if (this.shown === null) return;
    this.shown = { ...this.shown, ...change };
    this.keep();
    void this.load();
  }

  private readonly set = (change: Partial<MetricsOwn>): void => {
    this.own = { ...this.own, ...change };
    this.keep();
    if (change.chosen !== undefined) void this.loadCurves();
  };

  /** The first rows, at least a page of them. */
  private async load(rows = pageRows): Promise<void> {
    if (this.shown === null) return;
    const { model, sort, text } = this.shown;
    const limit = Math.min(maximumRows, Math.max(pageRows, rows));
    const view = await this.latest({ model, sort, text, offset: 0, limit });
    if (view === null) return;
    this.view = view;
    if (sort === null && text === '') this.firstChosen = firstChoice(view.rows);
    else if (this.firstChosen.length === 0) this.firstChosen = firstChoice(view.rows);
    await this.loadCurves();
  }

  private readonly loadMore = async (): Promise<void> => {
    const { view, shown } = this;
    if (view === null || shown === null) return;
    const { model, sort, text } = shown;
    const offset = view.rows.length;
    const more = await this.latest({ model, sort, text, offset, limit: pageRows });
    if (more !== null) this.view = joined(view, more);
  };

  /** An answer, unless it failed or another request was made since. */
  private async latest(ask: MetricsContract['load']['ask']): Promise<MetricsView | null> {
    const mine = ++this.lastLoad;
    this.busy = true;
    try {
      const view = await this.host.ask('load', ask);
      if (mine !== this.lastLoad) return null;
      this.problem = null;
      this.busy = false;
      return view;
    } catch (thrown) {
      if (mine === this.lastLoad) {
        this.problem = messageOf(thrown);
        this.busy = false;
      }
      return null;
    }
  }

  private async loadCurves(): Promise<void> {
    const wanted = drawn(this.chosen).filter((reference) => !this.curves.has(reference));
    if (wanted.length === 0) return;
    try {
      const { versions } = await this.host.ask('curves', { references: wanted });
      const read = versions.map((version) => [version.reference, version] as const);
      this.curves = new Map([...this.curves, ...read]);
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  private get chosen(): string[] {
    return stillThere(this.view?.rows ?? [], this.own.chosen ?? this.firstChosen);
  }

  private readonly choose = ({ detail }: ChooseEvent): void => {
    this.set({ chosen: withChosen(this.chosen, detail.reference, detail.chosen) });
  };

  private readonly typed = (event: Event): void => {
    const text = (event.target as ValueControl).value;
    clearTimeout(this.typing);
    this.typing = setTimeout(() => {
      if (text !== this.shown?.text) this.show({ text });
    }, typingPause);
  };

  private readonly toggleVarying = (event: Event): void => {
    const { checked } = event.target as CheckboxControl;
    if (checked !== this.own.onlyVarying) this.set({ onlyVarying: checked });
  };

  private do<K extends 'compare' | 'rollBack'>(name: K, ask: MetricsContract[K]['ask']): void {
    this.host.ask(name, ask).catch((thrown: unknown) => {
      this.problem = messageOf(thrown);
    });
  }

  override render() {
    const { view } = this;
    return html`<div class="page">
      ${this.problem === null ? nothing : problemNotice(this.problem, () => void this.load())}
      ${view === null ? this.firstView() : this.content(view)}
    </div>`;
  }

  private firstView() {
    return this.problem === null ? waitingNotice('Reading the versions …') : nothing;
  }

  private content(view: MetricsView) {
    if (view.total === 0 && !this.filtered)
      return html`${this.tools(view)} ${noVersions(view.model)}`;
    return html`${this.tools(view)}
      ${view.total === 0 ? this.noMatch() : html`${this.table(view)} ${this.curvesOf(view)}`}`;
  }

  private tools(view: MetricsView) {
    const constant = view.parameters.filter((key) => !varies(view.rows, key)).length;
    return html`<div class="tools">
      <h1>Metrics of ${view.model}</h1>
      ${
        view.models.length < 2
          ? nothing
          : html`<cairn-picker
              .label=${'Model'}
              .options=${view.models.map((name) => ({ value: name, text: name }))}
              .value=${view.model}
              @pick=${({ detail }: PickEvent) => this.showModel(detail)}
            ></cairn-picker>`
      }
      ${view.total === 0 && !this.filtered ? nothing : this.filterField()}
      <span class="spring"></span>
      ${
        constant === 0
          ? nothing
          : html`<vscode-checkbox .checked=${this.own.onlyVarying} @change=${this.toggleVarying}
              >Only parameters that differ</vscode-checkbox
            >`
      }
    </div>`;
  }

  private get filtered(): boolean {
    return (this.shown?.text ?? '').trim() !== '';
  }

  private filterField() {
    return html`<vscode-text-field
        class="filter"
        placeholder="Filter: words, or val_accuracy > 0.9"
        .value=${this.shown?.text ?? ''}
        @input=${this.typed}
        >Filter versions by words, or by conditions such as val_accuracy > 0.9</vscode-text-field
      >`;
  }

  private showModel(model: string): void {
    this.firstChosen = [];
    this.set({ chosen: null, series: null, hidden: [], zoom: null });
    this.show({ model, text: '' });
  }

  private noMatch() {
    return html`<p class="empty">
      No version matches “${this.shown?.text}”.
      <button class="link" @click=${() => this.show({ text: '' })}>Show all</button>
    </p>`;
  }

  private table(view: MetricsView) {
    return html`<div class="table" aria-busy=${this.busy ? 'true' : 'false'}>
      <cairn-metrics-table
        .name=${`Versions of ${view.model}`}
        .rows=${view.rows}
        .columns=${columnsOf(view, this.own.onlyVarying)}
        .sort=${this.shown?.sort ?? null}
        .chosen=${this.chosen}
        @sort=${({ detail }: SortEvent) => this.show({ sort: detail })}
        @choose=${this.choose}
        @rollback=${({ detail }: RollBackEvent) => this.do('rollBack', { reference: detail })}
      ></cairn-metrics-table>
      ${this.below(view)}
    </div>`;
  }

  private below(view: MetricsView) {
    const { chosen } = this;
    const hindered =
      chosen.length < 2
        ? 'Choose two or more versions to compare them'
        : chosen.length > maximumSides
          ? `At most ${maximumSides} versions can be compared`
          : null;
    return html`<div class="below">
      <span class="quiet" role="status">${countText(view)}, ${chosen.length} chosen</span>
      ${
        view.rows.length < view.total
          ? html`<button class="link" @click=${this.loadMore}>Show more</button>`
          : nothing
      }
      <span class="spring"></span>
      <vscode-button
        ?disabled=${hindered !== null}
        title=${hindered ?? 'Compare the chosen versions, the oldest as the base'}
        @click=${() => this.do('compare', { references: toCompare(view.rows, chosen) })}
        >Compare</vscode-button
      >
    </div>`;
  }

  private curvesOf(view: MetricsView) {
    const { chosen } = this;
    this.places = placesOf(this.places, drawn(chosen));
    const rows = new Map(view.rows.map((row) => [row.reference, row]));
    const read = drawn(chosen).map((reference) => this.curves.get(reference));
    const versions = read.filter((version) => version !== undefined);
    return curvesSection({
      chosen: chosen.flatMap((reference) => rows.get(reference) ?? []),
      versions: versions.length === 0 && read.length > 0 ? null : versions,
      primary: view.primary,
      places: this.places,
      own: this.own,
      set: this.set,
    });
  }
}

function noVersions(model: string) {
  return html`<p class="empty">
    ${model} has no versions yet. Commit one with “Cairn: Commit Version…”: its metrics, parameters
    and curves appear here.
  </p>`;
}
