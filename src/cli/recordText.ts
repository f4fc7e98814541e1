import { referenceTo, type VersionRecord, type Warning } from '../core/version';
import { bytesText, tableText, timeText, valueText } from './text';

/** One version as `show` prints it. */
export function recordText(record: VersionRecord): string {
  const head = [
    `${referenceTo(record)}${record.label === null ? '' : ` (${record.label})`}  ${record.description}`,
    `${timeText(record.createdAt)}  ${record.creator.name}${record.parent === null ? '' : `  from ${record.parent}`}`,
  ];
  if (record.revision > 1) head.push(`revision ${record.revision}: ${record.reason ?? ''}`);
  if (record.withdrawn !== undefined)
    head.push(`withdrawn ${timeText(record.withdrawn.at)}: ${record.withdrawn.reason}`);
  const parts = [
    section(
      'Metrics',
      Object.entries(record.metrics).map(([key, value]) => [
        key,
        valueText(value),
        originOf(record, key),
      ]),
    ),
    section(
      'Parameters',
      Object.entries(record.parameters).map(([key, value]) => [key, valueText(value)]),
    ),
    section(
      'Model files',
      record.files.map((file) => [
        file.path,
        bytesText(file.size),
        file.format,
        file.sha256.slice(0, 12),
      ]),
    ),
    section(
      'Data',
      record.datasets.map(({ path, size, digest }) => [
        path,
        bytesText(size),
        `${digest.kind} ${digest.value.slice(0, 12)}`,
      ]),
    ),
    section('Code', codeRows(record)),
    section('Environment', environmentRows(record)),
  ];
  return [head.join('\n'), ...parts.filter((part) => part !== '')].join('\n\n');
}

function originOf(record: VersionRecord, key: string): string {
  const origin = record.metricOrigins?.[key];
  return origin?.stale === true ? 'stale: its file is older than the weights' : '';
}

function codeRows({ code }: VersionRecord): string[][] {
  const rows = [['commit', code.commit ?? '-']];
  if (code.head !== null)
    rows.push([
      'head',
      `${code.head.slice(0, 12)}${code.branch === null ? '' : ` (${code.branch})`}`,
    ]);
  rows.push(['working files', code.dirty ? 'differed from head' : 'as in head']);
  return rows;
}

function environmentRows({ environment }: VersionRecord): string[][] {
  const rows = [['platform', environment.platform]];
  if (environment.python !== undefined) rows.push(['python', environment.python]);
  const packages = Object.keys(environment.packages ?? {}).length;
  if (packages > 0) rows.push(['packages', String(packages)]);
  return rows;
}

/** A titled table, indented; empty when it has no rows. */
export function section(title: string, rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  return `${title}\n${tableText(rows.map((row) => ['', ...row]))}`;
}

/** Warnings below an answer. */
export function warningsText(warnings: readonly Warning[]): string {
  return warnings.length === 0
    ? ''
    : `\n\n${warnings.map(({ message }) => `Warning: ${message}`).join('\n')}`;
}
