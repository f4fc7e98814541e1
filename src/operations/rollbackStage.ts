import { throwIfCancelled } from '../core/failure';
import type { Activity } from '../core/progress';
import type { TreeEntry } from '../git';
import { requireParentsInside } from '../workspace';
import { parentOf } from './rollbackIntent';
import type { RollbackStep, StepSource } from './rollbackSteps';
import { pathIn, type Rooms } from './rooms';

const ordinaryMode = 0o644;

/** Where each step's finished file will wait: beside its target, or in the nearest directory above. */
export async function stagingPaths(
  rooms: Rooms,
  steps: readonly RollbackStep[],
): Promise<Map<string, string>> {
  const staged = new Map<string, string>();
  for (const { path, source } of steps) {
    await requireParentsInside(rooms.platform, rooms.repository.root, path);
    if (source === null) continue;
    const directory = await nearestDirectory(rooms, parentOf(path));
    const name = `.cairn-${rooms.platform.random.token(8)}`;
    staged.set(path, directory === '' ? name : `${directory}/${name}`);
  }
  return staged;
}

async function nearestDirectory(rooms: Rooms, directory: string): Promise<string> {
  let candidate = directory;
  while (candidate !== '') {
    const facts = await rooms.platform.disk.facts(pathIn(rooms, candidate));
    if (facts?.kind === 'directory') return candidate;
    candidate = parentOf(candidate);
  }
  return '';
}

/** Writes every step's bytes to its staging path, verified and synced. */
export async function stageAll(
  rooms: Rooms,
  steps: readonly RollbackStep[],
  staged: ReadonlyMap<string, string>,
  activity?: Activity,
): Promise<void> {
  const report = counter(steps.length, activity);
  for (const { path, source } of steps) {
    const waiting = staged.get(path);
    if (source === null || source.kind === 'blob' || waiting === undefined) continue;
    report(path);
    await stage(rooms, path, source, pathIn(rooms, waiting), activity);
  }
  await stageCode(rooms, steps, staged, report);
}

function counter(total: number, activity?: Activity): (path: string) => void {
  let done = 0;
  return (path) => {
    throwIfCancelled(activity?.signal);
    activity?.progress?.({ phase: 'restoring', path, done, total, unit: 'files' });
    done += 1;
  };
}

type DirectSource = Exclude<StepSource, { kind: 'blob' }>;

async function stage(
  rooms: Rooms,
  path: string,
  source: DirectSource,
  to: string,
  activity?: Activity,
): Promise<void> {
  if (source.kind === 'bytes')
    return writeBytes(rooms, to, source.bytes, await modeAt(rooms, path));
  if (source.link) return rooms.platform.disk.makeLink(await linkTarget(rooms, source.sha256), to);
  const mode = source.mode ?? (await modeAt(rooms, path));
  return rooms.store.restore(source.sha256, to, mode, { signal: activity?.signal });
}

/** Code as a checkout would write it: through the smudge filters that the version's own tree names. */
async function stageCode(
  rooms: Rooms,
  steps: readonly RollbackStep[],
  staged: ReadonlyMap<string, string>,
  report: (path: string) => void,
): Promise<void> {
  const blobs = steps.flatMap(({ source }) => (source?.kind === 'blob' ? [source] : []));
  for (const [tree, sources] of Map.groupBy(blobs, (source) => source.tree)) {
    const entries = sources.map(({ entry }) => entry);
    for await (const [entry, bytes] of rooms.repository.smudgedAll(entries, tree)) {
      report(entry.path);
      await stageEntry(rooms, entry, bytes, pathIn(rooms, staged.get(entry.path) ?? ''));
    }
  }
}

async function stageEntry(
  rooms: Rooms,
  entry: TreeEntry,
  bytes: Uint8Array,
  to: string,
): Promise<void> {
  if (entry.mode === '120000')
    return rooms.platform.disk.makeLink(new TextDecoder().decode(bytes), to);
  const kept = (await modeAt(rooms, entry.path)) & ~0o111;
  const executable = entry.mode === '100755' ? (kept & 0o444) >> 2 : 0;
  return writeBytes(rooms, to, bytes, kept | executable);
}

async function linkTarget(rooms: Rooms, sha256: string): Promise<string> {
  return new TextDecoder().decode(await rooms.store.readWhole(sha256, 65_536));
}

/** The permission bits of the file that is replaced, so that going back does not open it to others. */
async function modeAt(rooms: Rooms, path: string): Promise<number> {
  const facts = await rooms.platform.disk.facts(pathIn(rooms, path));
  return facts?.kind === 'file' ? facts.mode & 0o777 : ordinaryMode;
}

async function writeBytes(
  rooms: Rooms,
  to: string,
  bytes: Uint8Array,
  mode: number,
): Promise<void> {
  const handle = await rooms.platform.disk.create(to, mode);
  try {
    await handle.write(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
