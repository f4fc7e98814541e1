import { html, nothing, type TemplateResult } from 'lit';
import type { ArchitectureChange } from '../../../src/core/architecture';
import type { FileWeights } from '../../../src/core/comparison';
import type { SideWeights } from '../../../src/core/comparisonReport';
import type { CompareView } from '../../../src/wire/comparePanel';
import { matching } from '../textSearch';
import { section } from './tableSection';
import { hasChangedFiles } from './weightsSection';

/** Layers that came, went or are others, where the model files tell of them. */
export function architectureSection(
  view: CompareView,
  weights: readonly SideWeights[],
  filter: string,
): TemplateResult {
  const blocks = view.sides.slice(1).map(({ title }, index) => {
    const heading = view.sides.length === 2 ? nothing : html`<h3 class="of">${title}</h3>`;
    const known = weights.find(({ side }) => side === index + 1);
    return html`${heading} ${sideBlock(known, hasChangedFiles(view, index + 1), filter)}`;
  });
  return section('architecture', 'Architecture', blocks);
}

function sideBlock(known: SideWeights | undefined, changed: boolean, filter: string) {
  if (!changed) return html`<p class="quiet">No model file changed that both sides have.</p>`;
  if (known === undefined) {
    return html`<p class="quiet">It is compared together with the weights.</p>`;
  }
  return known.files.map((file) => fileBlock(file, filter));
}

function fileBlock({ path, architecture, tensors }: FileWeights, filter: string) {
  if (architecture === null) {
    const shaped = tensors.filter(({ status }) =>
      ['added', 'removed', 'reshaped'].includes(status),
    );
    return html`<p class="quiet">
      ${path} does not tell its layers; of its tensors
      ${shaped.length === 0 ? 'none came, went or has another shape.' : `${shaped.length} came, went or have another shape.`}
    </p>`;
  }
  if (architecture.length === 0)
    return html`<p class="quiet">${path}: the layers are the same.</p>`;
  const rows = architecture.filter(({ path: layer, kind, status }) =>
    matching(filter, layer, kind, status),
  );
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Layers of ${path}">
    <table class="list">
      <caption>${path}</caption>
      <thead>
        <tr>
          <th scope="col">Layer</th>
          <th scope="col">Status</th>
          <th scope="col">Kind</th>
          <th scope="col">What changed</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(layerRow)}
      </tbody>
    </table>
  </div>`;
}

function layerRow({ path, status, kind, attributes }: ArchitectureChange) {
  return html`<tr>
    <th scope="row" class="mono">${path}</th>
    <td>${status}</td>
    <td>${kind}</td>
    <td>
      ${attributes.map(({ key, from, to }) => html`<div>${key} ${String(from)} → ${String(to)}</div>`)}
    </td>
  </tr>`;
}
