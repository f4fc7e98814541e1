import { html, nothing, type TemplateResult } from 'lit';
import { maximumSides } from '../../../src/core/comparisonReport';
import { toCompare } from './chosen';
import type { TableData } from './tableData';

interface FooterParts {
  readonly data: TableData;
  readonly shown: readonly number[];
  readonly chosen: readonly string[];
  readonly chooseNone: () => void;
  readonly exportCsv: () => void;
  readonly compare: () => void;
}

/** What stands below the table: how much is shown and chosen, and what is done with it. */
export function tableFooter(parts: FooterParts): TemplateResult {
  const { data, shown, chosen, chooseNone, exportCsv, compare } = parts;
  const hindered = hindrance(toCompare(data.view, chosen).length);
  return html`<div class="below">
    <span class="quiet" role="status">${countText(data, shown)}, ${chosen.length} chosen</span>
    ${
      chosen.length === 0
        ? nothing
        : html`<button class="link" @click=${chooseNone}>Choose None</button>`
    }
    <span class="spring"></span>
    <button class="link" @click=${exportCsv}>Export CSV</button>
    <vscode-button
      ?disabled=${hindered !== null}
      title=${hindered ?? 'Compare the chosen versions, the baseline or else the oldest as the base (Enter)'}
      @click=${compare}
      >Compare</vscode-button
    >
  </div>`;
}

/** Why so many versions cannot be compared, or `null`. */
function hindrance(versions: number): string | null {
  if (versions < 2) return 'Choose two or more versions to compare them';
  return versions > maximumSides ? `At most ${maximumSides} versions can be compared` : null;
}

/** `1,234 of 10,000 versions and runs`. */
function countText({ rows }: TableData, shown: readonly number[]): string {
  const runs = rows.some(({ number }) => number === null);
  const total = rows.length.toLocaleString('en');
  const what = runs ? 'versions and runs' : rows.length === 1 ? 'version' : 'versions';
  if (shown.length === rows.length) return `${total} ${what}`;
  return `${shown.length.toLocaleString('en')} of ${total} ${what}`;
}

/** For a model of which there is nothing yet. */
export function noVersions(model: string) {
  return html`<p class="empty">
    ${model} has no versions or runs yet. Commit a version with “Cairn: Commit Version…”, or train:
    metrics, parameters and curves appear here.
  </p>`;
}

/** For a filter that nothing passes. */
export function noMatch(showAll: () => void) {
  return html`<p class="empty">
    Nothing matches.
    <button class="link" @click=${showAll}>Show all</button>
  </p>`;
}
