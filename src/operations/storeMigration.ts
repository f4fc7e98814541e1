import { throwIfCancelled } from '../core/failure';
import type { Activity } from '../core/progress';
import type { ArtifactRecord, VersionRecord } from '../core/version';
import { forerunner, layoutIn } from './putHints';
import type { Rooms } from './rooms';

/** Damaged files that were tried in this process: they stay as they are. */
const damaged = new Set<string>();

/**
 * Takes what an older store kept as files of their own into packs, in the order of the versions, so
 * that each can be held against the one before. Interrupted, it goes on with the next writing verb;
 * until then both ways are read.
 */
export async function migrateStore(rooms: Rooms, activity?: Activity): Promise<void> {
  const found = await rooms.store.wholeFiles();
  const left = new Set(found.filter((sha256) => !damaged.has(sha256)));
  if (left.size === 0) return;
  const before = new Map<string, VersionRecord>();
  for (const record of rooms.history.allRecords()) {
    for (const file of record.files) {
      if (!left.delete(file.sha256)) continue;
      await takeIn(rooms, file, before.get(record.model) ?? null, activity);
    }
    before.set(record.model, record);
  }
  for (const sha256 of left) await takeIn(rooms, { sha256, path: sha256 }, null, activity);
}

async function takeIn(
  rooms: Rooms,
  file: Pick<ArtifactRecord, 'sha256' | 'path'> & Partial<ArtifactRecord>,
  parent: VersionRecord | null,
  activity?: Activity,
): Promise<void> {
  throwIfCancelled(activity?.signal);
  const { sha256, path, role = 'other', format = '' } = file;
  const reader = await rooms.store.open(sha256);
  const layout = await layoutIn(reader, path);
  await reader.close();
  const base = forerunner({ path, role, format }, parent);
  if (!(await rooms.store.takeInWholeFile(sha256, { layout, base }, activity))) damaged.add(sha256);
}
