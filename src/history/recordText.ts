import { canonicalJson } from '../core/operation';
import type { ParameterValue } from '../core/parameters';
import { plainParameter } from '../core/plainParameter';
import { fromJsonNumber, type VersionRecord, type Withdrawn } from '../core/version';
import type { Value } from './databaseFile';

/** How a record lies in the database. */
export interface RecordRow {
  readonly text: string;
  readonly withdrawn: string | null;
}

/**
 * The row of a record. @throws TypeError when the record holds what JSON would lose (a number that
 * is not finite, a missing value in a list): that is a bug of whoever made it.
 */
export function rowOf(record: VersionRecord): RecordRow {
  const { withdrawn, ...rest } = record;
  requireJson(record, 'record');
  return {
    text: canonicalJson(rest),
    withdrawn: withdrawn === undefined ? null : canonicalJson(withdrawn),
  };
}

/** The record of a row. @throws SyntaxError when it is no JSON */
export function recordOf(row: RecordRow): VersionRecord {
  const record: VersionRecord = JSON.parse(row.text);
  if (row.withdrawn === null) return record;
  const withdrawn: Withdrawn = JSON.parse(row.withdrawn);
  return { ...record, withdrawn };
}

function requireJson(value: unknown, where: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError(`${where} is ${value}, which JSON cannot hold`);
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) requireInList(item, `${where}[${index}]`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) requireJson(item, `${where}.${key}`);
  } else if (
    !['number', 'string', 'boolean', 'undefined'].includes(typeof value) &&
    value !== null
  ) {
    throw new TypeError(`${where} is a ${typeof value}, which JSON cannot hold`);
  }
}

function requireInList(value: unknown, where: string): void {
  if (value === undefined) throw new TypeError(`${where} is missing, which JSON cannot hold`);
  requireJson(value, where);
}

/** What a listing filters and sorts by, taken from a record. */
export interface Extract {
  readonly label: string | null;
  readonly createdAt: string;
  readonly description: string;
  readonly creatorName: string;
  readonly creatorEmail: string;
  readonly metrics: readonly { name: string; value: number | null; stale: 0 | 1 }[];
  readonly parameters: readonly { name: string; value: string | number | null }[];
}

/**
 * Metrics and parameters sorted by name. Half a surrogate pair, which JSON can hold and SQLite's
 * texts cannot, becomes U+FFFD here.
 */
export function extractOf(record: VersionRecord): Extract {
  return {
    label: record.label?.toWellFormed() ?? null,
    createdAt: record.createdAt.toWellFormed(),
    description: record.description.toWellFormed(),
    creatorName: record.creator.name.toWellFormed(),
    creatorEmail: record.creator.email.toWellFormed(),
    metrics: byName(record.metrics).map(([name, key]) => ({
      name,
      value: finiteOrInfinite(fromJsonNumber(record.metrics[key] ?? 'NaN')),
      stale: isStale(record, key) ? 1 : 0,
    })),
    parameters: byName(record.parameters).map(([name, key]) => ({
      name,
      value: comparable(record.parameters[key] ?? null),
    })),
  };
}

/** Names as they are kept, each once, with the keys that they stand for. */
function byName(object: object): [name: string, key: string][] {
  const names = new Map(Object.keys(object).map((key) => [key.toWellFormed(), key]));
  return [...names].sort(([one], [other]) => (one < other ? -1 : 1));
}

function isStale(record: VersionRecord, metric: string): boolean {
  const origins = record.metricOrigins ?? {};
  return Object.hasOwn(origins, metric) && origins[metric]?.stale === true;
}

function finiteOrInfinite(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function comparable(value: ParameterValue): string | number | null {
  const plain = plainParameter(value);
  return typeof plain === 'string' ? plain.toWellFormed() : plain;
}

/** The artifacts that a record names, each once: its files, its curves and its predictions. */
export function artifactsOf(record: VersionRecord): string[] {
  const named = record.files.map(({ sha256 }) => sha256);
  if (record.curves !== undefined) named.push(record.curves.sha256);
  if (record.predictions !== undefined) named.push(record.predictions.sha256);
  return [...new Set(named)].sort();
}

/** As a row of values, in the order of the columns. */
export function extractValues(extract: Extract): Value[] {
  const { label, createdAt, description, creatorName, creatorEmail } = extract;
  return [label, createdAt, description, creatorName, creatorEmail];
}
