import { bytesText } from '../core/figures';
import { referenceTo, type VersionRecord, type Warning } from '../core/version';
import { countText, firstLine, lineText, tableText, timeText, valueText } from './text';

/** One version as `show` prints it: everything but the names of packages. */
export function recordText(record: VersionRecord): string {
  const parts = [
    headText(record, record.description),
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
    section('Model files', fileRows(record)),
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
  return parts.filter((part) => part !== '').join('\n\n');
}

/** What was just committed, in a few lines; `show` has the rest. */
export function summaryText(record: VersionRecord): string {
  const { primary, metrics, parameters, datasets } = record;
  const value = primary === undefined ? undefined : metrics[primary.metric];
  const figures = [
    ...(primary === undefined || value === undefined
      ? []
      : [`${primary.metric} ${valueText(value)}`]),
    countText(Object.keys(metrics).length, 'metric'),
    countText(Object.keys(parameters).length, 'parameter'),
    countText(datasets.length, 'dataset'),
  ];
  const files = section('Model files', fileRows(record));
  const head = `${headText(record, firstLine(record.description))}\n${figures.join(', ')}`;
  return files === '' ? head : `${head}\n\n${files}`;
}

function headText(record: VersionRecord, description: string): string {
  const { label, createdAt, creator, parent, revision, withdrawn } = record;
  const lines = [
    `${referenceTo(record)}${label === null ? '' : ` (${label})`}  ${description}`,
    lineText(`${timeText(createdAt)}  ${creator.name}${parent === null ? '' : `  from ${parent}`}`),
  ];
  if (revision > 1) lines.push(lineText(`revision ${revision}: ${record.reason ?? ''}`));
  if (withdrawn !== undefined) {
    const why = withdrawn.reason === '' ? '' : `: ${withdrawn.reason}`;
    lines.push(lineText(`withdrawn ${timeText(withdrawn.at)} by ${withdrawn.by.name}${why}`));
  }
  return lines.join('\n');
}

function originOf(record: VersionRecord, key: string): string {
  const origin = record.metricOrigins?.[key];
  return origin?.stale === true ? 'stale: its file is older than the weights' : '';
}

function fileRows({ files }: VersionRecord): string[][] {
  return files.map(({ path, size, format, sha256 }) => [
    ...[path, bytesText(size), format],
    sha256.slice(0, 12),
  ]);
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
    : `\n\n${warnings.map(({ message }) => `Warning: ${lineText(message)}`).join('\n')}`;
}
