import type { ArtifactChange, VersionComparison } from './comparison';
import type {
  ComparedSide,
  ComparisonReport,
  FileCell,
  FileRow,
  MetricCell,
  MetricRow,
  ValueCell,
  ValueRow,
} from './comparisonReport';
import { comparisonSentences } from './comparisonSentences';
import { bytesText, figure } from './figures';
import { difference, numberTitle, parameterText } from './labels';
import { compareParameters, type ParameterValue } from './parameters';
import { type JsonNumber, type PrimaryMetric, referenceTo, type VersionRecord } from './version';

/** The base, and each other side with what differs from the base. `record` null: working files. */
export interface Compared {
  readonly base: VersionRecord;
  readonly others: readonly {
    readonly record: VersionRecord | null;
    readonly comparison: VersionComparison;
  }[];
}

const shownDigest = 12;
/** Parameters are shown at this length in a table; the panel may cut them. */
const shownValue = 200;

/** The report of a base and others, from what differs between them. */
export function comparisonReport(
  compared: Compared,
  primary: PrimaryMetric | null,
): ComparisonReport {
  const { base, others } = compared;
  return {
    model: base.model,
    sides: [sideOf(base), ...others.map(({ record }) => sideOf(record))],
    overview: others.map(({ comparison }, index) => ({
      side: index + 1,
      sentences: comparisonSentences(comparison, primary?.metric ?? null),
    })),
    metrics: metricRows(compared, primary),
    parameters: parameterRows(compared),
    files: fileRows(compared),
    data: dataRows(compared),
    environment: environmentRows(compared),
    code: others.map(({ comparison }, index) => ({
      side: index + 1,
      files: comparison.code.files,
    })),
  };
}

function sideOf(record: VersionRecord | null): ComparedSide {
  if (record === null) {
    return { side: null, title: 'Working files', description: '', createdAt: null, creator: null };
  }
  return {
    side: referenceTo(record, true),
    title: numberTitle(record),
    description: record.description,
    createdAt: record.createdAt,
    creator: record.creator.name,
  };
}

/** Keys of every side, the changed ones first, then by name. */
function rowsOf<R extends { readonly key: string; readonly changed: boolean }>(
  rows: readonly R[],
): R[] {
  return [...rows].sort(
    (a, b) => Number(b.changed) - Number(a.changed) || (a.key < b.key ? -1 : 1),
  );
}

function keysOf(sides: readonly Readonly<Record<string, unknown>>[]): string[] {
  return [...new Set(sides.flatMap((side) => Object.keys(side)))];
}

/** A side's parameters: its record's, or the base's with the working files' changes. */
function parametersOf(base: VersionRecord, { record, comparison }: Compared['others'][number]) {
  if (record !== null) return record.parameters;
  const values: Record<string, ParameterValue> = { ...base.parameters };
  for (const { key, to, status } of comparison.parameters) {
    if (status === 'deleted' || to === undefined) delete values[key];
    else values[key] = to;
  }
  return values;
}

function parameterRows({ base, others }: Compared): ValueRow[] {
  const sides = [base.parameters, ...others.map((other) => parametersOf(base, other))];
  const changed = sides.map(
    (side) => new Set(compareParameters(base.parameters, side).map(({ key }) => key)),
  );
  const cell = (key: string, index: number): ValueCell => {
    const value = sides[index]?.[key];
    return {
      text: value === undefined ? null : parameterText(value, shownValue),
      changed: changed[index]?.has(key) ?? false,
    };
  };
  return valueRows(keysOf(sides), sides.length, cell);
}

function valueRows(
  keys: readonly string[],
  sides: number,
  cell: (key: string, index: number) => ValueCell,
): ValueRow[] {
  const rows = keys.map((key) => {
    const cells = Array.from({ length: sides }, (_, index) => cell(key, index));
    return { key, cells, changed: cells.some(({ changed }) => changed) };
  });
  return rowsOf(rows);
}

