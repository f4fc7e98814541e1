import { figure } from '../../core/figures';
import { ago, changeText } from '../../core/labels';
import { compareMetrics, type MetricChange, type Metrics } from '../../core/metricComparison';
import type { PrimaryMetric, VersionRecord } from '../../core/version';

/** One metric of a version against the version it came from; stale values are never judged. */
export function metricChange(
  metric: string,
  record: VersionRecord,
  parent: VersionRecord | null,
  primary: PrimaryMetric | null,
): MetricChange {
  const one = (from: VersionRecord | null): Metrics => {
    const value = from?.metrics[metric];
    return value === undefined ? {} : { [metric]: value };
  };
  const [change] = compareMetrics(one(parent), one(record), primary);
  const none = { key: metric, from: null, to: null, delta: null, better: null };
  return { ...(change ?? none), ...(isStale(metric, record) ? { better: null } : {}) };
}

/** Whether the metrics file did not change while the weights did. */
export function isStale(metric: string, record: VersionRecord): boolean {
  return record.metricOrigins?.[metric]?.stale === true;
}

/** `val_accuracy 0.951`, with `(stale)` where the value belongs to older weights. */
export function metricText(metric: string, record: VersionRecord): string {
  const value = record.metrics[metric];
  if (value === undefined) return '';
  return `${metric} ${figure(value)}${isStale(metric, record) ? ' (stale)' : ''}`;
}

/** `val_accuracy 0.951 ▲ 0.008 better`: the primary metric against the version it came from. */
export function primaryText(
  record: VersionRecord,
  parent: VersionRecord | null,
  primary: PrimaryMetric | null,
): string {
  if (primary === null) return '';
  const text = metricText(primary.metric, record);
  if (text === '') return '';
  const change = changeText(metricChange(primary.metric, record, parent, primary));
  return change === '' ? text : `${text} ${change}`;
}

/** What stands beside a version: its primary metric and how long ago it was made. */
export function versionDescription(
  record: VersionRecord,
  parent: VersionRecord | null,
  primary: PrimaryMetric | null,
  now: number,
): string {
  const figures = primaryText(record, parent, primary);
  return [figures, scanWords(record), ago(Date.parse(record.createdAt), now)]
    .filter((part) => part !== '')
    .join(' · ');
}

const scanned = [
  ['dangerous', 'dangerous file'],
  ['unreadable', 'file not scanned whole'],
  ['suspicious', 'suspicious file'],
] as const;

/** The worst that a scan said of the version's model files; empty where it found nothing. */
function scanWords({ files }: VersionRecord): string {
  const found = scanned.find(([verdict]) => files.some(({ scan }) => scan?.verdict === verdict));
  return found?.[1] ?? '';
}

/** Bytes of a version's model files, each distinct content once. */
export function sizeOf(record: VersionRecord): number {
  const sizes = new Map(record.files.map(({ sha256, size }) => [sha256, size]));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
