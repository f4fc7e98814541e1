import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { fold } from '../../../src/core/fold';
import type { ColumnId } from '../../../src/wire/metricsChoices';
import { panelStyles } from '../styles';

/** A column that may be shown. */
export interface ListedColumn {
  readonly id: ColumnId;
  readonly title: string;
  readonly kind: string;
  readonly shown: boolean;
}

export type ShowEvent = CustomEvent<{ readonly id: ColumnId; readonly shown: boolean }>;

/** Every column with a check box: what is hidden is found again here. */
@customElement('cairn-column-list')
export class ColumnList extends LitElement {
  static override styles = [
    panelStyles,
    css`
      :host {
        display: block;
        margin-bottom: 10px;
        padding: 8px 10px;
        border: 1px solid var(--cairn-line);
      }
      .search {
        width: 100%;
        max-width: 320px;
        height: 24px;
        padding: 2px 6px;
        border: 1px solid var(--vscode-input-border, var(--cairn-line));
        background: var(--vscode-input-background);
        color: var(--vscode-input-foreground);
        font: inherit;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(200px, 1fr));
        gap: 2px 14px;
        max-height: 180px;
        margin: 8px 0 0;
        padding: 0;
        overflow: auto;
        list-style: none;
      }
      label {
        display: flex;
        gap: 6px;
        align-items: baseline;
        min-width: 0;
      }
      .name {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
    `,
  ];

  @property({ attribute: false }) columns: readonly ListedColumn[] = [];
  @state() private search = '';

  override render() {
    const wanted = fold(this.search.trim());
    const found = this.columns.filter(({ title }) => fold(title).includes(wanted));
    return html`<input
        class="search"
        type="text"
        aria-label="Search columns"
        placeholder="Search columns"
        .value=${this.search}
        @input=${(event: Event) => {
          this.search = (event.target as HTMLInputElement).value;
        }}
      />
      <ul aria-label="Columns">
        ${found.slice(0, 400).map(
          ({ id, title, kind, shown }) =>
            html`<li>
              <label title=${title}>
                <input
                  type="checkbox"
                  .checked=${shown}
                  @change=${(event: Event) => this.tell(id, (event.target as HTMLInputElement).checked)}
                />
                <span class="name">${title}</span><span class="quiet">${kind}</span>
              </label>
            </li>`,
        )}
      </ul>`;
  }

  private tell(id: ColumnId, shown: boolean): void {
    this.dispatchEvent(new CustomEvent('show', { detail: { id, shown } }));
  }
}
