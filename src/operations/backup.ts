import { Failure, throwIfCancelled } from '../core/failure';
import type { Activity } from '../core/progress';
import type { ArtifactRecord, Creator, VersionRecord } from '../core/version';
import { currentOf, fullReferenceOrNull } from './resolve';
import { parentOf, type Stamp, stampOf } from './rollbackIntent';
import type { RollbackStep } from './rollbackSteps';
import { pathIn, type Rooms } from './rooms';

/** Everything that stands where a rollback will write or delete. */
export interface Kept {
  readonly files: readonly ArtifactRecord[];
  /** Paths where nothing stands and a file will be. */
  readonly absent: readonly string[];
  readonly stamps: ReadonlyMap<string, Stamp>;
}

/**
 * Stores the raw bytes of every path that will be overwritten or deleted, whatever Git's ignore
 * rules, filters or flags say of it. @throws Failure `path-occupied` where a directory would be
 * replaced that holds something this backup does not
 */
export async function keepWorkingFiles(
  rooms: Rooms,
  steps: readonly RollbackStep[],
  activity?: Activity,
): Promise<Kept> {
  const files: ArtifactRecord[] = [];
  const absent: string[] = [];
  const stamps = new Map<string, Stamp>();
  const removed = new Set(steps.filter(({ source }) => source === null).map(({ path }) => path));
  for (const [index, { path, source }] of steps.entries()) {
    throwIfCancelled(activity?.signal);
    activity?.progress?.({
      phase: 'backup',
      path,
      done: index,
      total: steps.length,
      unit: 'files',
    });
    if (source !== null) await requireFree(rooms, path, removed);
    const kept = await keepOne(rooms, path, activity);
    if (kept === null) {
      if (source !== null) absent.push(path);
    } else {
      files.push(kept.file);
      stamps.set(path, kept.stamp);
    }
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, absent, stamps };
}

async function keepOne(
  rooms: Rooms,
  path: string,
  activity?: Activity,
): Promise<{ file: ArtifactRecord; stamp: Stamp } | null> {
  const absolute = pathIn(rooms, path);
  const facts = await rooms.platform.disk.facts(absolute);
  if (facts === null || facts.kind === 'directory') return null;
  if (facts.kind === 'other') throw new Failure('path-occupied', { path, by: [path] });
  const mode = facts.mode & 0o777;
  if (facts.kind === 'link') {
    const target = new TextEncoder().encode(await rooms.platform.disk.readLink(absolute));
    const { sha256, size } = await rooms.store.putBytes(target);
    return {
      file: { path, role: 'other', format: 'link', size, sha256, mode, link: true },
      stamp: stampOf(facts),
    };
  }
  const put = await rooms.store.put(absolute, { signal: activity?.signal });
  const file = {
    path,
    role: 'other',
    format: 'bytes',
    size: put.size,
    sha256: put.sha256,
    mode,
  } as const;
  return { file, stamp: stampOf(put.facts) };
}

/** Nothing may stand in the way of a file but what is backed up and deleted with this rollback. */
async function requireFree(
  rooms: Rooms,
  path: string,
  removed: ReadonlySet<string>,
): Promise<void> {
  const facts = await rooms.platform.disk.facts(pathIn(rooms, path));
  if (facts?.kind === 'directory') {
    const others = (await filesBelow(rooms, path)).filter((file) => !removed.has(file));
    if (others.length > 0) throw new Failure('path-occupied', { path, by: others.slice(0, 5) });
  }
  for (let parent = parentOf(path); parent !== ''; parent = parentOf(parent)) {
    const standing = await rooms.platform.disk.facts(pathIn(rooms, parent));
    const inTheWay = standing !== null && standing.kind !== 'directory' && !removed.has(parent);
    if (inTheWay) throw new Failure('path-occupied', { path, by: [parent] });
  }
}

async function filesBelow(rooms: Rooms, directory: string): Promise<string[]> {
  const found: string[] = [];
  for (const { name, kind } of (await rooms.platform.disk.list(pathIn(rooms, directory))) ?? []) {
    const path = `${directory}/${name}`;
    if (kind === 'directory') found.push(...(await filesBelow(rooms, path)));
    else found.push(path);
  }
  return found;
}

/** The record of a backup, not yet published. */
export async function backupRecord(
  rooms: Rooms,
  request: { model: string; number: number; kept: Kept; to: string; creator: Creator; at: string },
): Promise<VersionRecord> {
  const head = await rooms.repository.head();
  return {
    format: 1,
    model: request.model,
    number: request.number,
    revision: 1,
    kind: 'backup',
    label: null,
    createdAt: request.at,
    creator: request.creator,
    description: `Before going back to ${request.to}`,
    parent: fullReferenceOrNull(currentOf(rooms, request.model)),
    parameters: {},
    files: request.kept.files,
    datasets: [],
    metrics: {},
    environment: { platform: rooms.platform.system },
    code: { commit: null, head: head.commit, branch: head.branch, dirty: true },
    run: null,
    absent: request.kept.absent,
    replacedBy: request.to,
  };
}
