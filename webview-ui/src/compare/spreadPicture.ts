import { html, nothing, type TemplateResult } from 'lit';
import { figure } from '../../../src/core/figures';
import type { TensorHistogram } from '../../../src/core/tensorHistogram';

/** How a tensor's values are spread in both sides; `null` where they cannot be read. */
export interface Spread {
  readonly from: TensorHistogram | null;
  readonly to: TensorHistogram | null;
}

const width = 480;
const height = 90;

/** Both histograms on one axis: the base's outline dashed, the other's filled. */
export function spreadPicture({ from, to }: Spread, base: string, other: string): TemplateResult {
  const both = [from, to].filter((one) => one !== null && one.counts.length > 0);
  if (both.length === 0) {
    return html`<span class="quiet">The values cannot be shown: packed, missing or too many.</span>`;
  }
  const shown = both as readonly TensorHistogram[];
  const least = Math.min(...shown.map((one) => one.least));
  const greatest = Math.max(...shown.map((one) => one.greatest));
  const most = Math.max(...shown.map(densest));
  const path = (one: TensorHistogram | null) =>
    one === null || one.counts.length === 0 ? '' : outline(one, { least, greatest, most });
  return html`<div class="spread">
    <svg viewBox="0 0 ${width} ${height}" width=${width} height=${height} aria-hidden="true">
      <path class="after" d=${path(to)}></path>
      <path class="before" d=${path(from)}></path>
    </svg>
    <div class="figures quiet axis"><span>${figure(least)}</span><span>${figure(greatest)}</span></div>
    ${from === null ? nothing : html`<div><span class="key before"></span>${base}: ${words(from)}</div>`}
    ${to === null ? nothing : html`<div><span class="key after"></span>${other}: ${words(to)}</div>`}
  </div>`;
}

function words({ least, greatest, mean, deviation, nan, infinite }: TensorHistogram): string {
  const range = `${figure(least)} to ${figure(greatest)}, mean ${figure(mean)}, deviation ${figure(deviation)}`;
  const broken = [nan > 0 ? `${nan} NaN` : '', infinite > 0 ? `${infinite} infinite` : ''];
  return [range, ...broken.filter((part) => part !== '')].join(', ');
}

interface Scale {
  readonly least: number;
  readonly greatest: number;
  readonly most: number;
}

/** Values in a unit of the axis: steps of the two histograms are not of one width. */
function densest({ counts, least, greatest }: TensorHistogram): number {
  return Math.max(...counts) / stepOf({ counts, least, greatest });
}

function stepOf({
  counts,
  least,
  greatest,
}: Pick<TensorHistogram, 'counts' | 'least' | 'greatest'>) {
  return Math.max((greatest - least) / counts.length, Number.MIN_VALUE);
}

function outline(one: TensorHistogram, { least, greatest, most }: Scale): string {
  const span = greatest - least;
  const step = stepOf(one);
  const x = (value: number) => (span === 0 ? width / 2 : ((value - least) / span) * width);
  const y = (count: number) => height - (count / step / most) * (height - 4);
  const short = (value: number) => Math.round(value * 10) / 10;
  const parts = one.counts.map((count, index) => {
    const left = short(x(one.least + index * step));
    const right = short(Math.max(x(one.least + (index + 1) * step), left + 0.5));
    return `L${left} ${short(y(count))}L${right} ${short(y(count))}`;
  });
  const end = short(Math.max(x(one.greatest), x(one.least) + 0.5));
  return `M${short(x(one.least))} ${height}${parts.join('')}L${end} ${height}`;
}
