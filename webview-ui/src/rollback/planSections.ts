import { html, nothing, type TemplateResult } from 'lit';
import type { ParameterRow, PathRow, RollbackView } from '../../../src/wire/rollbackPanel';
import { icons } from '../icons';
import { actionWords, firstRows, parameterWords } from './planWords';

/** The plan, part by part: what is written and deleted, what is left alone, what is backed up. */
export function planSections(view: RollbackView): TemplateResult {
  return html`
    ${pathSection('Model files', view.artifacts)} ${parameterSection(view.parameters)}
    ${pathSection('Code', view.code)} ${pathSection('Data', view.data)} ${keptSection(view.kept)}
  `;
}

function pathSection(title: string, rows: readonly PathRow[]) {
  if (rows.length === 0) return nothing;
  const { shown, more } = firstRows(rows);
  return html`<section aria-label=${title}>
    <h3>${title} <span class="quiet">${rows.length}</span></h3>
    <table>
      <thead class="hidden">
        <tr>
          <th scope="col">Action</th>
          <th scope="col">File</th>
          <th scope="col">Size</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(pathLine)}
      </tbody>
    </table>
    ${moreLine(more)}
  </section>`;
}

function pathLine({ path, action, size }: PathRow) {
  return html`<tr>
    <td class="action ${action}">${actionWords[action]}</td>
    <td class="path">${path}</td>
    <td class="number figures size">${size}</td>
  </tr>`;
}

function parameterSection(rows: readonly ParameterRow[]) {
  if (rows.length === 0) return nothing;
  const { shown, more } = firstRows(rows);
  return html`<section aria-label="Parameters">
    <h3>Parameters <span class="quiet">${rows.length}</span></h3>
    <table>
      <thead class="hidden">
        <tr>
          <th scope="col">Parameter</th>
          <th scope="col">From and to</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(parameterLine)}
      </tbody>
    </table>
    ${moreLine(more)}
  </section>`;
}

function parameterLine(row: ParameterRow) {
  const { key, from, to } = row;
  const change =
    from === null || to === null
      ? html`${from ?? to} <span class="quiet">${parameterWords(row)}</span>`
      : html`${from} <span aria-hidden="true">→</span><span class="hidden"> becomes </span> ${to}`;
  return html`<tr>
    <th scope="row" class="key">${key}</th>
    <td class="figures">${change}</td>
  </tr>`;
}

function keptSection(rows: readonly PathRow[]) {
  if (rows.length === 0) return nothing;
  const { shown, more } = firstRows(rows);
  return html`<details ?open=${rows.length <= 5}>
    <summary><h3>Left alone <span class="quiet">${rows.length}</span></h3></summary>
    <table>
      <thead class="hidden">
        <tr>
          <th scope="col">File</th>
          <th scope="col">Why</th>
          <th scope="col">Size</th>
        </tr>
      </thead>
      <tbody>
        ${shown.map(
          ({ path, why, size }) => html`<tr>
            <td class="path">${path}</td>
            <td class="quiet">${why}</td>
            <td class="number figures size">${size}</td>
          </tr>`,
        )}
      </tbody>
    </table>
    ${moreLine(more)}
  </details>`;
}

function moreLine(more: number) {
  return more === 0 ? nothing : html`<p class="quiet more">and ${more} more</p>`;
}

/** What it costs, and what is kept safe before anything is touched. */
export function backupLine({ cost, backup }: RollbackView): TemplateResult {
  return html`<p class="backup">${icons.keep}<span>${cost}. ${backup}</span></p>`;
}
