import { html, nothing, type TemplateResult } from 'lit';
import type {
  CodeColumn,
  ComparedSide,
  CompareView,
  FileCell,
  FileRow,
  MetricCell,
  MetricRow,
  ValueRow,
} from '../../../src/wire/comparePanel';
import { icons } from '../icons';
import { cellTexts, exactTitle } from './cellText';
import { emptySentence, sameSentence, shownRows } from './rows';

/** What a section does when one of its buttons is pressed. */
export interface SectionActions {
  readonly openCode: (side: number) => void;
  readonly openFile: (side: number, path: string) => void;
}

/** The overview: for each side after the base what is different, in sentences. */
export function overviewSection(view: CompareView): TemplateResult {
  const base = view.sides[0]?.title ?? '';
  return html`<section class="overview" aria-labelledby="overview">
    <h2 id="overview">Overview</h2>
    ${view.overview.map(
      ({ side, sentences }) => html`<div class="story">
        <h3>${base} → ${view.sides[side]?.title ?? ''}</h3>
        <ul>
          ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
        </ul>
      </div>`,
    )}
  </section>`;
}

interface TableParts<R> {
  readonly id: string;
  readonly title: string;
  /** What one row is, and several: `metric`, `metrics`. */
  readonly one: string;
  readonly many: string;
  readonly rows: readonly R[];
  readonly sides: readonly ComparedSide[];
  readonly onlyDifferences: boolean;
  readonly cells: (row: R) => readonly unknown[];
  readonly key: (row: R) => unknown;
}

/** A section with a table of one row a key and one column a side. */
function tableSection<R extends { readonly changed: boolean }>(parts: TableParts<R>) {
  const { id, title, one, sides, onlyDifferences } = parts;
  const { rows, same } = shownRows(parts.rows, onlyDifferences);
  return html`<section aria-labelledby=${id}>
    <h2 id=${id}>${title}</h2>
    ${
      rows.length === 0
        ? html`<p class="quiet">${emptySentence(parts.rows.length, one, parts.many)}</p>`
        : html`<div class="scroll">
            <table class="sides-${sides.length}">
              <thead>
                <tr>
                  <th scope="col"><span class="hidden">${one}</span></th>
                  ${sides.map((side) => html`<th scope="col">${side.title}</th>`)}
                </tr>
              </thead>
              <tbody>
                ${rows.map(
                  (row) => html`<tr class=${row.changed ? 'changed' : 'same'}>
                    <th scope="row">
                      <div class="key">
                        ${onlyDifferences ? nothing : differs(row.changed)}
                        <span>${parts.key(row)}</span>
                      </div>
                    </th>
                    ${parts.cells(row)}
                  </tr>`,
                )}
              </tbody>
            </table>
          </div>`
    }
    ${same === 0 || rows.length === 0 ? nothing : html`<p class="quiet more">${sameSentence(same)}</p>`}
  </section>`;
}

/** Tells rows that differ from the others, where both are shown. */
function differs(changed: boolean) {
  return changed
    ? html`<span class="differs" title="differs" aria-hidden="true">≠</span
        ><span class="hidden">differs: </span>`
    : html`<span class="differs"></span>`;
}

export function metricsSection(view: CompareView, onlyDifferences: boolean): TemplateResult {
  return tableSection<MetricRow>({
    id: 'metrics',
    title: 'Metrics',
    one: 'metric',
    many: 'metrics',
    rows: view.metrics,
    sides: view.sides,
    onlyDifferences,
    key: ({ key, primary }) =>
      html`${key}${primary ? html` <span class="mark">${icons.star}primary</span>` : nothing}`,
    cells: ({ cells }) => cells.map(metricCell),
  });
}

function metricCell({ text, exact, delta, verdict }: MetricCell) {
  if (text === null) return html`<td>${absent}</td>`;
  return html`<td class="figures">
    <div class="parts">
      <span title=${exactTitle(text, exact) || nothing}>${text}</span>
      ${delta === null ? nothing : html`<span class="delta">${delta}</span>`}
      ${verdict === null ? nothing : html`<span class=${verdict}>${icons[verdict]} ${verdict}</span>`}
    </div>
  </td>`;
}

const absent = html`<span class="quiet" aria-hidden="true">–</span
  ><span class="hidden">not there</span>`;

const valueSections = {
  parameters: { title: 'Parameters', one: 'parameter', many: 'parameters' },
  data: { title: 'Data', one: 'dataset', many: 'datasets' },
  environment: { title: 'Environment', one: 'entry', many: 'entries' },
} as const;

export function valuesSection(
  id: keyof typeof valueSections,
  view: CompareView,
  onlyDifferences: boolean,
): TemplateResult {
  return tableSection<ValueRow>({
    id,
    ...valueSections[id],
    rows: view[id],
    sides: view.sides,
    onlyDifferences,
    key: ({ key }) => key,
    cells: ({ cells }) => {
      const texts = cellTexts(cells);
      return cells.map(({ changed }, index) => {
        const shown = texts[index];
        if (shown === null || shown === undefined) return html`<td>${absent}</td>`;
        return html`<td
          class="figures ${changed ? 'changed' : ''}"
          title=${shown.title === shown.text ? nothing : shown.title}
        >
          ${shown.text}
        </td>`;
      });
    },
  });
}

export function filesSection(view: CompareView, onlyDifferences: boolean): TemplateResult {
  return tableSection<FileRow>({
    id: 'files',
    title: 'Model Files',
    one: 'model file',
    many: 'model files',
    rows: view.files,
    sides: view.sides,
    onlyDifferences,
    key: ({ path }) => path,
    cells: ({ cells }) => cells.map(fileCell),
  });
}

function fileCell({ status, size, digest }: FileCell) {
  if (size === null && status === null) return html`<td>${absent}</td>`;
  return html`<td>
    <div class="parts">
      ${status === null ? nothing : html`<span class="news">${status}</span>`}
      ${size === null ? nothing : html`<span class="figures">${size}</span>`}
      ${
        digest === null
          ? nothing
          : html`<span class="mono quiet digest" title="SHA-256 begins ${digest}">${digest}</span>`
      }
    </div>
  </td>`;
}

/** Code files that differ, side by side with the base; each opens VS Code's own diff. */
export function codeSection(view: CompareView, actions: SectionActions): TemplateResult {
  return html`<section aria-labelledby="code">
    <h2 id="code">Code</h2>
    ${view.code.map((column) => codeColumn(view, column, actions))}
  </section>`;
}

/** More files than this are left to the diff editor. */
const mostFiles = 200;

function codeColumn(view: CompareView, { side, files }: CodeColumn, actions: SectionActions) {
  const title = view.sides[side]?.title ?? '';
  const heading = view.code.length === 1 ? nothing : html`<h3 class="of">${title}</h3>`;
  if (files.length === 0) return html`${heading}<p class="quiet">The code is the same.</p>`;
  const more = files.length - mostFiles;
  return html`${heading}
    <ul class="code">
      ${files.slice(0, mostFiles).map(
        ({ path, status, from }) => html`<li>
          <span class="status">${status}</span>
          <button class="link" title="Open the diff" @click=${() => actions.openFile(side, path)}>
            ${path}
          </button>
          ${from === undefined ? nothing : html`<span class="quiet">from ${from}</span>`}
        </li>`,
      )}
    </ul>
    ${more > 0 ? html`<p class="quiet more">and ${more} more</p>` : nothing}
    <vscode-button appearance="secondary" @click=${() => actions.openCode(side)}
      >Open Code Diff${view.code.length === 1 ? '' : ` of ${title}`}</vscode-button
    >`;
}
