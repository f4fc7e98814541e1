import type { ArchitectureChange } from '../core/architecture';
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
    section(`Values${of}, before and after`, different.slice(0, shown).flatMap(spreadRows)),
    architectureSection(architecture, of),
  ];
}

/** Layers that came, went, or have other attributes. */
export function architectureSection(
  changes: readonly ArchitectureChange[] | null,
  of: string,
): string {
  return section(
    `Architecture${of}`,
    (changes ?? []).map(({ path, status, kind, attributes }) => [
      ...[status, path === '' ? '(the whole)' : path, kind],
      attributes
        .map(({ key, from, to }) => `${key} ${valueText(from)} → ${valueText(to)}`)
        .join(', '),
    ]),
  );
}

const bars = ' ▁▂▃▄▅▆▇█';

/** Two lines of bars over the same steps. */
function spreadRows({ name, histograms }: TensorDifference): string[][] {
  if (histograms === undefined) return [];
  const sides = [histograms.from, histograms.to];
  const most = Math.max(...sides.flatMap(({ counts }) => counts));
  const bar = (count: number) => bars[count === 0 ? 0 : Math.ceil((8 * count) / most)] ?? '';
  return sides.map(({ counts, least, greatest, mean, deviation }, at) => [
    at === 0 ? name : '',
    counts.map(bar).join(''),
    at === 0 ? `${short(least)} … ${short(greatest)}` : '',
    `mean ${short(mean)}, deviation ${short(deviation)}`,
  ]);
}

function short(value: number): string {
  return valueText(Number(value.toPrecision(3)));
}

function tensorRow({ name, status, from, to, figures, why }: TensorDifference): string[] {
  if (status === 'renamed') return [status, name, `was ${from?.name ?? ''}`];
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
