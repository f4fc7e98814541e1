import type { Activity } from '../core/progress';
import type { Platform } from '../platform';
import { shown } from './bytePaths';
import { withoutNetwork } from './environment';
import type { GitRunner } from './gitRunner';
import type { LeftOut, Snapshot, SnapshotRequest } from './repository';
import { buildTree, type Listing } from './snapshotTree';
import { disposingOnError, openTemporaryIndex } from './temporaryIndex';
import { compareTrees, countLines, treeEntries } from './trees';

export interface SnapshotGround {
  readonly platform: Platform;
  readonly git: GitRunner;
  /** The tree of HEAD, or the empty tree before the first commit. */
  readonly base: string;
  readonly unborn: boolean;
  /** Objects may be missing here that a remote has. */
  readonly partial: boolean;
  /** How durable what stays has to be. */
  readonly settings: readonly string[];
}

/**
 * Builds a tree of HEAD with the code paths as they are in the working files, in a temporary index
 * beside the user's.
 * @throws Failure `filter-failed` when a required clean filter fails
 */
export async function takeSnapshot(
  ground: SnapshotGround,
  request: SnapshotRequest,
  activity: Activity = {},
): Promise<Snapshot> {
  const { platform, git } = ground;
  const { scratch } = request;
  const { temporary, found } = await openTemporaryIndex(platform, git.location, {
    scratch,
    copied: true,
  });
  return disposingOnError(temporary, async () => {
    const listing: Listing = {
      ...ground,
      temporary,
      indexFound: found,
      variables: { ...temporary.environment, ...(scratch ? withoutNetwork : {}) },
      signal: activity.signal,
    };
    const tell = (done: number, total: number | null) =>
      activity.progress?.({ phase: 'snapshot', done, total, unit: 'files' });
    tell(0, null);
    const { tree, leftOut, changed } = await buildTree(listing, capturedBy(request));
    tell(changed, changed);
    return snapshotOf(listing, tree, leftOut);
  });
}

/** Of byte paths. */
async function capturedBy({ isCode, isArtifact }: SnapshotRequest) {
  const isOfCode = await isCode;
  return isArtifact === undefined
    ? (path: string) => isOfCode(shown(path))
    : (path: string) => isOfCode(shown(path)) && !isArtifact(shown(path));
}

function snapshotOf(work: Listing, tree: string, leftOut: readonly LeftOut[]): Snapshot {
  const { git, base, temporary, variables } = work;
  return Object.freeze({
    tree,
    leftOut: Object.freeze(leftOut),
    dirty: tree !== base,
    compare: (from: string, to: string) => compareTrees(git, from, to, variables),
    countLines: (from: string, to: string) => countLines(git, from, to, variables),
    entries: (of: string) => treeEntries(git, of, variables),
    dispose: () => temporary.dispose(),
  });
}
