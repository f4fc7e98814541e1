import { isFailure } from '../core/failure';
import type { Activity } from '../core/progress';
import type { VersionRecord } from '../core/version';
import type { Look, Snapshot, SnapshotRequest } from '../git';
import { isConfiguration, ownershipOf } from './ownership';
import type { CommitPlan } from './project';
import type { Rooms } from './rooms';

/** The model files that a version takes; Git lists what there is while they are looked for. */
type Taken = readonly string[] | Promise<readonly string[]>;

export function takenBy({ files }: Pick<VersionRecord, 'files'>): readonly string[] {
  return files.map(({ path }) => path);
}

/** The working code as a tree, without any model's artifacts. */
export function snapshotFor(
  rooms: Rooms,
  model: string,
  taken: Taken,
  options: Pick<SnapshotRequest, 'scratch' | 'seen'>,
  activity?: Activity,
): Promise<Snapshot> {
  const isCode = codeBeside(rooms, model, taken);
  return rooms.repository.snapshot({ isCode, ...options }, activity);
}

/**
 * What a snapshot will see, while everything else is read. When it cannot be seen, the snapshot
 * itself looks, and tells why.
 */
export async function lookAhead(
  rooms: Rooms,
  model: string,
  taken: Taken,
  activity?: Activity,
): Promise<Look | null> {
  try {
    const isCode = codeBeside(rooms, model, taken);
    return await rooms.repository.look({ isCode }, activity);
  } catch (error) {
    if (isFailure(error)) return null;
    throw error;
  }
}

/** Which paths are code, once it is known which are model files. */
function codeBeside(rooms: Rooms, model: string, taken: Taken) {
  const isCode = async () => (await ownershipOf(rooms, model, await taken)).isCode;
  const asked = isCode();
  // A snapshot that fails before it comes to ask tells its own failure.
  asked.catch(() => undefined);
  return asked;
}

/** Asks for a version's tree ahead: whoever needs it asks again, and hears of a failure. */
export function aheadOfTree({ repository }: Rooms, version: VersionRecord | null): void {
  const commit = version?.code.commit ?? null;
  if (commit !== null) repository.treeOf(commit).catch(() => undefined);
}

/** Where the code of a snapshot stands. */
export function codeOf({ head, dirty }: Snapshot): Omit<VersionRecord['code'], 'commit'> {
  return { head: head.commit, branch: head.branch, dirty };
}

/**
 * Code paths in which the working files differ from a version. `cairn.yaml` is not among them: it
 * describes the project, and a rollback leaves it as it is.
 */
export async function codeSince(
  rooms: Rooms,
  version: VersionRecord,
  snapshot: Snapshot,
): Promise<CommitPlan['code']> {
  if (version.code.commit === null) return [];
  const { isCode } = await ownershipOf(rooms, version.model, []);
  const changes = await snapshot.compare(
    await rooms.repository.treeOf(version.code.commit),
    snapshot.tree,
  );
  return changes.filter(({ path }) => isCode(path) && !isConfiguration(path));
}

/** Before the first version: what differs from the user's HEAD. */
export async function sinceHead(rooms: Rooms, snapshot: Snapshot): Promise<CommitPlan['code']> {
  const { commit } = snapshot.head;
  if (commit !== null)
    return snapshot.compare(await rooms.repository.treeOf(commit), snapshot.tree);
  const entries = await snapshot.entries(snapshot.tree);
  return entries.map(({ path }) => ({ path, status: 'added' }));
}
