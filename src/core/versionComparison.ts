import type { ArtifactChange, DataChange, FileChange, FileSide, KeyedChange } from './comparison';
import { pairBySeries } from './series';
import type { ArtifactRecord, DatasetRecord, EnvironmentRecord, VersionRecord } from './version';

/**
 * Model files of two versions: paired by path, then by series (`epoch_3.pt` with `epoch_9.pt`).
 * Equal ones are left out; equal bytes under another path are renamed.
 */
export function compareArtifacts(
  from: readonly ArtifactRecord[],
  to: readonly ArtifactRecord[],
): ArtifactChange[] {
  const { pairs, onlyFrom, onlyTo } = pairBySeries(from, to);
  const changes = [
    ...pairs.flatMap(([a, b]) => pairChange(a, b)),
    ...onlyFrom.map((a) => change(a.path, 'deleted', a, null)),
    ...onlyTo.map((b) => change(b.path, 'added', null, b)),
  ];
  return changes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function pairChange(from: ArtifactRecord, to: ArtifactRecord): ArtifactChange[] {
  if (from.sha256 !== to.sha256) return [change(to.path, 'modified', from, to)];
  return from.path === to.path ? [] : [change(to.path, 'renamed', from, to)];
}

function change(
  path: string,
  status: ArtifactChange['status'],
  from: ArtifactRecord | null,
  to: ArtifactRecord | null,
): ArtifactChange {
  return { path, status, from: from && sideOf(from), to: to && sideOf(to) };
}

function sideOf({ path, size, sha256, format }: ArtifactRecord): FileSide {
  return { path, size, sha256, format };
}

/** Datasets of two versions by path and digest; digests of different kinds never compare equal. */
export function compareDatasets(
  from: readonly DatasetRecord[],
  to: readonly DatasetRecord[],
): DataChange[] {
  const before = new Map(from.map((dataset) => [dataset.path, digestOf(dataset)]));
  const after = new Map(to.map((dataset) => [dataset.path, digestOf(dataset)]));
  return changesBetween(before, after).map(({ key, ...change }) => ({ path: key, ...change }));
}

function digestOf({ digest }: DatasetRecord): string {
  return `${digest.kind}:${digest.value}`;
}

/**
 * The changes that a person would call code: files that one of the records read metrics, curves or
 * predictions from, or that belong to a dataset of its, are compared as such. Files of parameters
 * stay: more than the parameters may have changed in them.
 */
export function codeAmong(
  changes: readonly FileChange[],
  records: readonly VersionRecord[],
): FileChange[] {
  const results = resultsOf(records);
  const datasets = records.flatMap((record) => record.datasets.map(({ path }) => path));
  const isData = (path: string) =>
    datasets.some((dataset) => path === dataset || path.startsWith(`${dataset}/`));
  return changes.filter(({ path }) => !results.has(path) && !isData(path));
}

/** The changes of files that one of the records read metrics, curves or predictions from. */
export function resultsAmong(
  changes: readonly FileChange[],
  records: readonly VersionRecord[],
): FileChange[] {
  const results = resultsOf(records);
  return changes.filter(({ path }) => results.has(path));
}

function resultsOf(records: readonly VersionRecord[]): ReadonlySet<string> {
  return new Set(records.flatMap(resultPaths));
}

function resultPaths({ sources, parameterOrigins }: VersionRecord): string[] {
  const origins = Object.values(parameterOrigins ?? {}).map((origin) =>
    origin.replace(/:\d+$/, ''),
  );
  const parameterFiles = new Set(origins);
  return Object.keys(sources ?? {}).filter((path) => !parameterFiles.has(path));
}

/** Python, platform and package versions that differ, packages by their name. */
export function compareEnvironments(from: EnvironmentRecord, to: EnvironmentRecord): KeyedChange[] {
  return changesBetween(environmentEntries(from), environmentEntries(to));
}

function environmentEntries(environment: EnvironmentRecord): Map<string, string> {
  const entries = new Map(Object.entries(environment.packages ?? {}));
  if (environment.python !== undefined) entries.set('python', environment.python);
  return entries.set('platform', environment.platform);
}

function changesBetween(
  from: ReadonlyMap<string, string>,
  to: ReadonlyMap<string, string>,
): KeyedChange[] {
  const keys = [...new Set([...from.keys(), ...to.keys()])].sort();
  return keys
    .filter((key) => from.get(key) !== to.get(key))
    .map((key) => {
      const [before, after] = [from.get(key) ?? null, to.get(key) ?? null];
      const status = before === null ? 'added' : after === null ? 'deleted' : 'modified';
      return { key, from: before, to: after, status };
    });
}
