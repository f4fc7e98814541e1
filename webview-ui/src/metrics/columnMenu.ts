import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { panelStyles } from '../styles';
import type { ColumnMove } from './columnMoves';
import type { Column } from './columns';

export type ColumnAction =
  | { readonly kind: 'sort'; readonly order: 'ascending' | 'descending'; readonly add: boolean }
  | { readonly kind: 'move'; readonly move: ColumnMove };

interface Item {
  readonly title: string;
  readonly action: ColumnAction;
}

/** What can be done to a column, as a menu below its head. */
@customElement('cairn-column-menu')
export class ColumnMenu extends LitElement {
  static override styles = [
    panelStyles,
    css`
      :host {
        position: absolute;
        z-index: 5;
      }
      [role='menu'] {
        min-width: 190px;
        padding: 4px;
        border: 1px solid var(--vscode-menu-border, var(--cairn-line));
        border-radius: 4px;
        background: var(--vscode-menu-background, var(--vscode-editor-background));
        color: var(--vscode-menu-foreground, var(--vscode-foreground));
        box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
      }
      button {
        display: block;
        width: 100%;
        padding: 3px 10px;
        border: none;
        border-radius: 3px;
        background: none;
        color: inherit;
        font: inherit;
        text-align: start;
        cursor: pointer;
      }
      button:hover,
      button:focus {
        background: var(--vscode-menu-selectionBackground, var(--vscode-list-hoverBackground));
        color: var(--vscode-menu-selectionForeground, inherit);
        outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
        outline-offset: -1px;
      }
    `,
  ];

  @property({ attribute: false }) column: Column | null = null;

  override render() {
    const { column } = this;
    const items = column === null ? [] : itemsFor(column);
    return html`<div
      role="menu"
      aria-label=${`Column ${column?.title ?? ''}`}
      @keydown=${this.pressed}
      @focusout=${this.left}
    >
      ${items.map(
        ({ title, action }) =>
          html`<button role="menuitem" tabindex="-1" @click=${() => this.tell(action)}>
            ${title}
          </button>`,
      )}
    </div>`;
  }

  protected override firstUpdated(): void {
    this.buttons[0]?.focus();
  }

  private get buttons(): HTMLButtonElement[] {
    return [...this.renderRoot.querySelectorAll('button')];
  }

  private tell(action: ColumnAction): void {
    this.dispatchEvent(new CustomEvent('action', { detail: action }));
  }

  private readonly left = ({ relatedTarget }: FocusEvent): void => {
    if (relatedTarget === null || !this.renderRoot.contains(relatedTarget as Node)) {
      this.dispatchEvent(new CustomEvent('leave'));
    }
  };

  private readonly pressed = (event: KeyboardEvent): void => {
    const { buttons } = this;
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') {
      this.dispatchEvent(new CustomEvent('leave'));
    } else if (to === undefined) return;
    else buttons.at(to % buttons.length)?.focus();
    event.preventDefault();
    event.stopPropagation();
  };
}

function itemsFor({ id, title, pinned, width }: Column): Item[] {
  const sort = (order: 'ascending' | 'descending', add: boolean): ColumnAction => {
    return { kind: 'sort', order, add };
  };
  const move = (one: ColumnMove): ColumnAction => ({ kind: 'move', move: one });
  return [
    { title: 'Sort Ascending', action: sort('ascending', false) },
    { title: 'Sort Descending', action: sort('descending', false) },
    { title: 'Then Sort Ascending', action: sort('ascending', true) },
    { title: 'Then Sort Descending', action: sort('descending', true) },
    {
      title: pinned ? 'Unpin' : 'Pin to the Left',
      action: move({ kind: 'pin', id, pinned: !pinned }),
    },
    { title: `Hide ${title}`, action: move({ kind: 'hide', id }) },
    { title: 'Move Left', action: move({ kind: 'step', id, by: -1 }) },
    { title: 'Move Right', action: move({ kind: 'step', id, by: 1 }) },
    { title: 'Wider', action: move({ kind: 'width', id, width: width + 40 }) },
    { title: 'Narrower', action: move({ kind: 'width', id, width: width - 40 }) },
  ];
}
