import type { FileChange, LineCounts } from '../core/comparison';
import { allEnded } from '../core/ended';
import type { Activity } from '../core/progress';
import type { VersionRecord, Warning } from '../core/version';
import { codeSince, sinceHead, snapshotFor } from './codeSnapshot';
import { contentOf } from './commit';
import { type Gathered, gather } from './gather';
import { chosenNow, pathsOf } from './gatherFiles';
import type { Rooms } from './rooms';
import { clearingOnFailure } from './trouble';

/** The working files seen as a version that was not committed. */
export interface WorkingState {
  readonly record: VersionRecord;
  readonly uncommitted: Gathered['uncommitted'];
  readonly warnings: readonly Warning[];
  /** Code paths that differ from a version; from HEAD where there is none. */
  codeSince(version: VersionRecord | null): Promise<readonly FileChange[]>;
  /** Lines added and removed since a version's commit, by path. */
  linesSince(version: VersionRecord): Promise<ReadonlyMap<string, LineCounts | null>>;
  dispose(): Promise<void>;
}

/** What the working files hold beside code: of that nothing is asked, so no snapshot is taken. */
export async function workingContent(
  rooms: Rooms,
  model: string,
  activity?: Activity,
): Promise<VersionRecord> {
  const gathered = await gather(rooms, model, {}, { store: false }, activity);
  const head = await rooms.repository.head();
  return recordOf(rooms, model, gathered, { ...head, dirty: true });
}

function recordOf(
  rooms: Rooms,
  model: string,
  gathered: Gathered,
  { commit, branch, dirty }: { commit: string | null; branch: string | null; dirty: boolean },
): VersionRecord {
  return {
    ...{ format: 1, model, number: 0, revision: 0, kind: 'version', label: null },
    createdAt: rooms.platform.clock.now().toISOString(),
    creator: { name: '', email: '' },
    description: '',
    parent: null,
    ...contentOf(gathered),
    code: { commit: null, head: commit, branch, dirty },
    run: null,
  };
}

/** Looks at the working files of a model. Stores nothing, in Cairn or in Git. */
export async function workingState(
  rooms: Rooms,
  model: string,
  activity?: Activity,
): Promise<WorkingState> {
  const choosing = chosenNow(rooms, model, {}, activity);
  const taking = snapshotFor(rooms, model, choosing.then(pathsOf), { scratch: true }, activity);
  const gathering = choosing.then((chosen) =>
    gather(rooms, model, {}, { store: false, chosen }, activity),
  );
  const [gathered, snapshot] = await clearingOnFailure(
    () => allEnded([gathering, taking]),
    async () => (await taking).dispose(),
  );
  return {
    record: recordOf(rooms, model, gathered, { ...snapshot.head, dirty: snapshot.dirty }),
    uncommitted: gathered.uncommitted,
    warnings: gathered.warnings,
    codeSince: (version) =>
      version === null ? sinceHead(rooms, snapshot) : codeSince(rooms, version, snapshot),
    linesSince: async ({ code }) =>
      code.commit === null
        ? new Map()
        : snapshot.countLines(await rooms.repository.treeOf(code.commit), snapshot.tree),
    dispose: () => snapshot.dispose(),
  };
}
