import { html, LitElement, nothing } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import {
  type CompareContract,
  type ComparedSide,
  type CompareEvents,
  type CompareState,
  type CompareView,
  compareEventReaders,
  readCompareState,
  type Side,
} from '../../../src/wire/comparePanel';
import type { CheckboxControl } from '../controls';
import { Host } from '../host';
import { icons } from '../icons';
import { beginning, keepsake } from '../keeping';
import { messageOf, nothingToShow, problemNotice, waitingNotice } from '../notices';
import '../picker';
import type { PickEvent } from '../picker';
import { panelStyles, tableStyles } from '../styles';
import {
  codeSection,
  filesSection,
  metricsSection,
  overviewSection,
  valuesSection,
} from './sections';
import {
  canRollBackTo,
  pickerOptions,
  pickerValue,
  replaced,
  sideOf,
  swapped,
  withOneMore,
  without,
} from './sides';
import { type CompareOwn, readCompareOwn } from './state';
import { compareStyles } from './styles';

/** The Compare panel: a version against others, or against the working files. */
@customElement('cairn-compare')
export class ComparePanel extends LitElement {
  static override styles = [panelStyles, tableStyles, compareStyles];

  /** What the page says, as JSON. */
  given: string | undefined;

  @state() private view: CompareView | null = null;
  @state() private own: CompareOwn = { onlyDifferences: true };
  @state() private busy = false;
  @state() private problem: string | null = null;
  @state() private note = '';

  private readonly host = new Host<CompareContract, CompareEvents>(compareEventReaders);
  private shown: CompareState | null = null;
  private lastLoad = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    const begun = beginning(
      this.given,
      this.host.recall(),
      readCompareState,
      readCompareOwn,
      this.own,
    );
    if (begun === null) {
      this.problem = nothingToShow;
      return;
    }
    this.shown = begun.state;
    this.own = begun.own;
    this.keep();
    this.host.on('changed', () => void this.load());
    void this.load();
  }

  private get sides(): readonly Side[] {
    return this.shown?.sides ?? [];
  }

  private keep(): void {
    if (this.shown === null) return;
    this.host.keep(keepsake(this.given, { state: this.shown, own: this.own }));
  }

  private show(sides: readonly Side[] | null): void {
    if (sides === null || this.shown === null) return;
    this.shown = { ...this.shown, sides };
    this.keep();
    void this.load();
  }

  private readonly load = async (): Promise<void> => {
    const mine = ++this.lastLoad;
    this.busy = true;
    try {
      const view = await this.host.ask('load', { sides: this.sides });
      if (mine !== this.lastLoad) return;
      this.view = view;
      this.problem = null;
    } catch (thrown) {
      if (mine !== this.lastLoad) return;
      this.problem = messageOf(thrown);
    }
    this.busy = false;
  };

  /** Asks for something that has nothing to show here but its failure. */
  private do<K extends 'openCode' | 'openFile' | 'copy' | 'rollBack'>(
    name: K,
    ask: CompareContract[K]['ask'],
    done = '',
  ): void {
    this.note = '';
    this.host.ask(name, ask).then(
      () => {
        this.note = done;
      },
      (thrown: unknown) => {
        this.problem = messageOf(thrown);
      },
    );
  }

  private readonly toggleDifferences = (event: Event): void => {
    const { checked } = event.target as CheckboxControl;
    if (checked === this.own.onlyDifferences) return;
    this.own = { onlyDifferences: checked };
    this.keep();
  };

  private readonly openCode = (side: number): void => {
    const [from, to] = this.pair(side);
    if (from !== null) this.do('openCode', { from, to });
  };

  private readonly openFile = (side: number, path: string): void => {
    const [from, to] = this.pair(side);
    if (from !== null) this.do('openFile', { from, to, path });
  };

  /** The base and another side as they are shown, revisions included. */
  private pair(index: number): readonly [Side, Side] {
    const sides = this.view?.sides ?? [];
    return [sides[0]?.side ?? null, sides[index]?.side ?? null];
  }

  override render() {
    const { view } = this;
    return html`
      ${view === null ? nothing : this.header(view)}
      <div class="page" aria-busy=${this.busy ? 'true' : 'false'}>
        ${this.problem === null ? nothing : problemNotice(this.problem, () => void this.load())}
        ${view === null ? this.firstView() : this.sections(view)}
      </div>
      <div class="hidden" role="status">${this.note}</div>
    `;
  }

  private firstView() {
    return this.problem === null ? waitingNotice('Comparing …') : nothing;
  }

  private header(view: CompareView) {
    const swap = swapped(this.sides);
    const more = withOneMore(view, this.sides);
    const two = view.sides.length === 2;
    return html`<header>
      <h1 class="hidden">Compare ${view.model}</h1>
      <div class="sides">
        ${view.sides.map((side, index) => [
          index === 1 && two
            ? html`<vscode-button
                appearance="icon"
                aria-label="Swap the two sides"
                title=${swap === null ? 'The working files cannot be the base' : 'Swap'}
                ?disabled=${swap === null}
                @click=${() => this.show(swap)}
                >${icons.swap}</vscode-button
              >`
            : nothing,
          this.side(view, side, index),
        ])}
      </div>
      <div class="tools">
        <vscode-checkbox .checked=${this.own.onlyDifferences} @change=${this.toggleDifferences}
          >Only differences</vscode-checkbox
        >
        <span class="spring"></span>
        <vscode-button
          appearance="secondary"
          ?disabled=${more === null}
          title=${more === null ? 'There is nothing left to add' : 'Compare with one more'}
          @click=${() => this.show(more)}
          >Add Version</vscode-button
        >
        <vscode-button
          appearance="secondary"
          @click=${() => this.do('copy', { sides: this.sides }, 'Copied as Markdown.')}
          >Copy as Markdown</vscode-button
        >
      </div>
    </header>`;
  }

  private side(view: CompareView, side: ComparedSide, index: number) {
    const label = index === 0 ? 'Base' : view.sides.length === 2 ? 'Compared' : `Compared ${index}`;
    const reference = side.side;
    return html`<div class="side">
      <div class="side-name">
        <span class="quiet">${label}</span>
        ${
          reference !== null && canRollBackTo(side, view.choices)
            ? html`<button
                class="link"
                aria-label="Roll back to ${side.title}"
                @click=${() => this.do('rollBack', { reference })}
              >
                Roll Back…
              </button>`
            : nothing
        }
      </div>
      <div class="side-row">
        <cairn-picker
          .label=${`${label} version`}
          .options=${pickerOptions(view, index)}
          .value=${pickerValue(side.side)}
          @pick=${({ detail }: PickEvent) => this.show(replaced(this.sides, index, sideOf(detail)))}
        ></cairn-picker>
        ${
          index > 0 && view.sides.length > 2
            ? html`<vscode-button
                appearance="icon"
                aria-label="Leave ${side.title} out"
                title="Leave out"
                @click=${() => this.show(without(this.sides, index))}
                >${icons.close}</vscode-button
              >`
            : nothing
        }
      </div>
    </div>`;
  }

  private sections(view: CompareView) {
    const only = this.own.onlyDifferences;
    return html`
      ${overviewSection(view)} ${metricsSection(view, only)}
      ${valuesSection('parameters', view, only)} ${filesSection(view, only)}
      ${valuesSection('data', view, only)} ${valuesSection('environment', view, only)}
      ${codeSection(view, { openCode: this.openCode, openFile: this.openFile })}
    `;
  }
}
