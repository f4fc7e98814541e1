import { html, nothing, type TemplateResult } from 'lit';
import { icons } from './icons';

/** What went wrong, in a sentence, with a way to try again where there is one. */
export function problemNotice(message: string, tryAgain?: () => void): TemplateResult {
  return html`<div class="notice problem" role="alert">
    ${icons.problem}
    <span class="words">${message}</span>
    ${
      tryAgain === undefined
        ? nothing
        : html`<button class="link" @click=${tryAgain}>Try Again</button>`
    }
  </div>`;
}

export function warningNotice(message: string): TemplateResult {
  return html`<div class="notice warning">
    ${icons.warning}
    <span class="words">${message}</span>
  </div>`;
}

/** While there is nothing to show yet. */
export function waitingNotice(what: string): TemplateResult {
  return html`<div class="waiting" role="status">
    <vscode-progress-ring aria-hidden="true"></vscode-progress-ring>${what}
  </div>`;
}

/** For a page that does not say what to show: nothing can be asked for then. */
export const nothingToShow = 'This panel does not know what to show. Close it and open it again.';

/** The sentence of anything thrown by a request. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
