import { html, LitElement, nothing, svg } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import {
  type HistogramView,
  type ModelContract,
  type ModelEvents,
  type ModelView,
  modelEventReaders,
  type TensorPage,
} from '../../../src/wire/modelPanel';
import type { ValueControl } from '../controls';
import { Host } from '../host';
import { messageOf, problemNotice, waitingNotice } from '../notices';
import { panelStyles } from '../styles';
import { modelStyles } from './styles';

interface Opened {
  readonly tensor: string;
  /** `null`: its values cannot be looked at; `undefined`: they are being read. */
  readonly histogram: HistogramView | null | undefined;
}

/** A model file: what a scan found on top, then tensors, layers and metadata. */
@customElement('cairn-model')
export class ModelPanel extends LitElement {
  static override styles = [panelStyles, modelStyles];

  /** What the page says, as JSON. */
  given: string | undefined;

  @state() private view: ModelView | null = null;
  @state() private page: TensorPage = { rows: [], total: 0 };
  @state() private search = '';
  @state() private opened: Opened | null = null;
  @state() private problem: string | null = null;

  private readonly host = new Host<ModelContract, ModelEvents>(modelEventReaders);
  private lastPage = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.host.on('changed', () => void this.load());
    void this.load();
  }

  private async load(): Promise<void> {
    try {
      this.view = await this.host.ask('load', {});
      this.problem = null;
      await this.find(this.search, false);
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  /** The first page of what the search finds, or one more behind those that are shown. */
  private async find(search: string, further: boolean): Promise<void> {
    const mine = ++this.lastPage;
    this.search = search;
    try {
      const from = further ? this.page.rows.length : 0;
      const page = await this.host.ask('tensors', { search, from });
      if (mine !== this.lastPage) return;
      this.page = further ? { ...page, rows: [...this.page.rows, ...page.rows] } : page;
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  private async show(tensor: string): Promise<void> {
    if (this.opened?.tensor === tensor) {
      this.opened = null;
      return;
    }
    this.opened = { tensor, histogram: undefined };
    try {
      const histogram = await this.host.ask('histogram', { tensor });
      if (this.opened?.tensor === tensor) this.opened = { tensor, histogram };
    } catch (thrown) {
      this.problem = messageOf(thrown);
    }
  }

  override render() {
    const { view, problem } = this;
    if (view === null)
      return problem === null ? waitingNotice('Reading the file') : problemNotice(problem);
    return html`
      ${problem === null ? nothing : problemNotice(problem)}
      <p class="figures">${view.summary}</p>
      ${this.verdict(view)} ${this.warnings(view)} ${this.tensors(view)} ${this.layers(view)}
      ${this.metadata(view)}
    `;
  }

  private verdict({ verdict, danger, findings }: ModelView) {
    return html`<div class="verdict ${danger}" role=${danger === 'none' ? 'status' : 'alert'}>
      <strong>${verdict}</strong>
      ${
        findings.length === 0
          ? nothing
          : html`<ul>
            ${findings.map(
              ({ severity, message, place }) =>
                html`<li>${severity}: ${message} <span class="quiet mono">${place}</span></li>`,
            )}
          </ul>`
      }
    </div>`;
  }

  private warnings({ warnings }: ModelView) {
    if (warnings.length === 0) return nothing;
    return html`<section>
      <h2>Warnings</h2>
      <ul>
        ${warnings.map((warning) => html`<li>${warning}</li>`)}
      </ul>
    </section>`;
  }

  private tensors({ tensors }: ModelView) {
    if (tensors === 0) return nothing;
    const { rows, total } = this.page;
    return html`<section>
      <h2>Tensors</h2>
      <vscode-text-field
        placeholder="Search by name, type or shape"
        aria-label="Search tensors by name, type or shape"
        .value=${this.search}
        @input=${(event: Event) => void this.find((event.target as ValueControl).value, false)}
      ></vscode-text-field>
      <span class="quiet figures" role="status">${total} of ${tensors}</span>
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Type</th>
            <th scope="col">Shape</th>
            <th scope="col">Size</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map((row) => this.tensor(row))}
        </tbody>
      </table>
      ${
        rows.length < total
          ? html`<vscode-button appearance="secondary" @click=${() => void this.find(this.search, true)}
            >Show more</vscode-button
          >`
          : nothing
      }
    </section>`;
  }

  private tensor({ name, dtype, shape, size }: TensorPage['rows'][number]) {
    const open = this.opened?.tensor === name;
    return html`<tr>
        <td class="mono">
          <button class="name" aria-expanded=${open} @click=${() => void this.show(name)}>
            ${name === '' ? '(the array)' : name}
          </button>
        </td>
        <td>${dtype}</td>
        <td class="figures">${shape}</td>
        <td class="figures">${size}</td>
      </tr>
      ${open ? html`<tr><td colspan="4">${this.histogram()}</td></tr>` : nothing}`;
  }

  private histogram() {
    const histogram = this.opened?.histogram;
    if (histogram === undefined) return 'Reading its values …';
    if (histogram === null)
      return 'Its values are quantized, packed, elsewhere or too many to show.';
    const { counts, sentence } = histogram;
    const most = Math.max(1, ...counts);
    return html`<svg
        class="bars"
        viewBox="0 0 ${Math.max(1, counts.length)} 100"
        preserveAspectRatio="none"
        role="img"
        aria-label="How its values are spread: ${sentence}"
      >
        ${counts.map((count, at) => {
          const height = (100 * count) / most;
          return svg`<rect x=${at} y=${100 - height} width="0.9" height=${height}></rect>`;
        })}
      </svg>
      <p class="quiet figures">${sentence}</p>`;
  }

  private layers({ layers }: ModelView) {
    if (layers.length === 0) return nothing;
    return html`<section>
      <h2>Architecture</h2>
      <ul class="layers scrolling" role="tree" aria-label="Architecture" tabindex="0">
        ${layers.map(
          ({ depth, name, kind, attributes }) =>
            html`<li role="treeitem" aria-level=${depth + 1}>
              <span aria-hidden="true">${'\u2003'.repeat(depth)}</span>
              <span
                >${name === '' ? nothing : `${name}: `}<strong>${kind}</strong>
                <span class="quiet">${attributes}</span></span
              >
            </li>`,
        )}
      </ul>
    </section>`;
  }

  private metadata({ metadata }: ModelView) {
    if (metadata.length === 0) return nothing;
    return html`<section>
      <h2>Metadata</h2>
      <div class="scrolling" tabindex="0" role="region" aria-label="Metadata">
        <table class="pairs">
          ${metadata.map(
            ({ key, value }) =>
              html`<tr>
                <th scope="row" class="mono">${key}</th>
                <td>${value}</td>
              </tr>`,
          )}
        </table>
      </div>
    </section>`;
  }
}
