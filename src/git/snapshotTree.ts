import { type IndexLine, type RawChange, setEntries } from './indexEntries';
import type { LeftOut, Look } from './repository';
import { treeOfParts } from './treeParts';
import { addFiles, type Captured, type Listing, run, type TreeWork } from './treeWork';
import { isEnough, type ListedParts, lookAround, removal, type WholeLook } from './workingLook';

export interface BuiltTree {
  readonly tree: string;
  /** In the order of their paths. */
  readonly leftOut: readonly LeftOut[];
  /** How many files were added, replaced or removed. */
  readonly changed: number;
}

/**
 * 1. The copied index is read, with what is staged; what is untracked is looked for meanwhile.
 * 2. Git compares the captured paths with their files by stat.
 * 3. What changed, and what is new and passed the screening, is added; what is gone is removed; and
 *    the trees in which that lies are made anew (`treeOfParts`).
 *
 * Where that could be another tree than Git would make (`differencesIn`), the whole index is written:
 *
 * 4. Before, paths that are not captured become HEAD's entries again, whatever is staged, and
 *    nothing is known of their files any more: Git reads none of them, so that their content never
 *    passes a clean filter, which for large files would copy them into `.git/lfs`.
 * 5. `write-tree`.
 *
 * In a repository of 100,000 files each step that goes through the index costs what Git itself needs
 * for that: so files are counted here by their names alone, and no index of theirs is written.
 */
export async function buildTree(
  listing: Listing,
  captured: Promise<Captured>,
  parts?: ListedParts,
): Promise<BuiltTree> {
  const look = await lookAround(listing, captured, parts);
  return isEnough(look)
    ? treeOfLook(listing, look)
    : treeOfIndex({ ...listing, captured: look.captured }, look);
}

/** Makes the tree of what was seen. */
export async function treeOfLook(listing: Listing, look: Look): Promise<BuiltTree> {
  const { base, differences, leftOut } = look;
  if (differences === null) return { tree: base, leftOut: inOrder(leftOut), changed: 0 };
  const { tree, refused } = await treeOfParts(listing, differences);
  const { known, changed, added } = differences;
  return {
    tree,
    leftOut: inOrder([...leftOut, ...refused]),
    changed: known.size + changed.length + added.length - refused.length,
  };
}

async function treeOfIndex(work: TreeWork, look: WholeLook): Promise<BuiltTree> {
  const { changes, heldBack } = look.tracked;
  const present = changes.filter(({ to }) => to !== null).map(({ path }) => path);
  const added = [...present, ...look.added];
  const gone = changes.length - present.length;
  await removeGone(work, await heldBack(), changes);
  const refused = await addFiles(work, added);
  return {
    tree: await writeTree(work),
    leftOut: inOrder([...look.leftOut, ...refused]),
    changed: gone + added.length - refused.length,
  };
}

function inOrder(leftOut: readonly LeftOut[]): readonly LeftOut[] {
  return [...leftOut].sort((one, other) => (one.path < other.path ? -1 : 1));
}

/**
 * Sets the entries that are held back, and removes those of files that are gone: not through
 * `--remove`, which refuses a path whose directory became a symbolic link.
 */
async function removeGone(
  work: TreeWork,
  heldBack: readonly IndexLine[],
  changes: readonly RawChange[],
): Promise<void> {
  const gone = changes.filter(({ to }) => to === null);
  const lines = [...heldBack, ...gone.map(({ path }) => removal(path, work.base))];
  await setEntries(work.git, work.temporary, lines, work.signal);
}

async function writeTree(work: Listing): Promise<string> {
  // In a partial clone contents of HEAD may be elsewhere, and are not fetched for this.
  const missing = work.partial ? ['--missing-ok'] : [];
  const output = await run(work, { command: ['write-tree', ...missing], writes: true });
  return output.toString('latin1').trim();
}
