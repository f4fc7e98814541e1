import { html, nothing, type TemplateResult } from 'lit';
import type { LaidCurve } from '../../../src/core/curveAxes';
import { type ChartAxis, chartAxes } from '../../../src/core/version';
import { oneOf } from '../../../src/wire/readers';
import '../picker';
import type { PickEvent } from '../picker';

/** What the picker says while each curve lies on its own axis. */
const asLogged = 'as logged';
const readAxis = oneOf(...chartAxes);

/**
 * Which axis the curves lie on. There is nothing to choose where all of them have but one.
 * @param own the axes on which the curves were logged
 * @param axes those on which at least one of them can be laid
 * @param chosen `null`: each on its own
 */
export function axisPicker(
  own: readonly LaidCurve['axis'][],
  axes: readonly ChartAxis[],
  chosen: ChartAxis | null,
  choose: (axis: ChartAxis | null) => void,
): TemplateResult | typeof nothing {
  const [first, ...others] = new Set(own);
  const natural = others.length === 0 ? (readAxis(first) ?? null) : null;
  const offered = chartAxes.filter((axis) => axes.includes(axis) || axis === chosen);
  const names = [...(natural === null ? [asLogged] : []), ...offered];
  if (names.length < 2) return nothing;
  return html`<cairn-picker
    .label=${'Axis'}
    .options=${names.map((value) => ({ value, text: `by ${value}`.replace(`by ${asLogged}`, asLogged) }))}
    .value=${chosen ?? natural ?? asLogged}
    @pick=${({ detail }: PickEvent) => {
      const axis = readAxis(detail) ?? null;
      choose(axis === natural ? null : axis);
    }}
  ></cairn-picker>`;
}
