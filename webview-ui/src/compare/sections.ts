import { html, nothing, type TemplateResult } from 'lit';
import type {
  CodeColumn,
  ComparisonEvidence,
  DataTable,
  FileCell,
  MetricCell,
  ValueRow,
} from '../../../src/core/comparisonReport';
import type { CurveSet } from '../../../src/core/version';
import type { CompareView } from '../../../src/wire/comparePanel';
import { icons } from '../icons';
import { matching } from '../textSearch';
import { cellTexts, exactTitle } from './cellText';
import type { Choosing } from './rows';
import { sparkline } from './sparkline';
import { absent, section, sidesTable } from './tableSection';

/** What a section does when one of its buttons is pressed. */
export interface SectionActions {
  readonly openCode: (side: number) => void;
  readonly openFile: (side: number, path: string) => void;
}

export function metricsSection(
  view: CompareView,
  choosing: Choosing,
  curves: readonly CurveSet[],
): TemplateResult {
  const curveOf = (side: number, name: string) =>
    curves[side]?.find((curve) => curve.name === name) ?? null;
  const content = sidesTable({
    one: 'metric',
    many: 'metrics',
    rows: view.metrics,
    sides: view.sides,
    choosing,
    text: ({ key }) => key,
    key: ({ key, primary }) =>
      html`${key}${primary ? html` <span class="mark">${icons.star}primary</span>` : nothing}`,
    cells: ({ key, cells }) =>
      cells.map((cell, side) => metricCell(cell, sparkline(curveOf(side, key)))),
  });
  return section('metrics', 'Metrics', content);
}

function metricCell({ text, exact, delta, verdict }: MetricCell, spark: unknown) {
  if (text === null) return html`<td>${absent}</td>`;
  return html`<td class="figures">
    <div class="parts">
      <span title=${exactTitle(text, exact) || nothing}>${text}</span>
      ${delta === null ? nothing : html`<span class="delta">${delta}</span>`}
      ${verdict === null ? nothing : html`<span class=${verdict}>${icons[verdict]} ${verdict}</span>`}
      ${spark}
    </div>
  </td>`;
}

/** Parameters that share a prefix (`optimizer.lr`) lie below it. */
export function parametersSection(view: CompareView, choosing: Choosing): TemplateResult {
  const prefixes = view.parameters.map(({ key }) => prefixOf(key));
  const shared = (prefix: string) => prefixes.filter((one) => one === prefix).length > 1;
  const group = ({ key }: ValueRow) => (shared(prefixOf(key)) ? prefixOf(key) : '');
  const content = valuesTable(view.parameters, view, choosing, ['parameter', 'parameters'], group);
  return section('parameters', 'Parameters', content);
}

function prefixOf(key: string): string {
  const dot = key.lastIndexOf('.');
  return dot < 0 ? '' : key.slice(0, dot);
}

export function environmentSection(view: CompareView, choosing: Choosing): TemplateResult {
  const content = valuesTable(
    view.environment,
    view,
    choosing,
    ['entry', 'entries'],
    environmentGroup,
  );
  return section('environment', 'Environment', content);
}

/** Packages that came, went or are others lie together; the interpreter stands before them. */
function environmentGroup({ key, cells, changed }: ValueRow): string {
  if (key === 'python' || key === 'platform') return '';
  if (!changed) return 'Packages that are the same';
  const [base] = cells;
  if (base?.text === null) return 'Packages added';
  return cells.some(({ text }) => text === null) ? 'Packages removed' : 'Packages changed';
}

function valuesTable(
  rows: readonly ValueRow[],
  view: CompareView,
  choosing: Choosing,
  [one, many]: readonly [string, string],
  group: (row: ValueRow) => string,
) {
  return sidesTable<ValueRow>({
    ...{ one, many, rows, choosing, group },
    sides: view.sides,
    text: ({ key, cells }) => [key, ...cells.map(({ text }) => text ?? '')].join(' '),
    key: ({ key }) => key,
    cells: valueCells,
  });
}

function valueCells({ cells }: ValueRow) {
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
}

