import { html, nothing, type TemplateResult } from 'lit';
import type { ConfusionMatrix } from '../../../src/core/confusion';

/** More classes than these are not drawn as squares: the largest changes are listed instead. */
const mostSquares = 25;
const mostListed = 30;
/** Shades of a cell, as the styles have them. */
const shades = 8;

/** The confusion matrices of two sides over the same classes, and how the second differs. */
export function confusionMatrices(
  from: ConfusionMatrix,
  to: ConfusionMatrix,
  titles: readonly [string, string],
): TemplateResult {
  if (from.labels.length > mostSquares) return changesList(from, to, titles);
  const changed = from.counts.some((row, i) => row.some((count, j) => count !== to.counts[i]?.[j]));
  return html`<div class="matrices">
      ${matrix(from, `Confusion of ${titles[0]}`)} ${matrix(to, `Confusion of ${titles[1]}`)}
      ${differenceMatrix(from, to, `${titles[1]} minus ${titles[0]}`)}
    </div>
    <p class="quiet">
      Rows are the truth, columns what was predicted.
      ${changed ? 'On the diagonal more is better, elsewhere fewer is.' : 'They are the same.'}
    </p>`;
}

function matrix({ labels, counts }: ConfusionMatrix, title: string) {
  const most = Math.max(1, ...counts.flat());
  return grid(labels, title, (row, column) => {
    const count = counts[row]?.[column] ?? 0;
    // Rare mistakes beside hundreds of hits would all look like none.
    const shade = count === 0 ? 0 : Math.max(1, Math.round(Math.sqrt(count / most) * shades));
    return html`<td class="heat-${shade}">${count === 0 ? dot : count}</td>`;
  });
}

function differenceMatrix(from: ConfusionMatrix, to: ConfusionMatrix, title: string) {
  const apart = (row: number, column: number) =>
    (to.counts[row]?.[column] ?? 0) - (from.counts[row]?.[column] ?? 0);
  const most = Math.max(
    1,
    ...from.counts.flatMap((row, i) => row.map((_, j) => Math.abs(apart(i, j)))),
  );
  return grid(from.labels, title, (row, column) => {
    const by = apart(row, column);
    if (by === 0) return html`<td>${dot}</td>`;
    const better = row === column ? by > 0 : by < 0;
    const shade = Math.max(1, Math.round(Math.sqrt(Math.abs(by) / most) * shades));
    return html`<td
      class="${better ? 'good' : 'bad'}-${shade}"
      title=${`${Math.abs(by)} ${by > 0 ? 'more' : 'fewer'}: ${better ? 'better' : 'worse'}`}
    >
      ${by > 0 ? `+${by}` : `−${-by}`}
    </td>`;
  });
}

const dot = html`<span aria-hidden="true">·</span><span class="hidden">0</span>`;

function grid(
  labels: readonly string[],
  title: string,
  cell: (row: number, column: number) => unknown,
) {
  return html`<div class="scroll" tabindex="0" role="group" aria-label=${title}>
    <table class="matrix figures">
      <caption>${title}</caption>
      <thead>
        <tr>
          <th scope="col"><span class="hidden">truth</span></th>
          ${labels.map((label) => html`<th scope="col" title=${label}>${label}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${labels.map(
          (label, row) => html`<tr>
            <th scope="row" title=${label}>${label}</th>
            ${labels.map((_, column) => cell(row, column))}
          </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Of many classes the cells that changed most. */
function changesList(
  from: ConfusionMatrix,
  to: ConfusionMatrix,
  titles: readonly [string, string],
): TemplateResult {
  const cells = from.counts.flatMap((row, i) =>
    row.map((count, j) => ({ i, j, count, now: to.counts[i]?.[j] ?? 0 })),
  );
  const changed = cells
    .filter(({ count, now }) => count !== now)
    .sort((a, b) => Math.abs(b.now - b.count) - Math.abs(a.now - a.count));
  const label = (index: number) => from.labels[index] ?? '';
  return html`<table class="list">
      <caption>Confusion of ${from.labels.length} classes, what changed most</caption>
      <thead>
        <tr>
          <th scope="col">Truth</th>
          <th scope="col">Predicted</th>
          <th scope="col" class="number">${titles[0]}</th>
          <th scope="col" class="number">${titles[1]}</th>
        </tr>
      </thead>
      <tbody>
        ${changed.slice(0, mostListed).map(
          ({ i, j, count, now }) => html`<tr>
            <td>${label(i)}</td>
            <td>${i === j ? 'the same (right)' : label(j)}</td>
            <td class="number figures">${count}</td>
            <td class="number figures">${now}</td>
          </tr>`,
        )}
      </tbody>
    </table>
    ${changed.length > mostListed ? html`<p class="quiet">and ${changed.length - mostListed} more</p>` : nothing}`;
}
