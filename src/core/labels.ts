import { figure, parameterFigure } from './figures';
import type { MetricChange } from './metricComparison';
import type { ParameterValue } from './parameters';
import type { JsonNumber, VersionRecord } from './version';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * The direction and size of a difference: `▲ 0.008`, `▼ 0.012`, `±0`. Beside a value it has no more
 * decimal places than that, unless nothing would be left of it.
 */
export function difference(delta: number, beside?: JsonNumber): string {
  if (delta === 0) return '±0';
  return `${delta > 0 ? '▲' : '▼'} ${figure(rounded(Math.abs(delta), beside))}`;
}

function rounded(size: number, beside: JsonNumber | undefined): number {
  const [, decimals = ''] = /\.(\d+)$/.exec(beside === undefined ? '' : figure(beside)) ?? [];
  const coarse = beside === undefined ? 0 : Number(size.toFixed(decimals.length));
  // Subtracting two decimal fractions in binary adds a little: 0.008000000000000007.
  return coarse === 0 ? Number(size.toPrecision(beside === undefined ? 12 : 1)) : coarse;
}

/** `▲ 0.008 better`; empty where nothing changed or there is nothing to subtract. */
export function changeText({ delta, better, to }: MetricChange): string {
  if (delta === null || delta === 0) return '';
  return `${difference(delta, to ?? undefined)}${better === null ? '' : better ? ' better' : ' worse'}`;
}

/** A parameter's value on one line, at most `most` characters. */
export function parameterText(value: ParameterValue | undefined, most = 40): string {
  return value === undefined ? '(not there)' : parameterFigure(value, most);
}

/** On one line, cut with `…` when longer than `most` characters. */
export function shortened(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const letters = [...line];
  return letters.length <= most ? line : `${letters.slice(0, most - 1).join('')}…`;
}

/** How long ago, in one unit; a date from a month on. Both in milliseconds since the epoch. */
export function ago(then: number, now: number): string {
  const passed = Math.max(0, now - then);
  if (passed < minute) return 'just now';
  if (passed < hour) return `${Math.floor(passed / minute)} min ago`;
  if (passed < day) return `${Math.floor(passed / hour)} h ago`;
  if (passed < 30 * day) return `${Math.floor(passed / day)} d ago`;
  return new Date(then).toISOString().slice(0, 10);
}

/** `1 file`, `2 files`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** `v7` or `b2`. */
export function numberTitle(record: Pick<VersionRecord, 'kind' | 'number'>): string {
  return `${record.kind === 'backup' ? 'b' : 'v'}${record.number}`;
}

/** The number of a reference, for people: `digits@v7.2` becomes `v7`. */
export function shortReference(reference: string): string {
  return reference.slice(reference.indexOf('@') + 1).replace(/^([vb]\d+)\.\d+$/, '$1');
}

/** The model of a full reference: `digits@v7.2` becomes `digits`. */
export function modelOf(reference: string): string {
  const at = reference.indexOf('@');
  return at < 0 ? '' : reference.slice(0, at);
}

/**
 * What a version is called in a row: its number, its label where it has one, its description, of
 * which at most `most` characters.
 */
export function versionLabel(record: VersionRecord, most = 120): string {
  const named = record.label === null ? '' : `  [${record.label}]`;
  const described = record.description === '' ? '' : `  ${shortened(record.description, most)}`;
  return `${numberTitle(record)}${named}${described}`;
}
