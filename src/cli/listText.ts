import { bytesText } from '../core/figures';
import { referenceTo, type VersionRecord } from '../core/version';
import type { ModelStatus, OperationRow } from '../operations';
import { warningsText } from './recordText';
import { changeText, countText, firstLine, tableText, timeText, valueText } from './text';

/** One model as `status` prints it. */
export function statusText({
  model,
  current,
  versions,
  changes,
  uncommitted,
  warnings,
}: ModelStatus): string {
  const rows = [
    ...changes.artifacts.map(({ path, status }) => ['', 'model file', status, path]),
    ...changes.parameters.map(({ key, status, from, to }) => [
      ...['', 'parameter', status],
      `${key} ${changeText(status, from, to)}`,
    ]),
    ...changes.data.map(({ path, status }) => ['', 'data', status, path]),
    ...changes.metrics.map(({ path, status }) => ['', 'metrics', status, path]),
    ...changes.code.map(({ path, status }) => ['', 'code', status, path]),
  ];
  const head = current === null ? noneText(model, versions) : `${model} is at ${current}`;
  const changed = rows.length === 0 ? 'No working changes.' : tableText(rows);
  const rest =
    uncommitted.files === 0
      ? ''
      : `\nOn disk: ${countText(uncommitted.files, 'checkpoint')}, ${bytesText(uncommitted.bytes)}, in no version.`;
  return `${head}\n${changed}${rest}${warningsText(warnings)}`;
}

function noneText(model: string, versions: number): string {
  if (versions === 0) return `${model}: no version yet`;
  return `${model}: ${countText(versions, 'version')}; the working files came from none of them`;
}

/** Versions, a line each. */
export function logText(versions: readonly VersionRecord[], total: number): string {
  if (versions.length === 0) return total === 0 ? 'No versions.' : `${total} not shown.`;
  const rows = versions.map((record) => [
    referenceTo(record),
    timeText(record.createdAt),
    metricText(record),
    record.label ?? '',
    firstLine(record.description),
  ]);
  const more = total > versions.length ? `\n${total - versions.length} more; use --limit.` : '';
  return `${tableText(withoutEmptyColumns(rows))}${more}`;
}

function withoutEmptyColumns(rows: readonly (readonly string[])[]): string[][] {
  const filled = new Set(
    rows.flatMap((row) => [...row.keys()].filter((column) => row[column] !== '')),
  );
  return rows.map((row) => row.filter((_, column) => filled.has(column)));
}

function metricText({ primary, metrics }: VersionRecord): string {
  const value = primary === undefined ? undefined : metrics[primary.metric];
  return primary === undefined || value === undefined
    ? ''
    : `${primary.metric} ${valueText(value)}`;
}

/** The log of operations, a line each. */
export function operationsText(rows: readonly OperationRow[]): string {
  if (rows.length === 0) return 'Nothing was done yet.';
  const cells = rows.map(({ id, kind, at, by, version, reason }) => [
    String(id),
    timeText(at),
    kind,
    version ?? '',
    by.name,
    firstLine(reason),
  ]);
  return tableText(withoutEmptyColumns(cells));
}
