import type { VersionComparison } from '../core/comparison';
import { bytesText } from '../core/figures';
import type { MetricChange } from '../core/metricComparison';
import type { FileComparison, TensorSide } from '../operations';
import { section, warningsText } from './recordText';
import { changeText, valueText } from './text';
import { architectureSection, weightsSections } from './weightsText';

/** A comparison as `diff` prints it: only what differs. */
export function comparisonText(comparison: VersionComparison): string {
  const { from, to, metrics, parameters, artifacts, data, environment, code } = comparison;
  return differencesText(from, to, [
    section('Metrics', metrics.filter((metric) => metric.from !== metric.to).map(metricRow)),
    section('Parameters', parameters.map(keyedRow)),
    section(
      'Model files',
      artifacts.map((file) => [file.status, file.path, sizesText(file.from?.size, file.to?.size)]),
    ),
    ...(comparison.weights ?? []).flatMap((weights) => weightsSections(weights, weights.path)),
    section(
      'Data',
      data.map(({ path, status }) => [status, path]),
    ),
    section('Environment', shortened(environment.map(keyedRow))),
    section(
      'Code',
      code.files.map(({ status, path, from: old }) => [
        status,
        old === undefined ? path : `${old} → ${path}`,
      ]),
    ),
  ]);
}

function differencesText(from: string, to: string, sections: readonly string[]): string {
  const parts = sections.filter((part) => part !== '');
  return [`${from} → ${to}`, ...(parts.length === 0 ? ['No differences.'] : parts)].join('\n\n');
}

interface Keyed {
  readonly key: string;
  readonly status: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

function keyedRow({ key, status, from, to }: Keyed): string[] {
  return [key, changeText(status, from, to), status === 'modified' ? '' : status];
}

/** Another Python brings a hundred packages with it. */
const mostPackages = 20;

function shortened(rows: string[][]): string[][] {
  if (rows.length <= mostPackages) return rows;
  const more = `… and ${rows.length - mostPackages} more, which --json has`;
  return [...rows.slice(0, mostPackages), [more]];
}

function metricRow({ key, from, to, delta, better }: MetricChange): string[] {
  const sign = delta !== null && delta > 0 ? '+' : '';
  return [
    key,
    `${valueText(from)} → ${valueText(to)}`,
    delta === null ? '' : `${sign}${valueText(delta)}`,
    better === null ? '' : better ? 'better' : 'worse',
  ];
}

function sizesText(from: number | undefined, to: number | undefined): string {
  if (from === undefined || to === undefined || from === to) return bytesText(to ?? from ?? 0);
  return `${bytesText(from)} → ${bytesText(to)}`;
}

/** Two model files: what their headers and digests tell. */
export function fileComparisonText(comparison: FileComparison): string {
  const { from, to, artifacts, tensors, metadata, warnings } = comparison;
  const text = differencesText(from, to, [
    section('Files', artifacts.flatMap(fileRows)),
    section(
      'Tensors',
      // By value they are told below, with those that have another name.
      (comparison.weights === undefined ? tensors : []).map((tensor) => [
        tensor.status,
        tensor.name,
        changeText(tensor.status, sideText(tensor.from), sideText(tensor.to)),
      ]),
    ),
    section(
      'Metadata',
      metadata.map(({ key, status, from: a, to: b }) => [status, key, changeText(status, a, b)]),
    ),
    ...(comparison.weights === undefined
      ? [architectureSection(comparison.architecture, ''), valuesText(comparison)]
      : weightsSections(comparison.weights, '')),
  ]);
  return `${text}${warningsText(warnings)}`;
}

function fileRows({ from, to }: FileComparison['artifacts'][number]): string[][] {
  return [from, to]
    .filter((side) => side !== null)
    .map(({ path, format, size, sha256 }) => [
      ...[path, format, bytesText(size)],
      (sha256 ?? '').slice(0, 12),
    ]);
}

function sideText(side: TensorSide | null): string {
  return side === null ? '' : `${side.dtype} [${side.shape.join(', ')}] ${bytesText(side.bytes)}`;
}

/** Headers say nothing of values: files of other bytes and equal headers differ in those. */
function valuesText(comparison: FileComparison): string {
  const { artifacts, tensors, counts, metadata, architecture } = comparison;
  const same = artifacts.every(({ status }) => status === 'renamed');
  if (same) return artifacts.length === 0 ? '' : 'Both files have the same bytes.';
  const told = tensors.length + metadata.length + (architecture?.length ?? 0);
  if (counts.from === null || counts.to === null || told > 0) return '';
  if (counts.to === 1) return 'Both hold the same tensor; its values differ.';
  return `Both hold the same ${counts.to} tensors, of equal types and shapes; values differ.`;
}
