import { throwIfCancelled } from '../core/failure';
import type { Activity } from '../core/progress';
import type { TreeEntry } from '../git';
import { parentsOf } from './rollbackPaths';
import { removedBy } from './rollbackRoom';
import type { RollbackStep, StoredSource } from './rollbackSteps';
import { pathIn, type Rooms } from './rooms';

const ordinaryMode = 0o644;

/** A path that is written from its source, or deleted (`null`). */
export interface StagedStep {
  readonly path: string;
  readonly source: StoredSource | null;
}

/** Bytes that were made just now go into the store, so that they outlive a crash. */
export async function storeBytes(
  rooms: Rooms,
  steps: readonly RollbackStep[],
): Promise<StagedStep[]> {
  const stored: StagedStep[] = [];
  for (const { path, source } of steps) {
    if (source?.kind !== 'bytes') {
      stored.push({ path, source });
      continue;
    }
    const { sha256, size } = await rooms.store.putBytes(source.bytes);
    stored.push({ path, source: { kind: 'artifact', sha256, size, mode: null, link: false } });
  }
  return stored;
}

/** Where each step's finished file will wait: beside its target, or in the nearest directory above. */
export async function stagingPaths(
  rooms: Rooms,
  steps: readonly StagedStep[],
): Promise<Map<string, string>> {
  const removed = removedBy(steps);
  const staged = new Map<string, string>();
  for (const { path, source } of steps) {
    if (source === null) continue;
    const directory = await nearestDirectory(rooms, path, removed);
    const name = `.cairn-${rooms.platform.random.token(8)}`;
    staged.set(path, directory === '' ? name : `${directory}/${name}`);
  }
  return staged;
}

/** The nearest directory above a path that is there now and stays. */
async function nearestDirectory(
  rooms: Rooms,
  path: string,
  removed: ReadonlySet<string>,
): Promise<string> {
  let nearest = '';
  for (const parent of parentsOf(path)) {
    const facts = removed.has(parent)
      ? null
      : await rooms.platform.disk.followedFacts(pathIn(rooms, parent));
    if (facts?.kind !== 'directory') break;
    nearest = parent;
  }
  return nearest;
}

/** Writes every step's bytes to its staging path, verified and synced. */
export async function stageAll(
  rooms: Rooms,
  steps: readonly StagedStep[],
  staged: ReadonlyMap<string, string>,
  activity?: Activity,
): Promise<void> {
  const report = counter(staged.size, activity);
  const written = new Map<string, string>();
  for (const { path, source } of steps) {
    const waiting = staged.get(path);
    if (source?.kind !== 'artifact' || waiting === undefined) continue;
    report(path);
    const to = pathIn(rooms, waiting);
    const same = written.get(source.sha256);
    await stageArtifact(rooms, { path, source, to, same }, activity);
    if (!source.link) written.set(source.sha256, to);
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

async function stageArtifact(
  rooms: Rooms,
  step: {
    readonly path: string;
    readonly source: Extract<StoredSource, { kind: 'artifact' }>;
    readonly to: string;
    /** Where the same bytes were staged before. */
    readonly same: string | undefined;
  },
  activity?: Activity,
): Promise<void> {
  const { path, source, to, same } = step;
  if (source.link) return rooms.platform.disk.makeLink(await linkTarget(rooms, source.sha256), to);
  const mode = source.mode ?? (await modeAt(rooms, path)) ?? ordinaryMode;
  const elsewhere = rooms.memory.pathsOf(source.sha256).map((known) => pathIn(rooms, known));
  const likely = same === undefined ? elsewhere : [same, ...elsewhere];
  return rooms.store.restore(source.sha256, to, mode, { signal: activity?.signal }, likely);
}

/** Code as a checkout would write it: through the smudge filters that the version's own tree names. */
async function stageCode(
  rooms: Rooms,
  steps: readonly StagedStep[],
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
  const kept = await modeAt(rooms, entry.path);
  const plain = (kept ?? ordinaryMode) & ~0o111;
  const executable = entry.mode === '100755' ? (plain & 0o444) >> 2 : 0;
  await writeBytes(rooms, to, bytes, plain | executable);
  if (kept === null) return;
  // The umask may have taken bits that the replaced file had.
  const made = await rooms.platform.disk.facts(to);
  if (made?.mode !== (plain | executable)) {
    await rooms.platform.disk.setMode(to, plain | executable);
  }
}

async function linkTarget(rooms: Rooms, sha256: string): Promise<string> {
  return new TextDecoder().decode(await rooms.store.readWhole(sha256, 65_536));
}

/** The permission bits of the file that is replaced, so that going back does not open it to others. */
async function modeAt(rooms: Rooms, path: string): Promise<number | null> {
  const facts = await rooms.platform.disk.facts(pathIn(rooms, path));
  return facts?.kind === 'file' ? facts.mode & 0o777 : null;
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
