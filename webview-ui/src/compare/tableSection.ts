import { html, nothing, type TemplateResult } from 'lit';
import type { ComparedSide } from '../../../src/core/comparisonReport';
import type { CompareSection } from '../../../src/wire/comparePanel';
import { type Choosing, emptySentence, filteredSentence, sameSentence, shownRows } from './rows';

export interface TableParts<R> {
  /** What one row is, and several: `metric`, `metrics`. */
  readonly one: string;
  readonly many: string;
  readonly rows: readonly R[];
  readonly sides: readonly ComparedSide[];
  readonly choosing: Choosing;
  /** The words that the filter looks among, beside those that the cells show. */
  readonly text: (row: R) => string;
  readonly cells: (row: R) => readonly unknown[];
  readonly key: (row: R) => unknown;
  /** Rows of one heading lie together; left out: no headings. */
  readonly group?: (row: R) => string;
}

/** A section with its heading, which the links at the top lead to. */
export function section(id: CompareSection, title: string, content: unknown): TemplateResult {
  return html`<section aria-labelledby=${id} data-section=${id}>
    <h2 id=${id} tabindex="-1">${title}</h2>
    ${content}
  </section>`;
}

/** A table of one row a key and one column a side. */
export function sidesTable<R extends { readonly changed: boolean }>(parts: TableParts<R>) {
  const { one, many, choosing } = parts;
  const { rows, same, filtered } = shownRows(parts.rows, choosing, parts.text);
  const left =
    filtered === 0
      ? nothing
      : html`<p class="quiet more">${filteredSentence(filtered, one, many)}</p>`;
  if (rows.length === 0) {
    const total = parts.rows.length - filtered;
    if (total === 0 && filtered > 0) return left;
    return html`<p class="quiet">${emptySentence(total, one, many)}</p>
      ${left}`;
  }
  return html`${table(rows, parts)}
  ${same === 0 ? nothing : html`<p class="quiet more">${sameSentence(same)}</p>`} ${left}`;
}

function table<R extends { readonly changed: boolean }>(rows: readonly R[], parts: TableParts<R>) {
  const { one, sides, group } = parts;
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${parts.many}>
    <table class="sides-${sides.length}">
      <thead>
        <tr>
          <th scope="col"><span class="hidden">${one}</span></th>
          ${sides.map((side) => html`<th scope="col">${side.title}</th>`)}
        </tr>
      </thead>
      ${
        group === undefined
          ? html`<tbody>
              ${rows.map((row) => rowOf(row, parts))}
            </tbody>`
          : groupsOf(rows, group).map(
              ([name, members]) => html`<tbody>
                ${
                  name === ''
                    ? nothing
                    : html`<tr class="group">
                        <th scope="rowgroup" colspan=${sides.length + 1}>${name}</th>
                      </tr>`
                }
                ${members.map((row) => rowOf(row, parts))}
              </tbody>`,
            )
      }
    </table>
  </div>`;
}

/** In the order in which each first row comes, those without a heading first. */
function groupsOf<R>(rows: readonly R[], group: (row: R) => string): [string, R[]][] {
  const groups = new Map<string, R[]>([['', []]]);
  for (const row of rows) {
    const name = group(row);
    const members = groups.get(name);
    if (members === undefined) groups.set(name, [row]);
    else members.push(row);
  }
  return [...groups].filter(([, members]) => members.length > 0);
}

function rowOf<R extends { readonly changed: boolean }>(row: R, parts: TableParts<R>) {
  return html`<tr class=${row.changed ? 'changed' : 'same'}>
    <th scope="row">
      <div class="key">
        ${parts.choosing.onlyDifferences ? nothing : differs(row.changed)}
        <span>${parts.key(row)}</span>
      </div>
    </th>
    ${parts.cells(row)}
  </tr>`;
}

/** Tells rows that differ from the others, where both are shown. */
function differs(changed: boolean) {
  return changed
    ? html`<span class="differs" title="differs" aria-hidden="true">≠</span
        ><span class="hidden">differs: </span>`
    : html`<span class="differs"></span>`;
}

export const absent = html`<span class="quiet" aria-hidden="true">–</span
  ><span class="hidden">not there</span>`;
