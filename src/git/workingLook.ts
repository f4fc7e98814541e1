import { join } from 'node:path';
import { allEnded } from '../core/ended';
import { isFailure, throwIfCancelled } from '../core/failure';
import { weightsAmong } from '../core/modelEndings';
import { attributeFilesFor } from './attributes';
import { byteRecords, decoded, shown } from './bytePaths';
import {
  type IndexEntry,
  type IndexLine,
  type IndexNames,
  listIndex,
  listNames,
  parseRaw,
  type RawChange,
  setEntries,
} from './indexEntries';
import { presence } from './presence';
import type { Differences, LeftOut, Look } from './repository';
import { firstFrom, screenUntracked } from './screening';
import { type Captured, failed, type Listing, request, run, type TreeWork } from './treeWork';

/** Whether a tree can be made of it without the index that was looked at. */
export function isEnough({ differs, differences }: Look): boolean {
  return !differs || differences !== null;
}

export interface WholeLook extends Look {
  readonly captured: Captured;
  readonly tracked: Tracked;
  readonly added: readonly string[];
}

/** Lists what there is and how it differs; of the temporary index nothing is read for that twice. */
export async function lookAround(
  listing: Listing,
  captured: Promise<Captured>,
  parts: ListedParts = listParts(listing),
): Promise<WholeLook> {
  const [tracked, untracked, isCaptured] = await allEnded([
    compareTracked(listing, parts, captured),
    parts.untracked,
    captured,
  ]);
  throwIfCancelled(listing.signal);
  const screened = await screenUntracked({
    disk: listing.platform.disk,
    root: listing.git.location.root,
    untracked: untracked.paths,
    tracked: tracked.paths,
    wanted: isCaptured,
    signal: listing.signal,
  });
  const staged = tracked.staged.filter(({ path }) => isCaptured(path));
  const added = screened.accepted;
  const some = tracked.changes.length + added.length + staged.length > 0;
  return {
    base: listing.base,
    differences: some ? await differencesIn(listing, tracked, staged, added) : null,
    differs: some || listing.unborn,
    leftOut: [...untracked.leftOut, ...screened.leftOut],
    ...{ captured: isCaptured, tracked, added },
  };
}

/** Of more the whole index is sooner written. */
const mostDifferences = 256;

/**
 * The differences from HEAD, where the trees in which they lie can be made one by one; `null` before
 * the first commit, where a merge is under way, where objects are elsewhere, and where Git would take
 * attributes from the index because their file is not here.
 */
async function differencesIn(
  { unborn, partial, ...listing }: Listing,
  { paths, changes }: Tracked,
  staged: readonly RawChange[],
  added: readonly string[],
): Promise<Differences | null> {
  const all = [...changes, ...staged];
  if (unborn || partial || all.length + added.length > mostDifferences) return null;
  if (all.some(({ unmerged }) => unmerged)) return null;
  const known = new Map(staged.map(({ path, to }) => [path, to]));
  for (const { path, to } of changes) {
    if (to === null) known.set(path, null);
    else known.delete(path);
  }
  const changed = changes.filter(({ to }) => to !== null);
  const read = [...changed.map(({ path }) => path), ...added];
  const { platform, git } = listing;
  for (const file of read.length === 0 ? [] : attributeFilesFor(read)) {
    if (firstFrom(paths, file) !== file) continue;
    const facts = await platform.disk.facts(join(git.location.root, shown(file)));
    if (facts?.kind !== 'file') return null;
  }
  return { known, changed, added };
}

/** What can be listed before it is known which paths are captured. */
export interface ListedParts {
  readonly names: Promise<IndexNames>;
  readonly staged: Promise<readonly RawChange[]>;
  readonly changes: Promise<ChangesAhead | null>;
  readonly untracked: Promise<Untracked>;
}

/** Begins to list; each part tells its failure to whoever waits for it. */
export function listParts(listing: Listing): ListedParts {
  const restored = restoreIndex(listing);
  const { git, temporary, signal } = listing;
  const names = restored.then(() => listNames(git, temporary, signal));
  const parts: ListedParts = {
    names,
    staged: restored.then(() => listStaged(listing)),
    changes: names.then((found) => changesAhead(listing, found)),
    untracked: restored.then(() => listUntracked(listing)),
  };
  for (const part of Object.values(parts)) part.catch(() => undefined);
  return parts;
}

/** A deleted index says nothing about the user's files; HEAD does. */
async function restoreIndex(listing: Listing): Promise<void> {
  if (listing.indexFound || listing.unborn) return;
  await run(listing, { command: ['read-tree', listing.base], writes: true });
}

interface Tracked {
  /** Byte paths of everything in the index. */
  readonly paths: readonly string[];
  readonly staged: readonly RawChange[];
  /** What differs between the index and the working files, captured paths only. */
  readonly changes: readonly RawChange[];
  /** Entries to set before the index is written, so that Git looks at no file of theirs. */
  readonly heldBack: () => Promise<IndexLine[]>;
}

/**
 * What is staged, and what changed in the working files. A few paths that are not captured are left
 * out by name. Many of them, and entries that are marked as not to be looked at, are set first.
 */