export function filesSection(view: CompareView, choosing: Choosing): TemplateResult {
  const content = sidesTable({
    one: 'model file',
    many: 'model files',
    rows: view.files,
    sides: view.sides,
    choosing,
    text: ({ path }) => path,
    key: ({ path }) => path,
    cells: ({ cells }) => cells.map(fileCell),
  });
  return section('files', 'Model Files', content);
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

/** Datasets by their digest, and of tables the rows, the columns and the balance of the classes. */
export function dataSection(
  view: CompareView,
  choosing: Choosing,
  evidence: ComparisonEvidence | null,
): TemplateResult {
  const tableOf = (side: number, path: string) =>
    evidence?.tables[side]?.find((one) => one.path === path) ?? null;
  const content = sidesTable<ValueRow>({
    ...{ one: 'dataset', many: 'datasets', rows: view.data, choosing, sides: view.sides },
    text: ({ key }) => key,
    key: ({ key }) => key,
    cells: ({ key, cells }) =>
      cells.map(({ text, changed }, side) => {
        if (text === null) return html`<td>${absent}</td>`;
        return html`<td>
          <div class="mono digest ${changed ? 'news' : 'quiet'}">${text}</div>
          ${tableFacts(tableOf(side, key))}
        </td>`;
      }),
  });
  return section('data', 'Data', content);
}

function tableFacts(table: DataTable | null) {
  if (table === null) return nothing;
  const { rows, columns, classes } = table;
  const most = Math.max(1, ...(classes?.counts ?? []).map(({ count }) => count));
  return html`<div class="figures">${rows} rows, ${columns} columns</div>
    ${
      classes === null
        ? nothing
        : html`<div class="quiet">Balance of ${classes.column}</div>
            <ul class="balance">
              ${classes.counts.map(
                ({ label, count }) => html`<li>
                  <span class="label" title=${label}>${label}</span>
                  ${bar(count / most)}
                  <span class="figures">${count}</span>
                </li>`,
              )}
            </ul>`
    }`;
}

/** A bar of a share from 0 to 1; the figure beside it says how much. */
export function bar(share: number) {
  const width = Math.max(0, Math.min(100, Math.round(share * 100)));
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect width=${width} height="8" fill="currentColor"></rect>
  </svg>`;
}

/** Code files that differ, side by side with the base; each opens VS Code's own diff. */
export function codeSection(
  view: CompareView,
  { filter }: Choosing,
  actions: SectionActions,
): TemplateResult {
  const columns = view.code.map(({ side, files }) => ({
    side,
    files: files.filter(({ path, from }) => matching(filter, path, from ?? null)),
    all: files.length,
  }));
  return section(
    'code',
    'Code',
    columns.map((column) => codeColumn(view, column, actions)),
  );
}

/** More files than this are left to the diff editor. */
const mostFiles = 200;

function codeColumn(
  view: CompareView,
  { side, files, all }: CodeColumn & { readonly all: number },
  actions: SectionActions,
) {
  const title = view.sides[side]?.title ?? '';
  const heading = view.code.length === 1 ? nothing : html`<h3 class="of">${title}</h3>`;
  if (all === 0) return html`${heading}<p class="quiet">The code is the same.</p>`;
  const more = files.length - mostFiles;
  return html`${heading}
    <ul class="code">
      ${files.slice(0, mostFiles).map(
        ({ path, status, from, lines }) => html`<li>
          <span class="status">${status}</span>
          <button class="link" title="Open the diff" @click=${() => actions.openFile(side, path)}>
            ${path}
          </button>
          ${from === undefined ? nothing : html`<span class="quiet">from ${from}</span>`}
          ${
            lines === undefined || lines === null
              ? nothing
              : html`<span class="figures lines"
                  ><span class="added">+${lines.added}</span>
                  <span class="removed">−${lines.removed}</span></span
                >`
          }
        </li>`,
      )}
    </ul>
    ${more > 0 ? html`<p class="quiet more">and ${more} more</p>` : nothing}
    ${files.length < all ? html`<p class="quiet more">${all - files.length} of ${all} files do not match the filter.</p>` : nothing}
    <vscode-button appearance="secondary" @click=${() => actions.openCode(side)}
      >Open Code Diff${view.code.length === 1 ? '' : ` of ${title}`}</vscode-button
    >`;
}
