import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import {
  type FilterCompletion,
  type FilterVocabulary,
  filterCompletion,
} from '../../../src/core/filterCompletion';
import { panelStyles } from '../styles';

/** What is typed; told with every key. */
export type FilterEvent = CustomEvent<string>;

/** Suggestions that are shown at once. */
const mostShown = 12;

/** The field for words and conditions, which offers what may come next. */
@customElement('cairn-filter-field')
export class FilterField extends LitElement {
  static override styles = [
    panelStyles,
    css`
      :host {
        position: relative;
      }
      input {
        width: 100%;
        height: 26px;
        padding: 3px 6px;
        border: 1px solid var(--vscode-input-border, var(--cairn-line));
        border-radius: 2px;
        background: var(--vscode-input-background);
        color: var(--vscode-input-foreground);
        font-family: var(--vscode-editor-font-family, monospace);
        font-size: 0.95em;
      }
      input::placeholder {
        color: var(--vscode-input-placeholderForeground);
        font-family: var(--vscode-font-family);
      }
      input:focus {
        outline: 1px solid var(--cairn-focus);
        outline-offset: -1px;
      }
      input[aria-invalid='true'] {
        border-color: var(--vscode-inputValidation-errorBorder, var(--cairn-line));
      }
      .below {
        position: absolute;
        z-index: 6;
        inset-inline: 0;
        top: 100%;
        max-width: 460px;
        border: 1px solid var(--vscode-editorSuggestWidget-border, var(--cairn-line));
        background: var(--vscode-editorSuggestWidget-background, var(--vscode-editor-background));
        color: var(--vscode-editorSuggestWidget-foreground, var(--vscode-foreground));
        box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
      }
      [role='option'] {
        display: flex;
        gap: 12px;
        justify-content: space-between;
        padding: 2px 8px;
        cursor: pointer;
      }
      [role='option'] .mono {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      [role='option'][aria-selected='true'] {
        background: var(--vscode-list-activeSelectionBackground);
        color: var(--vscode-list-activeSelectionForeground, inherit);
        outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
        outline-offset: -1px;
      }
      [role='option'][aria-selected='true'] .quiet {
        color: inherit;
      }
      .wrong {
        padding: 4px 8px;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property() value = '';
  /** Why the condition cannot be read, or `null`. */
  @property() wrong: string | null = null;
  @property({ attribute: false }) vocabulary: FilterVocabulary | null = null;

  @state() private offered: FilterCompletion | null = null;
  @state() private at = -1;
  @state() private focused = false;

  override render() {
    const open = this.suggestions.length > 0;
    return html`<input
        type="text"
        role="combobox"
        spellcheck="false"
        autocomplete="off"
        aria-label="Filter by words, or by conditions such as val_accuracy > 0.9 and lr <= 0.001"
        aria-autocomplete="list"
        aria-expanded=${open ? 'true' : 'false'}
        aria-controls="offered"
        aria-activedescendant=${this.at >= 0 ? `offered-${this.at}` : nothing}
        aria-invalid=${this.wrong === null ? 'false' : 'true'}
        placeholder="Filter: words, or val_accuracy > 0.9 and lr <= 0.001"
        .value=${this.value}
        @input=${this.typed}
        @keydown=${this.pressed}
        @focus=${() => {
          this.focused = true;
        }}
        @blur=${() => {
          this.focused = false;
          this.close();
        }}
      />
      ${this.below(open)}`;
  }

  private below(open: boolean) {
    if (!this.focused || (!open && this.wrong === null)) return nothing;
    return html`<div class="below">
      ${
        this.wrong === null
          ? nothing
          : html`<div class="wrong quiet" role="status">${this.wrong}</div>`
      }
      <div role="listbox" id="offered" aria-label="What may come next" ?hidden=${!open}>
        ${this.suggestions.map(
          ({ text, detail }, index) =>
            html`<div
              role="option"
              id=${`offered-${index}`}
              aria-selected=${index === this.at ? 'true' : 'false'}
              @pointerdown=${(event: Event) => {
                event.preventDefault();
                this.take(index);
              }}
            >
              <span class="mono">${text}</span><span class="quiet">${detail}</span>
            </div>`,
        )}
      </div>
    </div>`;
  }

  private get suggestions() {
    return this.offered?.suggestions.slice(0, mostShown) ?? [];
  }

  private get input(): HTMLInputElement | null {
    return this.renderRoot.querySelector('input');
  }

  private readonly typed = (): void => {
    this.tell();
    this.offer();
  };

  private tell(): void {
    this.value = this.input?.value ?? '';
    this.dispatchEvent(new CustomEvent('filter', { detail: this.value }));
  }

  private offer(): void {
    const { input, vocabulary } = this;
    this.at = -1;
    if (input === null || vocabulary === null || input.value === '') {
      this.close();
      return;
    }
    const caret = input.selectionStart ?? input.value.length;
    this.offered = filterCompletion(input.value, caret, vocabulary);
  }

  private close(): void {
    this.offered = null;
    this.at = -1;
  }

  private take(index: number): void {
    const { input, offered } = this;
    const suggestion = this.suggestions[index];
    if (input === null || offered === null || suggestion === undefined) return;
    const rest = input.value.slice(offered.end);
    const text = `${suggestion.text}${rest.startsWith(' ') ? '' : ' '}`;
    input.setRangeText(text, offered.start, offered.end, 'end');
    this.tell();
    this.offer();
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    const { length } = this.suggestions;
    if (event.key === 'ArrowDown' && length === 0) {
      const caret = this.input?.selectionStart ?? 0;
      if (this.vocabulary !== null) {
        this.offered = filterCompletion(this.input?.value ?? '', caret, this.vocabulary);
      }
    } else if (event.key === 'ArrowDown') this.at = (this.at + 1) % length;
    else if (event.key === 'ArrowUp' && length > 0) this.at = (this.at - 1 + length) % length;
    else if (event.key === 'Escape' && length > 0) this.close();
    else if (event.key === 'Enter' && this.at >= 0) this.take(this.at);
    else return;
    event.preventDefault();
  };
}
