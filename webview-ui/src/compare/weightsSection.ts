import { html, nothing, type TemplateResult } from 'lit';
import type { FileWeights } from '../../../src/core/comparison';
import type { SideWeights } from '../../../src/core/comparisonReport';
import { figure, shapeText } from '../../../src/core/figures';
import type { ComparedTensor, TensorDifference } from '../../../src/core/tensorComparison';
import type { CompareView, TensorPlace } from '../../../src/wire/comparePanel';
import { problemNotice } from '../notices';
import { matching } from '../textSearch';
import type { Choosing } from './rows';
import { bar } from './sections';
import { type Spread, spreadPicture } from './spreadPicture';
import { section } from './tableSection';

/** How far the comparison of a side's weights is. */
export type Weighing =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'going'; readonly text: string; readonly fraction: number | null }
  | { readonly kind: 'problem'; readonly message: string };

export interface WeightsParts {
  readonly view: CompareView;
  readonly weights: readonly SideWeights[];
  readonly weighing: ReadonlyMap<number, Weighing>;
  readonly choosing: Choosing;
  /** How many tensors of a side are shown. */
  readonly shown: (side: number) => number;
  readonly showMore: (side: number) => void;
  readonly start: (side: number) => void;
  readonly cancel: () => void;
  /** Histograms that were asked for, by `spreadKey`; `null` while one is on its way. */
  readonly spreads: ReadonlyMap<string, Spread | null>;
  readonly toggleSpread: (side: number, from: TensorPlace | null, to: TensorPlace | null) => void;
}

/** The tensors of the model files that changed, with what is told of their values. */
export function weightsSection(parts: WeightsParts): TemplateResult {
  const { view } = parts;
  const blocks = view.sides.slice(1).map(({ title }, index) => {
    const heading = view.sides.length === 2 ? nothing : html`<h3 class="of">${title}</h3>`;
    return html`${heading} ${sideBlock(index + 1, parts)}`;
  });
  return section('weights', 'Weights', blocks);
}

/** Whether a side has model files that both sides have and that changed. */
export function hasChangedFiles({ files }: CompareView, side: number): boolean {
  return files.some(({ cells }) => cells[side]?.status === 'modified');
}

function sideBlock(side: number, parts: WeightsParts) {
  const { view, weights, weighing } = parts;
  const known = weights.find((one) => one.side === side);
  if (known !== undefined && known.files.length > 0) {
    return known.files.map((file) => fileBlock(side, file, known.files.length > 1, parts));
  }
  if (!hasChangedFiles(view, side)) {
    const moved = view.files.some(({ cells }) => cells[side]?.status !== null);
    return html`<p class="quiet">
      ${moved ? 'No model file is in both with other contents.' : 'The weights are the same, byte for byte.'}
    </p>`;
  }
  if (known !== undefined)
    return html`<p class="quiet">No tensors can be read from these files.</p>`;
  return progressOf(weighing.get(side) ?? { kind: 'waiting' }, side, parts);
}

function progressOf(state: Weighing, side: number, { start, cancel }: WeightsParts) {
  if (state.kind === 'going') {
    return html`<div class="weighing">
      <progress
        aria-label="Comparing the weights"
        max="1"
        .value=${state.fraction ?? nothing}
      ></progress>
      <span class="quiet">${state.text}</span>
      <vscode-button appearance="secondary" @click=${cancel}>Cancel</vscode-button>
    </div>`;
  }
  if (state.kind === 'problem') return problemNotice(state.message, () => start(side));
  return html`<vscode-button appearance="secondary" @click=${() => start(side)}
    >Compare Weights</vscode-button
  >`;
}

function fileBlock(side: number, file: FileWeights, named: boolean, parts: WeightsParts) {
  const { whole, sentences, path } = file;
  const relative = whole.relative === null ? '' : `, ‖Δ‖/‖W‖ ${figure(whole.relative)} in all`;
  return html`${named ? html`<h4>${path}</h4>` : nothing}
    <p>${whole.changed} of ${whole.tensors} tensors changed${relative}.</p>
    ${sentences.map((sentence) => html`<p class="quiet">${sentence}</p>`)} ${layerBars(file)}
    ${tensorTable(side, file, parts)}`;
}

const mostLayers = 16;

