import type { Activity } from '../core/progress';
import type { Platform } from '../platform';
import { shown } from './bytePaths';
import { withoutNetwork } from './environment';
import type { GitRunner } from './gitRunner';
import type { Standing } from './references';
import type { LeftOut, Look, Snapshot, SnapshotRequest } from './repository';
import { buildTree, treeOfLook } from './snapshotTree';
import { disposingOnError, openTemporaryIndex } from './temporaryIndex';
import { compareTrees, countLines, treeEntries } from './trees';
import type { Listing } from './treeWork';
import { isEnough, lookAround } from './workingLook';

/** Where snapshots are taken. */
export interface SnapshotPlace {
  readonly platform: Platform;
  readonly git: GitRunner;
}

/** What has to be known of a repository. */
export interface SnapshotGround {
  readonly head: Standing;
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
  place: SnapshotPlace,
  asking: Promise<SnapshotGround>,
  request: SnapshotRequest,
  activity: Activity = {},
): Promise<Snapshot> {
  const { scratch } = request;
  const seen = await stillSeen(asking, request.seen ?? null);
  const options = { scratch, copied: seen === null };
  const { listing, head } = await openListing(place, asking, options, activity);
  return disposingOnError(listing.temporary, async () => {
    const tell = (done: number, total: number | null) =>
      activity.progress?.({ phase: 'snapshot', done, total, unit: 'files' });
    tell(0, null);
    const building =
      seen === null ? buildTree(listing, capturedBy(request)) : treeOfLook(listing, seen);
    const { tree, leftOut, changed } = await building;
    tell(changed, changed);
    return snapshotOf(listing, head, tree, leftOut);
  });
}

/** What was seen, where it was seen beside the same tree and is enough. */
async function stillSeen(asking: Promise<SnapshotGround>, seen: Look | null): Promise<Look | null> {
  if (seen === null || !isEnough(seen)) return null;
  return (await asking).base === seen.base ? seen : null;
}

/** What a snapshot sees, ahead of one: in a scratch directory that goes at once. */
export async function lookAhead(
  place: SnapshotPlace,
  asking: Promise<SnapshotGround>,
  request: Pick<SnapshotRequest, 'isCode' | 'isArtifact'>,
  activity: Activity = {},
): Promise<Look> {
  const options = { scratch: true, copied: true };
  const { listing } = await openListing(place, asking, options, activity);
  const { base, differences, differs, leftOut } = await disposingOnError(listing.temporary, () =>
    lookAround(listing, capturedBy(request)),
  );
  await listing.temporary.dispose();
  return { base, differences, differs, leftOut };
}

/** The temporary directory, and all that listing in it needs; Git answers while it is made. */
async function openListing(
  { platform, git }: SnapshotPlace,
  asking: Promise<SnapshotGround>,
  options: { scratch: boolean; copied: boolean },
  { signal }: Activity,
): Promise<{ listing: Listing; head: Standing }> {
  // When the directory cannot be made, that is the failure to tell.
  asking.catch(() => undefined);
  const { temporary, found } = await openTemporaryIndex(platform, git.location, options);
  return disposingOnError(temporary, async () => {
    const { head, ...ground } = await asking;
    const network = options.scratch ? withoutNetwork : {};
    const variables = { ...temporary.environment, ...network };
    const own = { temporary, indexFound: found, variables, signal };
    return { head, listing: { ...ground, platform, git, ...own } };
  });
}

/** Of byte paths. */
async function capturedBy({ isCode, isArtifact }: Pick<SnapshotRequest, 'isCode' | 'isArtifact'>) {
  const isOfCode = await isCode;
  return isArtifact === undefined
    ? (path: string) => isOfCode(shown(path))
    : (path: string) => isOfCode(shown(path)) && !isArtifact(shown(path));
}

function snapshotOf(
  work: Listing,
  { commit, branch }: Standing,
  tree: string,
  leftOut: readonly LeftOut[],
): Snapshot {
  const { git, base, temporary, variables } = work;
  return Object.freeze({
    tree,
    head: Object.freeze({ commit, branch }),
    leftOut: Object.freeze(leftOut),
    dirty: tree !== base,
    compare: (from: string, to: string) => compareTrees(git, from, to, variables),
    countLines: (from: string, to: string) => countLines(git, from, to, variables),
    entries: (of: string) => treeEntries(git, of, variables),
    dispose: () => temporary.dispose(),
  });
}
