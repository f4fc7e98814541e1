import { compareParameters, type ParameterValue, sameParameter } from '../core/parameters';
import type { JsonNumber, VersionRecord } from '../core/version';
import { referenceTo } from '../core/version';
import { compareDatasets } from '../core/versionComparison';
import { knownModels } from './models';
import type { ParameterHistory, PastValue } from './project';
import { currentOf, livingVersions, primaryOf } from './resolve';
import type { Rooms } from './rooms';

/** Every value that the parameters read from one source file had, newest first. */
export async function parameterHistory(
  rooms: Rooms,
  request: { path: string },
): Promise<readonly ParameterHistory[]> {
  const histories: ParameterHistory[] = [];
  for (const model of await knownModels(rooms)) {
    const versions = livingVersions(rooms, model);
    const primary = await primaryOf(rooms, model);
    const current = currentOf(rooms, model);
    for (const [key, origin] of keysFrom(versions, request.path)) {
      histories.push({
        key,
        origin,
        current: current?.parameters[key] ?? null,
        values: valuesOf(key, versions, primary?.metric ?? null),
      });
    }
  }
  return histories;
}

/** Parameters that any version read from this file, with the newest place. */
function keysFrom(versions: readonly VersionRecord[], path: string): Map<string, string> {
  const keys = new Map<string, string>();
  for (const { parameterOrigins } of versions) {
    for (const [key, origin] of Object.entries(parameterOrigins ?? {})) {
      if (origin.startsWith(`${path}:`) && !keys.has(key)) keys.set(key, origin);
    }
  }
  return keys;
}

function valuesOf(
  key: string,
  versions: readonly VersionRecord[],
  metric: string | null,
): PastValue[] {
  const values: { value: ParameterValue; holders: VersionRecord[] }[] = [];
  for (const version of versions) {
    const value = version.parameters[key];
    if (value === undefined) continue;
    const known = values.find((other) => sameParameter(other.value, value));
    if (known === undefined) values.push({ value, holders: [version] });
    else known.holders.push(version);
  }
  return values.map(({ value, holders }) => pastValue(key, value, holders, versions, metric));
}

function pastValue(
  key: string,
  value: ParameterValue,
  holders: readonly VersionRecord[],
  versions: readonly VersionRecord[],
  metric: string | null,
): PastValue {
  const first = holders.at(-1);
  const parent =
    first === undefined ? undefined : versions.find((version) => isParent(version, first));
  return {
    value,
    versions: holders.map((holder) => referenceTo(holder)),
    metric: metricOf(holders[0], metric),
    otherChanges:
      first === undefined || parent === undefined ? [] : otherChanges(key, parent, first),
  };
}

function isParent(candidate: VersionRecord, child: VersionRecord): boolean {
  return child.parent === referenceTo(candidate, true);
}

function metricOf(record: VersionRecord | undefined, metric: string | null): JsonNumber | null {
  if (record === undefined || metric === null || record.metricOrigins?.[metric]?.stale === true)
    return null;
  return record.metrics[metric] ?? null;
}

/** What else changed when a value was first tried: the figure may be theirs. */
function otherChanges(key: string, from: VersionRecord, to: VersionRecord): string[] {
  const parameters = compareParameters(from.parameters, to.parameters)
    .filter((change) => change.key !== key)
    .map((change) => change.key);
  return [...parameters, ...compareDatasets(from.datasets, to.datasets).map(({ path }) => path)];
}
