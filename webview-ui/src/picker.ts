import { css, html, LitElement } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ListControl } from './controls';
import type { PickerOption } from './pickerOption';

/** Told by a picker when the person chose another value. */
export type PickEvent = CustomEvent<string>;

/** Frames in which the control changes nothing by itself any more. */
const calmFrames = 3;

/**
 * A drop-down list with a label. It takes its value from its owner only: what a person picks is
 * told as `pick`, and shown once the owner has taken it.
 */
@customElement('cairn-picker')
export class Picker extends LitElement {
  static override styles = css`
    :host {
      display: inline-flex;
      min-width: 0;
    }
    vscode-dropdown {
      width: 100%;
      min-width: 0;
    }
    vscode-option {
      overflow: hidden;
      text-overflow: ellipsis;
    }
  `;

  @property() label = '';
  @property() value = '';
  @property({ attribute: false }) options: readonly PickerOption[] = [];

  /** Hundreds of versions become elements only once somebody turns to them. */
  @state() private wanted = false;

  /** Keys that came before the control had taken all options; `null` once it has. */
  private early: KeyboardEvent[] | null = [];

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('keydown', this.pressed, true);
  }

  override render() {
    const shown = this.wanted
      ? this.options
      : this.options.filter(({ value }) => value === this.value);
    return html`<vscode-dropdown
      aria-label=${this.label}
      @change=${this.picked}
      @focusin=${this.turnedTo}
      @pointerenter=${this.turnedTo}
    >
      ${repeat(
        shown,
        ({ value }) => value,
        ({ value, text }) =>
          html`<vscode-option value=${value} title=${text}>${text}</vscode-option>`,
      )}
    </vscode-dropdown>`;
  }

  protected override updated(): void {
    this.showValue();
    this.afterFrame();
  }

  /** The control looks at new options some frame later, and then forgets its value. */
  private afterFrame(calm = 0): void {
    requestAnimationFrame(() => {
      this.showValue();
      if (!this.wanted || this.early === null) return;
      const all = this.control?.options.length === this.options.length;
      if (all && calm >= calmFrames) this.release();
      else this.afterFrame(all ? calm + 1 : 0);
    });
  }

  private readonly pressed = (event: KeyboardEvent): void => {
    const meantForIt = /^(Enter|Home|End|Arrow\w+| |\S)$/.test(event.key);
    if (this.early === null || !meantForIt) return;
    this.wanted = true;
    event.preventDefault();
    event.stopPropagation();
    this.early.push(event);
  };

  /** Gives the control what was typed before it was ready. */
  private release(): void {
    const { early } = this;
    this.early = null;
    for (const { key } of early ?? []) {
      this.control?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    }
  }

  private get control(): ListControl | null {
    return this.renderRoot.querySelector('vscode-dropdown');
  }

  private showValue(): void {
    const { control } = this;
    if (control === null) return;
    control.value = this.value;
    control.title = this.options.find(({ value }) => value === this.value)?.text ?? '';
  }

  private turnedTo(): void {
    this.wanted = true;
  }

  private picked(): void {
    const value = this.control?.value ?? '';
    if (value === this.value || !this.options.some((option) => option.value === value)) return;
    this.dispatchEvent(new CustomEvent('pick', { detail: value }));
  }
}