async function compareTracked(
  listing: Listing,
  parts: ListedParts,
  captured: Promise<Captured>,
): Promise<Tracked> {
  const { git, temporary, signal } = listing;
  const sorting = allEnded([parts.names, captured]).then(([names, isCaptured]) => ({
    paths: names.paths,
    // Git compares meanwhile.
    among: names.flagged ? null : namesOf(names.paths.filter((path) => !isCaptured(path))),
  }));
  const [{ paths, among }, isCaptured, staged, ahead] = await allEnded([
    sorting,
    captured,
    parts.staged,
    parts.changes,
  ]);
  const work: TreeWork = { ...listing, captured: isCaptured };
  if (among === null) {
    const lines = await resetLines(work, await listIndex(git, temporary, { signal }), staged);
    await setEntries(git, temporary, lines, signal);
    const changes = await listChanges(work, []);
    return { paths, staged, changes: capturedOf(work, changes), heldBack: async () => [] };
  }
  const heldBack = async () => {
    if (among.length === 0) return [];
    const entries = await listIndex(git, temporary, { among: among.map(literally), signal });
    return resetLines(work, entries, staged);
  };
  const changes =
    ahead === null
      ? await listChanges(work, among.map(leavingOut))
      : [...ahead.changes, ...(await changesAmong(work, ahead.leftOut))];
  return { paths, staged, changes: capturedOf(work, changes), heldBack };
}

const literally = (path: string) => `:(top,literal)${path}`;
const leavingOut = (path: string) => `:(top,exclude,literal)${path}`;

/** What changed, as far as it was listed before it was known which paths are captured. */
interface ChangesAhead {
  readonly changes: readonly RawChange[];
  /** Byte paths that were not compared. */
  readonly leftOut: readonly string[];
}

/**
 * Lists what changed while others find out what is captured. What may be weights is left out: Git
 * would read a file that is as young as the index, through its filters, however large it is.
 * @returns `null` where it cannot be listed like this
 */
async function changesAhead(listing: Listing, names: IndexNames): Promise<ChangesAhead | null> {
  if (names.flagged) return null;
  const isHeavy = (path: string) => weightsAmong.test(`${path}\0`);
  const leftOut = names.has(weightsAmong) ? names.paths.filter(isHeavy) : [];
  const among = namesOf(leftOut);
  if (among === null) return null;
  try {
    return { changes: await listChanges(listing, among.map(leavingOut)), leftOut };
  } catch (error) {
    // It may be a path that is not captured which Git fails on.
    if (isFailure(error)) return null;
    throw error;
  }
}

/** What changed among byte paths, as far as they are captured. */
async function changesAmong(work: TreeWork, paths: readonly string[]): Promise<RawChange[]> {
  const among = namesOf(paths.filter(work.captured)) ?? [];
  return among.length === 0 ? [] : listChanges(work, among.map(literally));
}

function capturedOf(work: TreeWork, changes: readonly RawChange[]): RawChange[] {
  return changes.filter(({ path }) => work.captured(path));
}

/** So many paths are named to Git at most, which compares every entry with each of them. */
const namedLimit = 64;

/** Byte paths as they can be said in a command; `null` where they are too many, or no UTF-8. */
function namesOf(bytePaths: readonly string[]): readonly string[] | null {
  if (bytePaths.length > namedLimit) return null;
  const names = [...new Set(bytePaths)].map(decoded);
  return names.includes(null) ? null : names.filter((name) => name !== null);
}

/** What differs between HEAD and the index; files that are only announced (`add -N`) as new. */
async function listStaged(work: Listing): Promise<RawChange[]> {
  const command = ['diff-index', '--cached', '--raw', '-z', '--no-renames'];
  const options = ['--ita-visible-in-index', '--ignore-submodules=none', work.base];
  return parseRaw(await run(work, { command: [...command, ...options], writes: false }));
}

/** What differs between the index and the working files, by stat. */
async function listChanges(listing: Listing, scope: readonly string[]): Promise<RawChange[]> {
  const options = ['--raw', '-z', '--no-renames', '--ignore-submodules=dirty', '--', ...scope];
  return parseRaw(await run(listing, { command: ['diff-files', ...options], writes: false }));
}

interface Untracked {
  readonly paths: string[];
  readonly leftOut: readonly LeftOut[];
}

async function listUntracked(work: Listing): Promise<Untracked> {
  const command = ['ls-files', '-z', '--others', '--exclude-standard'];
  const ended = await work.git.attempt(request(work, { command, writes: false }));
  const { exitCode, stdout, stderr } = ended;
  if (exitCode !== 0) throw failed(work, command, ended);
  // Git goes on where it may not look, and says so.
  const closed = [...stderr.matchAll(/^warning: could not open directory '(.*?)\/?':/gm)];
  const leftOut = closed.map(([, path = '']): LeftOut => ({ path, why: 'unreadable' }));
  return { paths: byteRecords(stdout), leftOut };
}

/**
 * HEAD's entries for paths that are not captured (those among the given entries, and what is
 * staged), and, for captured files that are here though they are marked as not to be looked at
 * (assume-unchanged, skip-worktree), their entries without those marks. Out-of-cone entries of a sparse checkout keep theirs: their files are not here.
 */
async function resetLines(
  work: TreeWork,
  entries: readonly IndexEntry[],
  staged: readonly RawChange[],
): Promise<IndexLine[]> {
  const changes = new Map(staged.map((change) => [change.path, change]));
  const lines = new Map<string, IndexLine>();
  const isPresent = presence(work.platform.disk, work.git.location.root);
  for (const entry of entries) {
    const { path, mode, oid } = entry;
    if (!work.captured(path)) {
      const change = changes.get(path);
      const original = change === undefined ? { mode, oid } : change.from;
      lines.set(path, original === null ? removal(path, oid) : { ...original, path });
    } else if ((entry.assumeUnchanged || entry.skipWorktree) && (await isPresent(shown(path)))) {
      lines.set(path, { mode, oid, path });
    }
  }
  for (const { path, from } of staged) {
    if (lines.has(path) || work.captured(path)) continue;
    lines.set(path, from === null ? removal(path, work.base) : { ...from, path });
  }
  return [...lines.values()];
}

/** Git wants an object id of the right length with it, and looks at nothing else. */
export const removal = (path: string, oid: string): IndexLine => ({ mode: '0', oid, path });
