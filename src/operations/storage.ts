import { referenceTo, type VersionRecord } from '../core/version';
import { artifactsOf } from './gc';
import { resolveModel } from './models';
import type { Rooms } from './rooms';
import type { StorageResult } from './storageProject';

/** What each version takes in the store, by itself and with others, and the store in all. */
export async function storage(rooms: Rooms, request: { model?: string }): Promise<StorageResult> {
  const model = request.model === undefined ? null : await resolveModel(rooms, request.model);
  const all = [...rooms.history.allRecords()].filter(({ withdrawn }) => withdrawn === undefined);
  const versions = [...Map.groupBy(all, (record) => referenceTo(record))];
  const groups = versions.map(([, records]) => [...new Set(records.flatMap(artifactsOf))]);
  const usage = await rooms.store.usage(groups);
  const living = new Set(groups.flat());
  const garbage = await rooms.store.collect({
    ...{ isLive: (sha256) => living.has(sha256), grace: 0, dryRun: true },
  });
  const rows = versions.map(([reference, records], index) => ({
    reference,
    model: records[0]?.model ?? '',
    size: sizeOf(records),
    own: usage.groups[index]?.own ?? 0,
    shared: usage.groups[index]?.shared ?? 0,
  }));
  const shown = rows.filter((row) => model === null || row.model === model);
  const size = rows.reduce((sum, row) => sum + row.size, 0);
  return {
    store: { directory: rooms.store.directory, bytes: usage.bytes, size, garbage: garbage.bytes },
    versions: shown.map(({ model: _, ...row }) => row),
  };
}

/** Each file once, however many revisions have it. */
function sizeOf(records: readonly VersionRecord[]): number {
  const sizes = new Map<string, number>();
  for (const { files, curves, predictions } of records) {
    for (const { sha256, size, pointer } of files) if (pointer !== true) sizes.set(sha256, size);
    if (curves !== undefined) sizes.set(curves.sha256, curves.size);
    if (predictions !== undefined) sizes.set(predictions.sha256, predictions.size);
  }
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}