function metricRows({ base, others }: Compared, primary: PrimaryMetric | null): MetricRow[] {
  const changes = others.map(
    ({ comparison }) => new Map(comparison.metrics.map((change) => [change.key, change])),
  );
  const keys = [
    ...new Set([...Object.keys(base.metrics), ...changes.flatMap((side) => [...side.keys()])]),
  ];
  const rows = keys.map((key) => {
    const first = metricCell(base.metrics[key] ?? null, null, null);
    const rest = changes.map((side) => {
      const change = side.get(key);
      const value = change === undefined ? (base.metrics[key] ?? null) : change.to;
      return metricCell(value, change?.delta ?? null, change?.better ?? null);
    });
    const cells = [
      first,
      ...rest.map((cell) => ({ ...cell, changed: cell.exact !== first.exact })),
    ];
    const isPrimary = key === primary?.metric;
    return { key, primary: isPrimary, cells, changed: cells.some(({ changed }) => changed) };
  });
  return rows.sort((a, b) => Number(b.primary) - Number(a.primary) || (a.key < b.key ? -1 : 1));
}

function metricCell(
  value: JsonNumber | null,
  delta: number | null,
  better: boolean | null,
): MetricCell {
  return {
    text: value === null ? null : figure(value),
    exact: value === null ? null : String(value),
    delta: delta === null || delta === 0 ? null : difference(delta, value ?? undefined),
    verdict: better === null ? null : better ? 'better' : 'worse',
    changed: false,
  };
}

/** Model files by the path they have in the newest side, unchanged ones of the base included. */
function fileRows({ base, others }: Compared): FileRow[] {
  const changes = others.map(({ comparison }) => comparison.artifacts);
  const paths = [
    ...new Set([
      ...base.files.map(({ path }) => path),
      ...changes.flatMap((all) => all.map(basePath)),
    ]),
  ].sort();
  return paths.map((path) => {
    const own = base.files.find((file) => file.path === path);
    const first: FileCell = own === undefined ? noFile : fileCell(null, own.size, own.sha256);
    const rest = changes.map((all) => {
      const change = all.find((one) => basePath(one) === path);
      if (change === undefined) return first;
      const { status, to } = change;
      return to === null ? { ...noFile, status } : fileCell(status, to.size, to.sha256);
    });
    return { path, cells: [first, ...rest], changed: rest.some(({ status }) => status !== null) };
  });
}

function basePath({ from, path }: ArtifactChange): string {
  return from?.path ?? path;
}

const noFile: FileCell = { status: null, size: null, digest: null, bytes: 0 };

function fileCell(status: FileCell['status'], size: number, sha256: string | null): FileCell {
  const digest = sha256?.slice(0, shownDigest) ?? null;
  return { status, size: bytesText(size), digest, bytes: size };
}

function dataRows({ base, others }: Compared): ValueRow[] {
  const first = new Map(
    base.datasets.map(({ path, digest }) => [path, `${digest.kind}:${digest.value}`]),
  );
  const changes = others.map(
    ({ comparison }) => new Map(comparison.data.map((change) => [change.path, change])),
  );
  return changedRows(first, changes, (text) => text.replace(/:([0-9a-f]{12})[0-9a-f]+$/, ' $1…'));
}

function environmentRows({ base, others }: Compared): ValueRow[] {
  const { python, platform, packages } = base.environment;
  const first = new Map(Object.entries(packages ?? {})).set('platform', platform);
  if (python !== undefined) first.set('python', python);
  const changes = others.map(
    ({ comparison }) => new Map(comparison.environment.map((change) => [change.key, change])),
  );
  return changedRows(first, changes, (text) => text);
}

function changedRows(
  base: ReadonlyMap<string, string>,
  changes: readonly ReadonlyMap<string, { readonly to: string | null }>[],
  shown: (text: string) => string,
): ValueRow[] {
  const keys = [...new Set([...base.keys(), ...changes.flatMap((side) => [...side.keys()])])];
  const cell = (key: string, index: number): ValueCell => {
    const own = base.get(key) ?? null;
    const change = index === 0 ? undefined : changes[index - 1]?.get(key);
    const value = change === undefined ? own : change.to;
    return { text: value === null ? null : shown(value), changed: change !== undefined };
  };
  return valueRows(keys, changes.length + 1, cell);
}