/** The layers that changed most, with a bar for their relative change. */
function layerBars({ groups }: FileWeights) {
  const changed = groups
    .filter(({ relative }) => relative !== null && relative > 0)
    .sort((a, b) => (b.relative ?? 0) - (a.relative ?? 0));
  if (changed.length < 2) return nothing;
  const most = changed[0]?.relative ?? 1;
  return html`<table class="list bars">
    <caption>Relative change ‖Δ‖/‖W‖ by layer${changed.length > mostLayers ? `, the first ${mostLayers} of ${changed.length}` : ''}</caption>
    <tbody>
      ${changed.slice(0, mostLayers).map(
        ({ name, relative }) => html`<tr>
          <th scope="row">${name}</th>
          <td>${bar((relative ?? 0) / most)}</td>
          <td class="number figures">${figure(relative ?? 0)}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

function tensorTable(side: number, file: FileWeights, parts: WeightsParts) {
  const { choosing, shown, showMore } = parts;
  const fitting = file.tensors.filter(
    ({ name, status, from }) =>
      (!choosing.onlyDifferences || status !== 'same') &&
      matching(choosing.filter, name, status, from?.name ?? null),
  );
  if (fitting.length === 0) return html`<p class="quiet">No tensor is shown.</p>`;
  const rows = [...fitting].sort(byChange).slice(0, shown(side));
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Tensors">
      <table class="list tensors">
        <thead>
          <tr>
            <th scope="col">Tensor</th>
            <th scope="col">Status</th>
            <th scope="col">Shape</th>
            <th scope="col">Type</th>
            <th scope="col" class="number" title="The norm of the difference over the norm of the old values">‖Δ‖/‖W‖</th>
            <th scope="col" class="number">max |Δ|</th>
            <th scope="col" class="number">Cosine</th>
            <th scope="col" class="number">Changed</th>
            <th scope="col"><span class="hidden">Histogram</span></th>
          </tr>
        </thead>
        <tbody>
          ${rows.map((tensor) => tensorRow(side, file.path, tensor, parts))}
        </tbody>
      </table>
    </div>
    ${
      rows.length === fitting.length
        ? nothing
        : html`<button class="link" @click=${() => showMore(side)}>
            Show more of ${fitting.length}
          </button>`
    }`;
}

const ranks: Readonly<Record<TensorDifference['status'], number>> = {
  ...{ added: 0, removed: 1, reshaped: 2, retyped: 3, changed: 4, renamed: 5, same: 6 },
};

function byChange(a: TensorDifference, b: TensorDifference): number {
  const change = (one: TensorDifference) => one.figures?.relative ?? Number.POSITIVE_INFINITY;
  const rank = ranks[a.status] - ranks[b.status];
  return rank !== 0 || a.status !== 'changed' ? rank : change(b) - change(a);
}

function tensorRow(side: number, path: string, tensor: TensorDifference, parts: WeightsParts) {
  const { name, status, from, to, figures, why } = tensor;
  const place = (one: ComparedTensor | null) => one && { path, tensor: one.name };
  const key = spreadKey(side, path, name);
  const spread = parts.spreads.get(key);
  const open = parts.spreads.has(key);
  const broken = figures === null ? 0 : figures.notFinite.to.nan + figures.notFinite.to.infinite;
  return html`<tr class=${status === 'same' ? 'same' : ''}>
      <th scope="row" class="mono">
        ${name}${from !== null && from.name !== name ? html`<div class="quiet">was ${from.name}</div>` : nothing}
      </th>
      <td>
        ${status}
        ${why === undefined ? nothing : html`<div class="quiet">${why}</div>`}
        ${broken === 0 ? nothing : html`<div class="worse">${broken} not finite</div>`}
      </td>
      <td class="figures">${pairText(from && shapeText(from.shape), to && shapeText(to.shape))}</td>
      <td>${pairText(from?.dtype ?? null, to?.dtype ?? null)}</td>
      <td class="number figures">${numberText(figures?.relative)}</td>
      <td class="number figures">${numberText(figures?.largest)}</td>
      <td class="number figures">${numberText(figures?.cosine)}</td>
      <td class="number figures">${figures === null ? '' : percent(figures)}</td>
      <td>
        <button
          class="link"
          aria-expanded=${open ? 'true' : 'false'}
          aria-label="Histogram of ${name}"
          @click=${() => parts.toggleSpread(side, place(from), place(to))}
        >
          Histogram
        </button>
      </td>
    </tr>
    ${
      open
        ? html`<tr>
            <td colspan="9">${spread === undefined || spread === null ? html`<span class="quiet">Reading the values …</span>` : spreadPicture(spread, parts.view.sides[0]?.title ?? '', parts.view.sides[side]?.title ?? '')}</td>
          </tr>`
        : nothing
    }`;
}

/** The name of a tensor's histograms in the panel. */
export function spreadKey(side: number, path: string, tensor: string): string {
  return JSON.stringify([side, path, tensor]);
}

function pairText(from: string | null, to: string | null): string {
  if (from === null || to === null) return from ?? to ?? '';
  return from === to ? to : `${from} → ${to}`;
}

function numberText(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : figure(value);
}

function percent({ changed, elements }: { changed: number; elements: number }): string {
  const share = (100 * changed) / Math.max(1, elements);
  return `${share > 0 && share < 0.1 ? '< 0.1' : Number(share.toFixed(1))} %`;
}
