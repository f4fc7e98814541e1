import { throwIfCancelled } from '../core/failure';
import type { Activity } from '../core/progress';
import type { VersionRecord } from '../core/version';
import { elsewhere } from './elsewhere';
import type { VerifyResult } from './project';
import { fullReference } from './resolve';
import { pathIn, type Rooms } from './rooms';

/** An artifact that a version names and that is not whole. */
export interface ArtifactProblem {
  readonly code: 'artifact-missing' | 'artifact-damaged';
  readonly sha256: string;
  readonly message: string;
}

interface CheckedArtifacts {
  readonly problems: readonly ArtifactProblem[];
  readonly count: number;
  readonly bytes: number;
  readonly elsewhere: VerifyResult['elsewhere'];
}

interface Needed {
  readonly size: number;
  readonly path: string;
  readonly holders: string[];
}

/**
 * Looks at every artifact that a version names; `full` reads every byte, names damaged chunks, and has
 * the store take nothing from them any more, so that the same files, committed again, mend it.
 */
export async function checkArtifacts(
  rooms: Rooms,
  records: readonly VersionRecord[],
  full: boolean,
  activity?: Activity,
): Promise<CheckedArtifacts> {
  const needed = neededArtifacts(records);
  const away = elsewhere(rooms);
  const problems: ArtifactProblem[] = [];
  const absent: VerifyResult['elsewhere'][number][] = [];
  if (full && !rooms.readOnly) await rooms.store.reconsider(activity);
  let bytes = 0;
  let done = 0;
  for (const [sha256, one] of needed) {
    throwIfCancelled(activity?.signal);
    const { size, path } = one;
    const total = needed.size;
    activity?.progress?.({ phase: 'checking', path, done: done++, total, unit: 'files' });
    const state = await rooms.store.check(sha256, size, full, { signal: activity?.signal });
    if (full && state === 'sound') bytes += size;
    if (state === 'sound') continue;
    if (state === 'missing' && away.has(sha256)) {
      absent.push({ sha256, path, versions: one.holders });
      continue;
    }
    problems.push(await problemOf(rooms, sha256, one, state, full));
  }
  return { problems, count: needed.size, bytes, elsewhere: absent };
}

async function problemOf(
  rooms: Rooms,
  sha256: string,
  { path, size, holders }: Needed,
  state: 'missing' | 'damaged',
  full: boolean,
): Promise<ArtifactProblem> {
  const what = `${path} (${sha256.slice(0, 12)}…) of ${holders.join(', ')}`;
  const copy = await copyAt(rooms, path, size, sha256);
  const mend = copy ? ` The working file ${path} has the same bytes.` : '';
  if (state === 'missing') {
    return { code: 'artifact-missing', sha256, message: `${what} is not in the store.${mend}` };
  }
  const parts = full ? await damagedParts(rooms, sha256) : '';
  const message = `${what} does not have the bytes it was stored with${parts}.${mend}`;
  return { code: 'artifact-damaged', sha256, message };
}

/** Which chunks of it are damaged. */
async function damagedParts(rooms: Rooms, sha256: string): Promise<string> {
  const damage = await rooms.store.damage(sha256);
  const { recipe, chunks } = damage;
  if (!rooms.readOnly) await rooms.store.condemn(damage);
  if (recipe) return ': its recipe is damaged';
  if (chunks.length === 0) return '';
  const all = await rooms.store.chunks(sha256);
  const named = chunks.slice(0, 5).map((digest) => `${digest.slice(0, 12)}…`);
  const more = chunks.length > named.length ? ' and others' : '';
  return `: ${chunks.length} of ${all?.length ?? 0} chunks (${named.join(', ')}${more})`;
}

/** Whether the working file at the path can mend it. */
async function copyAt(rooms: Rooms, path: string, size: number, sha256: string): Promise<boolean> {
  const absolute = pathIn(rooms, path);
  const facts = await rooms.platform.disk.followedFacts(absolute);
  if (facts?.kind !== 'file' || facts.size !== size) return false;
  return (await rooms.memory.digest(path, absolute)) === sha256;
}

function neededArtifacts(records: readonly VersionRecord[]): Map<string, Needed> {
  const needed = new Map<string, Needed>();
  const add = (sha256: string, size: number, path: string, record: VersionRecord) => {
    const entry = needed.get(sha256) ?? { size, path, holders: [] };
    entry.holders.push(fullReference(record));
    needed.set(sha256, entry);
  };
  for (const record of records) {
    if (record.withdrawn !== undefined) continue;
    for (const file of record.files)
      if (file.pointer !== true) add(file.sha256, file.size, file.path, record);
    if (record.curves !== undefined)
      add(record.curves.sha256, record.curves.size, 'the curves', record);
    if (record.predictions !== undefined)
      add(record.predictions.sha256, record.predictions.size, record.predictions.path, record);
  }
  return needed;
}
