import type { VersionComparison } from '../core/comparison';
import { section } from './recordText';
import { bytesText, valueText } from './text';

/** A comparison as `diff` prints it: only what differs. */
export function comparisonText(comparison: VersionComparison): string {
  const { from, to, metrics, parameters, artifacts, data, environment, code } = comparison;
  const parts = [
    section(
      'Metrics',
      metrics
        .filter((metric) => metric.from !== metric.to)
        .map((metric) => [
          metric.key,
          `${valueText(metric.from)} → ${valueText(metric.to)}`,
          deltaText(metric.delta),
          betterText(metric.better),
        ]),
    ),
    section(
      'Parameters',
      parameters.map(({ key, from: before, to: after }) => [
        key,
        `${valueText(before)} → ${valueText(after)}`,
      ]),
    ),
    section(
      'Model files',
      artifacts.map((file) => [file.status, file.path, sizesText(file.from?.size, file.to?.size)]),
    ),
    section(
      'Data',
      data.map(({ path, status }) => [status, path]),
    ),
    section(
      'Environment',
      environment.map(({ key, from: before, to: after }) => [
        key,
        `${before ?? '-'} → ${after ?? '-'}`,
      ]),
    ),
    section(
      'Code',
      code.files.map(({ status, path, from: before }) => [
        status,
        before === undefined ? path : `${before} → ${path}`,
      ]),
    ),
  ].filter((part) => part !== '');
  return [`${from} → ${to}`, ...(parts.length === 0 ? ['No differences.'] : parts)].join('\n\n');
}

function deltaText(delta: number | null): string {
  if (delta === null) return '';
  return delta > 0 ? `+${valueText(delta)}` : valueText(delta);
}

function betterText(better: boolean | null): string {
  if (better === null) return '';
  return better ? 'better' : 'worse';
}

function sizesText(from: number | undefined, to: number | undefined): string {
  if (from === undefined || to === undefined || from === to) return bytesText(to ?? from ?? 0);
  return `${bytesText(from)} → ${bytesText(to)}`;
}
