import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { icons } from './icons';
import type { PickEvent } from './picker';
import type { PickerOption } from './pickerOption';
import { matching } from './textSearch';

export type { PickEvent };

/** More options than these are found by typing. */
const mostListed = 100;

/**
 * One of many, found by typing: a combobox as WAI-ARIA's practices have it (editable, with a list).
 * It takes its value from its owner only: what a person picks is told as `pick`.
 */
@customElement('cairn-search-picker')
export class SearchPicker extends LitElement {
  static override styles = css`
    :host {
      position: relative;
      display: flex;
      min-width: 0;
    }
    input {
      box-sizing: border-box;
      width: 100%;
      min-width: 0;
      height: 26px;
      padding: 0 24px 0 8px;
      border: 1px solid var(--vscode-dropdown-border, var(--vscode-contrastBorder, transparent));
      border-radius: 2px;
      background: var(--vscode-dropdown-background);
      color: var(--vscode-dropdown-foreground);
      font: inherit;
      text-overflow: ellipsis;
    }
    input:focus {
      outline: 1px solid var(--vscode-contrastActiveBorder, var(--vscode-focusBorder));
      outline-offset: -1px;
    }
    svg {
      position: absolute;
      inset-inline-end: 6px;
      top: 6px;
      width: 14px;
      height: 14px;
      pointer-events: none;
    }
    ul {
      position: absolute;
      z-index: 5;
      top: 27px;
      inset-inline-start: 0;
      min-width: 100%;
      max-width: min(640px, 90vw);
      max-height: 320px;
      margin: 0;
      padding: 2px 0;
      overflow: auto;
      box-sizing: border-box;
      border: 1px solid var(--vscode-contrastBorder, var(--vscode-dropdown-border, currentColor));
      border-radius: 2px;
      background: var(--vscode-dropdown-listBackground, var(--vscode-dropdown-background));
      color: var(--vscode-dropdown-foreground);
      list-style: none;
    }
    li {
      padding: 3px 8px;
      overflow: hidden;
      white-space: nowrap;
      text-overflow: ellipsis;
    }
    li[role='option'] {
      cursor: pointer;
    }
    li.active {
      background: var(--vscode-list-activeSelectionBackground);
      color: var(--vscode-list-activeSelectionForeground, var(--vscode-dropdown-foreground));
      outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
      outline-offset: -1px;
    }
    li.rest {
      color: var(--vscode-descriptionForeground, inherit);
    }
  `;

  @property() label = '';
  @property() value = '';
  @property({ attribute: false }) options: readonly PickerOption[] = [];

  /** What was typed; `null` while the list is closed. */
  @state() private typed: string | null = null;
  @state() private active = 0;

  override render() {
    const open = this.typed !== null;
    const found = open ? this.found : [];
    const own = this.options.find(({ value }) => value === this.value)?.text ?? '';
    return html`<input
        role="combobox"
        autocomplete="off"
        spellcheck="false"
        aria-label=${this.label}
        aria-autocomplete="list"
        aria-expanded=${open ? 'true' : 'false'}
        aria-controls="list"
        aria-activedescendant=${open && found.length > 0 ? `option-${this.active}` : nothing}
        title=${own}
        .value=${this.typed ?? own}
        @focus=${(event: Event) => (event.target as HTMLInputElement).select()}
        @click=${this.open}
        @input=${this.search}
        @keydown=${this.pressed}
        @blur=${this.close}
      />${icons.chevron}
      <ul id="list" role="listbox" aria-label=${this.label} ?hidden=${!open}>
        ${repeat(
          found.slice(0, mostListed),
          ({ value }) => value,
          ({ value, text }, index) => html`<li
            id="option-${index}"
            role="option"
            class=${index === this.active ? 'active' : ''}
            aria-selected=${value === this.value ? 'true' : 'false'}
            title=${text}
            @mousedown=${(event: Event) => event.preventDefault()}
            @click=${() => this.pick(value)}
          >
            ${text}
          </li>`,
        )}
        ${this.rest(open, found.length)}
      </ul>`;
  }

  private rest(open: boolean, found: number) {
    if (!open || (found > 0 && found <= mostListed)) return nothing;
    const words = found === 0 ? 'Nothing matches' : `${found - mostListed} more: type to find them`;
    return html`<li class="rest" role="option" aria-disabled="true" aria-selected="false">${words}</li>`;
  }

  private get found(): readonly PickerOption[] {
    const typed = this.typed ?? '';
    return this.options.filter(({ text }) => matching(typed, text));
  }

  protected override updated(): void {
    this.renderRoot.querySelector('li.active')?.scrollIntoView({ block: 'nearest' });
  }

  private readonly open = (): void => {
    if (this.typed !== null) return;
    this.typed = '';
    this.active = Math.max(
      0,
      this.options.findIndex(({ value }) => value === this.value),
    );
    if (this.active >= mostListed) this.active = 0;
  };

  private readonly close = (): void => {
    this.typed = null;
  };

  private readonly search = (event: Event): void => {
    this.typed = (event.target as HTMLInputElement).value;
    this.active = 0;
  };

  private readonly pressed = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: 10,
      PageUp: -10,
    };
    const by = moves[event.key];
    if (by !== undefined) {
      if (this.typed === null) this.open();
      else this.move(by);
    } else if (event.key === 'Enter') {
      const chosen = this.typed === null ? undefined : this.found[this.active];
      if (this.typed === null) this.open();
      else if (chosen !== undefined) this.pick(chosen.value);
    } else if (event.key === 'Escape' && this.typed !== null) this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  private move(by: number): void {
    const last = Math.min(this.found.length, mostListed) - 1;
    this.active = Math.max(0, Math.min(last, this.active + by));
  }

  private pick(value: string): void {
    this.close();
    if (value !== this.value) this.dispatchEvent(new CustomEvent('pick', { detail: value }));
  }
}
