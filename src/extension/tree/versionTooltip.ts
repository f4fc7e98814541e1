import { bytesText, figure } from '../../core/figures';
import { ago, counted, numberTitle, parameterText } from '../../core/labels';
import { code, escaped } from '../../core/markdown';
import type { PrimaryMetric, VersionRecord } from '../../core/version';
import type { VersionStorage } from '../../operations/storageProject';
import { primaryText, sizeOf } from './versionFigures';

/** Most parameters and metrics that a tooltip lists. */
const most = 12;

/**
 * The record of a version in Markdown, with its size on disk.
 * @param storage what it takes in the store; `null` where that is not known
 */
export function versionTooltip(
  record: VersionRecord,
  parent: VersionRecord | null,
  primary: PrimaryMetric | null,
  now: number,
  storage: VersionStorage | null,
): string {
  const title = `**${escaped(record.model)} ${numberTitle(record)}**`;
  const label = record.label === null ? '' : ` ${code(record.label)}`;
  const revision = record.revision > 1 ? ` · revision ${record.revision}` : '';
  return [
    `${title}${label}${revision}`,
    escaped(record.description),
    escaped(primaryText(record, parent, primary)),
    byWhom(record, now),
    entries('Metrics', record.metrics, (value) => figure(value)),
    entries('Parameters', record.parameters, (value) => parameterText(value)),
    `${counted(record.files.length, 'model file')}, ${bytesText(sizeOf(record))}${cameFrom(record)}`,
    stored(storage),
    withdrawal(record),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function stored(storage: VersionStorage | null): string {
  if (storage === null) return '';
  const { own, shared } = storage;
  const others = shared === 0 ? 'nothing' : bytesText(shared);
  if (own === 0)
    return `In the store: ${others} shared with other versions; deleting frees nothing`;
  return `In the store: ${bytesText(own)} of its own, which deleting frees, and ${others} shared`;
}

function byWhom(record: VersionRecord, now: number): string {
  const when = ago(Date.parse(record.createdAt), now);
  const style = { dateStyle: 'medium', timeStyle: 'short' } as const;
  const local = new Date(record.createdAt).toLocaleString(undefined, style);
  return `${escaped(record.creator.name)}, ${escaped(when)} (${escaped(local)})`;
}

function entries<T>(
  title: string,
  values: Readonly<Record<string, T>>,
  text: (value: T) => string,
): string {
  const keys = Object.keys(values).sort();
  if (keys.length === 0) return '';
  const shown = keys.slice(0, most).map((key) => {
    const value = values[key];
    return `${escaped(key)} ${value === undefined ? '' : code(text(value))}`;
  });
  const more = keys.length > most ? ` · and ${keys.length - most} more` : '';
  return `${title}: ${shown.join(' · ')}${more}`;
}

function cameFrom(record: VersionRecord): string {
  const { branch, commit } = record.code;
  const from = record.parent === null ? '' : ` · from ${code(record.parent)}`;
  const on = branch === null ? '' : ` · on ${code(branch)}`;
  const as = commit === null ? '' : ` · commit ${code(commit.slice(0, 10))}`;
  return `${from}${on}${as}`;
}

function withdrawal({ withdrawn }: VersionRecord): string {
  if (withdrawn === undefined) return '';
  return `Withdrawn by ${escaped(withdrawn.by.name)}: ${escaped(withdrawn.reason)}`;
}
