import { html, nothing, type TemplateResult } from 'lit';
import { type Curve, fromJsonNumber } from '../../../src/core/version';

const width = 64;
const height = 16;

/** A curve the size of a word; nothing where fewer than two points can be drawn. */
export function sparkline(curve: Curve | null): TemplateResult | typeof nothing {
  const path = curve === null ? '' : sparkPath(curve);
  if (path === '') return nothing;
  return html`<svg
    class="spark"
    viewBox="0 0 ${width} ${height}"
    width=${width}
    height=${height}
    fill="none"
    stroke="currentColor"
    stroke-width="1.25"
    aria-hidden="true"
  >
    <path d=${path}></path>
  </svg>`;
}

/** `M x y L x y …` of the finite points in a box of 64 by 16; empty for fewer than two. */
export function sparkPath({ steps, values }: Pick<Curve, 'steps' | 'values'>): string {
  const points = steps
    .map((step, index) => [step, fromJsonNumber(values[index] ?? 'NaN')] as const)
    .filter(([, value]) => Number.isFinite(value));
  if (points.length < 2) return '';
  const every = Math.max(1, Math.floor(points.length / width));
  const shown = points.filter((_, index) => index % every === 0 || index === points.length - 1);
  const scale = (all: readonly number[], size: number) => {
    const least = Math.min(...all);
    const span = Math.max(...all) - least;
    return (value: number) => (span === 0 ? size / 2 : 1 + ((value - least) / span) * (size - 2));
  };
  const x = scale(
    shown.map(([step]) => step),
    width,
  );
  const y = scale(
    shown.map(([, value]) => value),
    height,
  );
  const places = shown.map(([step, value]) => `${short(x(step))} ${short(height - y(value))}`);
  return `M${places.join('L')}`;
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}
