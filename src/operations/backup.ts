import { throwIfCancelled } from '../core/failure';
import type { Activity } from '../core/progress';
import type { ArtifactRecord } from '../core/version';
import type { FileFacts } from '../platform';
import { putHints } from './putHints';
import { parentsOf } from './rollbackPaths';
import { removedBy } from './rollbackRoom';
import type { RollbackStep } from './rollbackSteps';
import { pathIn, type Rooms } from './rooms';
import { type Before, stampOf } from './stamps';

/** Everything that stands where a rollback will write or delete. */
export interface Kept {
  readonly files: readonly ArtifactRecord[];
  /** Paths where nothing stands and a file will be. */
  readonly absent: readonly string[];
  /** By path, what was kept, so that it is known again. */
  readonly before: ReadonlyMap<string, Before>;
}

/**
 * Stores the raw bytes of every path that will be overwritten or deleted, whatever Git's ignore
 * rules, filters or flags say of it. Files that the store holds already are not read again.
 */
export async function keepWorkingFiles(
  rooms: Rooms,
  steps: readonly RollbackStep[],
  activity?: Activity,
): Promise<Kept> {
  const files: ArtifactRecord[] = [];
  const absent: string[] = [];
  const before = new Map<string, Before>();
  const removed = removedBy(steps);
  const total = steps.length;
  for (const [done, { path, source }] of steps.entries()) {
    throwIfCancelled(activity?.signal);
    activity?.progress?.({ phase: 'backup', path, done, total, unit: 'files' });
    const facts = await standsAt(rooms, path, removed);
    const kept =
      facts === null || facts.kind === 'directory'
        ? null
        : await keep(rooms, path, facts, activity);
    if (kept !== null) {
      files.push(kept.file);
      before.set(path, { ...stampOf(kept.facts), sha256: kept.file.sha256 });
    } else if (source !== null) absent.push(path);
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, absent, before };
}

/**
 * What stands at a path; `null` for nothing. Behind a link that the rollback takes away there is
 * nothing of this path's own.
 */
export async function standsAt(
  rooms: Rooms,
  path: string,
  removed: ReadonlySet<string>,
): Promise<FileFacts | null> {
  if (parentsOf(path).some((parent) => removed.has(parent))) return null;
  return rooms.platform.disk.facts(pathIn(rooms, path));
}

/** Stores one file or link as it is. @throws Failure `file-changed`, `unreadable`, `disk-full` */
export async function keep(
  rooms: Rooms,
  path: string,
  facts: FileFacts,
  activity?: Activity,
): Promise<{ file: ArtifactRecord; facts: FileFacts }> {
  const plain = { path, role: 'other', mode: facts.mode & 0o777 } as const;
  if (facts.kind === 'link') {
    const target = await rooms.platform.disk.readLink(pathIn(rooms, path));
    const stored = await rooms.store.putBytes(new TextEncoder().encode(target));
    return { file: { ...plain, format: 'link', ...stored, link: true }, facts };
  }
  const known = rooms.memory.recall(path, facts);
  if (known !== null && (await rooms.store.retain(known, facts.size))) {
    return { file: { ...plain, format: 'bytes', size: facts.size, sha256: known }, facts };
  }
  const absolute = pathIn(rooms, path);
  const file = { ...plain, format: 'bytes', size: facts.size };
  const put = await rooms.store.put(
    absolute,
    activity,
    await putHints(rooms, absolute, file, null),
  );
  const { size, sha256 } = put;
  return { file: { ...plain, format: 'bytes', size, sha256 }, facts: put.facts };
}
