import type { ParameterValue } from '../core/parameters';
import type { DatasetRecord, JsonNumber, VersionRecord } from '../core/version';
import { referenceTo } from '../core/version';
import type { Rooms } from './rooms';

/** What the past of values needs of a version. */
export interface PastVersion {
  readonly number: number;
  /** With its revision. */
  readonly reference: string;
  readonly living: boolean;
  readonly parent: string | null;
  /** The version commit; `null` where Git carries no code of it. */
  readonly commit: string | null;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly origins: Readonly<Record<string, string>>;
  readonly datasets: readonly DatasetRecord[];
  /** Files that results were read from: they follow from a training and are no cause of it. */
  readonly results: ReadonlySet<string>;
  /** Without those of older weights. */
  readonly metrics: Readonly<Record<string, JsonNumber>>;
}

/** All versions of a model, oldest first, withdrawn ones too: they keep the places of the others. */
export interface ModelPast {
  readonly versions: readonly PastVersion[];
  readonly byNumber: ReadonlyMap<number, number>;
  /** The newest version at or before each place that was not withdrawn; -1 where there is none. */
  readonly livingUpTo: readonly number[];
  readonly living: number;
}

const pageLength = 200;

export function readModelPast(rooms: Rooms, model: string): ModelPast {
  const versions: PastVersion[] = [];
  for (let offset = 0; ; offset += pageLength) {
    const query = { model, kind: 'version', withdrawn: true, limit: pageLength, offset } as const;
    const { records } = rooms.history.versions(query);
    versions.push(...records.map(pastOf));
    if (records.length < pageLength) break;
  }
  versions.reverse();
  let newest = -1;
  const livingUpTo = versions.map(({ living }, index) => {
    if (living) newest = index;
    return newest;
  });
  return {
    versions,
    byNumber: new Map(versions.map(({ number }, index) => [number, index])),
    livingUpTo,
    living: versions.filter(({ living }) => living).length,
  };
}

function pastOf(record: VersionRecord): PastVersion {
  const { number, parameters, datasets, parent } = record;
  const stale = (name: string) => record.metricOrigins?.[name]?.stale === true;
  return {
    ...{ number, parameters, datasets, parent },
    reference: referenceTo(record, true),
    living: record.withdrawn === undefined,
    commit: record.code.commit,
    origins: record.parameterOrigins ?? {},
    results: new Set(
      Object.keys(record.sources ?? {}).filter((path) => !/\.(?:py|ipynb)$/.test(path)),
    ),
    metrics: Object.fromEntries(Object.entries(record.metrics).filter(([name]) => !stale(name))),
  };
}

/** Where the version of a reference stands; `null` for a backup, or one that is not there. */
export function placeOf({ byNumber }: ModelPast, reference: string | null): number | null {
  const number = /@v(\d+)(?:\.\d+)?$/.exec(reference ?? '')?.[1];
  return number === undefined ? null : (byNumber.get(Number(number)) ?? null);
}
