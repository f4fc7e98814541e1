import type { TensorDifference, WeightsComparison } from '../core/tensorComparison';
import { section } from './recordText';
import { valueText } from './text';

/** So many tensors are shown to people; `--json` has them all. */
const shown = 40;

/** The weights of one file: sentences, the tensors that changed, layers that did. */
export function weightsSections(weights: WeightsComparison, path: string): string[] {
  const { tensors, sentences, architecture } = weights;
  const different = tensors.filter(({ status }) => status !== 'same');
  const rows = different.slice(0, shown).map(tensorRow);
  const rest = different.length - rows.length;
  if (rest > 0) rows.push([`… and ${rest} more, which --json has`]);
  const of = path === '' ? '' : ` of ${path}`;
  return [
    section(
      `Weights${of}`,
      sentences.map((sentence) => [sentence]),
    ),
    section(`Tensors${of} by value`, rows),
    section(
      `Architecture${of}`,
      (architecture ?? []).map(({ path: layer, status, kind, attributes }) => [
        ...[status, layer, kind],
        attributes
          .map(({ key, from, to }) => `${key} ${valueText(from)} → ${valueText(to)}`)
          .join(', '),
      ]),
    ),
  ];
}

function tensorRow({ name, status, from, to, figures, why }: TensorDifference): string[] {
  if (figures === null) {
    const sides = [from, to].map((side) => (side === null ? '-' : sideText(side)));
    return [status, name, sides[0] === sides[1] ? (why ?? '') : sides.join(' → ')];
  }
  const { relative, largest, cosine, changed, elements, notFinite } = figures;
  const broken = notFinite.to.nan + notFinite.to.infinite;
  return [
    ...[status, name],
    `‖Δ‖/‖W‖ ${relative === null ? '-' : valueText(Number(relative.toPrecision(3)))}`,
    `max |Δ| ${valueText(Number(largest.toPrecision(3)))}`,
    `cosine ${cosine === null ? '-' : valueText(Number(cosine.toFixed(6)))}`,
    `${Number(((100 * changed) / Math.max(elements, 1)).toFixed(1))} % changed`,
    broken === 0 ? '' : `${broken} not finite`,
  ];
}

function sideText({ dtype, shape }: { dtype: string; shape: readonly number[] }): string {
  return `${dtype} [${shape.join(', ')}]`;
}
