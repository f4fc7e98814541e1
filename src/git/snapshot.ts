import type { Activity } from '../core/progress';
import { shown } from './bytePaths';
import { openListing, type SnapshotPlace } from './listing';
import type { Standing } from './references';
import type { LeftOut, Look, Snapshot, SnapshotRequest } from './repository';
import { buildTree, treeOfLook } from './snapshotTree';
import { disposingOnError } from './temporaryIndex';
import { compareTrees, countLines, treeEntries } from './trees';
import type { Listing } from './treeWork';
import { isEnough, lookAround } from './workingLook';

/**
 * Builds a tree of HEAD with the code paths as they are in the working files, in a temporary index
 * beside the user's.
 * @throws Failure `filter-failed` when a required clean filter fails
 */
export async function takeSnapshot(
  place: SnapshotPlace,
  request: SnapshotRequest,
  { progress, signal }: Activity = {},
): Promise<Snapshot> {
  const { scratch } = request;
  const { seen, asking } = await stillSeen(place, request);
  const options = { scratch, copied: seen === null, signal };
  const { listing, head, parts } = await openListing(place, options, asking);
  return disposingOnError(listing.temporary, async () => {
    const tell = (done: number, total: number | null) =>
      progress?.({ phase: 'snapshot', done, total, unit: 'files' });
    tell(0, null);
    const building =
      seen === null ? buildTree(listing, capturedBy(request), parts) : treeOfLook(listing, seen);
    const { tree, leftOut, changed } = await building;
    tell(changed, changed);
    return snapshotOf(listing, head, tree, leftOut);
  });
}

/** What was seen, where it was seen beside the same tree and is enough. */
async function stillSeen(place: SnapshotPlace, { seen = null, scratch }: SnapshotRequest) {
  if (seen === null || !isEnough(seen)) return { seen: null };
  const asking = place.ground(scratch);
  return { seen: (await asking).base === seen.base ? seen : null, asking };
}

/** What a snapshot sees, ahead of one: in a scratch directory that goes at once. */
export async function lookAhead(
  place: SnapshotPlace,
  request: Pick<SnapshotRequest, 'isCode' | 'isArtifact'>,
  { signal }: Activity = {},
): Promise<Look> {
  const { listing, parts } = await openListing(place, { scratch: true, copied: true, signal });
  const { base, differences, differs, leftOut } = await disposingOnError(listing.temporary, () =>
    lookAround(listing, capturedBy(request), parts),
  );
  await listing.temporary.dispose();
  return { base, differences, differs, leftOut };
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
