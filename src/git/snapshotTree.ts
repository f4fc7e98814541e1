import { join } from 'node:path';
import { allEnded } from '../core/ended';
import { throwIfCancelled } from '../core/failure';
import type { Platform, ProcessResult } from '../platform';
import { byteRecords, decoded, nulList, shown } from './bytePaths';
import { failureFrom } from './gitFailure';
import type { GitRequest, GitRunner } from './gitRunner';
import {
  type IndexEntry,
  type IndexLine,
  listIndex,
  listNames,
  parseRaw,
  type RawChange,
  setEntries,
} from './indexEntries';
import { presence } from './presence';
import type { LeftOut } from './repository';
import { isReadable, isUnreadable, screenUntracked } from './screening';
import type { TemporaryIndex } from './temporaryIndex';

/** Whether a path is code that the snapshot takes from the working files. */
type Captured = (path: string) => boolean;

/** What listing the index and the working files needs. Paths are byte paths. */
export interface Listing {
  readonly platform: Platform;
  readonly git: GitRunner;
  readonly base: string;
  readonly unborn: boolean;
  readonly partial: boolean;
  readonly temporary: TemporaryIndex;
  /** Whether the user had an index to copy. */
  readonly indexFound: boolean;
  readonly settings: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

/** What the steps of building a snapshot's tree share. */
interface TreeWork extends Listing {
  readonly captured: Captured;
}

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
 * 3. Before the index is written at all, paths that are not captured become HEAD's entries again,
 *    whatever is staged, and nothing is known of their files any more: Git reads none of them, so
 *    that their content never passes a clean filter, which for large files would copy them into
 *    `.git/lfs`.
 * 4. What is gone is removed; what changed, and what is new and passed the screening, is added.
 * 5. `write-tree`, where anything differs from HEAD at all.
 *
 * In a repository of 100,000 files each step that goes through the index costs what Git itself needs
 * for that: so files are counted here by their names alone, and the index is written only where
 * something differs.
 */
export async function buildTree(listing: Listing, captured: Promise<Captured>): Promise<BuiltTree> {
  const [tracked, untracked, isCaptured] = await listed(listing, captured);
  const work: TreeWork = { ...listing, captured: isCaptured };
  const { changes, staged } = tracked;
  throwIfCancelled(work.signal);
  const screened = await screenUntracked({
    disk: work.platform.disk,
    root: work.git.location.root,
    untracked: untracked.paths,
    tracked: tracked.paths,
    wanted: work.captured,
    signal: work.signal,
  });
  const present = changes.filter(({ to }) => to !== null).map(({ path }) => path);
  const added = [...present, ...screened.accepted];
  const gone = changes.length - present.length;
  const differs = gone + added.length > 0 || staged.some(({ path }) => work.captured(path));
  if (differs || work.unborn) await removeGone(work, await tracked.heldBack(), changes);
  const refused = await addFiles(work, added);
  const leftOut = [...untracked.leftOut, ...screened.leftOut, ...refused];
  return {
    tree: differs || work.unborn ? await writeTree(work) : work.base,
    leftOut: leftOut.sort((one, other) => (one.path < other.path ? -1 : 1)),
    changed: gone + added.length - refused.length,
  };
}

async function listed(listing: Listing, captured: Promise<Captured>) {
  const restored = restoreIndex(listing);
  const tracked = restored.then(() => compareTracked(listing, captured));
  const untracked = restored.then(() => listUntracked(listing));
  return allEnded([tracked, untracked, captured]);
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
async function compareTracked(listing: Listing, captured: Promise<Captured>): Promise<Tracked> {
  const { git, temporary, signal } = listing;
  const [{ paths, flagged }, staged] = await Promise.all([
    listNames(git, temporary, signal),
    listStaged(listing),
  ]);
  const work: TreeWork = { ...listing, captured: await captured };
  const others = paths.filter((path) => !work.captured(path));
  const names = flagged ? null : namesOf(others);
  if (names === null) {
    const lines = await resetLines(work, await listIndex(git, temporary, { signal }), staged);
    await setEntries(git, temporary, lines, signal);
    const changes = await listChanges(work, []);
    return { paths, staged, changes, heldBack: async () => [] };
  }
  const among = names.map((path) => `:(top,literal)${path}`);
  const heldBack = async () => {
    const entries = among.length === 0 ? [] : await listIndex(git, temporary, { among, signal });
    return resetLines(work, entries, staged);
  };
  const scope = names.map((path) => `:(top,exclude,literal)${path}`);
  return { paths, staged, changes: await listChanges(work, scope), heldBack };
}

/** So many paths are named to Git at most, which compares every entry with each of them. */
const namedLimit = 64;

/** Byte paths as they can be said in a command; `null` where they are too many, or no UTF-8. */
function namesOf(bytePaths: readonly string[]): readonly string[] | null {
  if (bytePaths.length > namedLimit) return null;
  const names = [...new Set(bytePaths)].map(decoded);
  return names.includes(null) ? null : names.filter((name) => name !== null);
}

function request(work: Listing, own: GitRequest): GitRequest {
  const { settings, variables: environment, signal } = work;
  return { settings, environment, signal, ...own };
}

function run(work: Listing, own: GitRequest): Promise<Buffer> {
  return work.git.run(request(work, own));
}

/** What differs between HEAD and the index; files that are only announced (`add -N`) as new. */
async function listStaged(work: Listing): Promise<RawChange[]> {
  const command = ['diff-index', '--cached', '--raw', '-z', '--no-renames'];
  const options = ['--ita-visible-in-index', '--ignore-submodules=none', work.base];
  return parseRaw(await run(work, { command: [...command, ...options], writes: false }));
}

/** What differs between the index and the working files, by stat, captured paths only. */
async function listChanges(work: TreeWork, scope: readonly string[]): Promise<RawChange[]> {
  const options = ['--raw', '-z', '--no-renames', '--ignore-submodules=dirty', '--', ...scope];
  const changes = parseRaw(await run(work, { command: ['diff-files', ...options], writes: false }));
  return changes.filter(({ path }) => work.captured(path));
}

async function listUntracked(
  work: Listing,
): Promise<{ paths: string[]; leftOut: readonly LeftOut[] }> {
  const command = ['ls-files', '-z', '--others', '--exclude-standard'];
  const ended = await work.git.attempt(request(work, { command, writes: false }));
  const { exitCode, stdout, stderr } = ended;
  if (exitCode !== 0) throw failed(work, command, ended);
  // Git goes on where it may not look, and says so.
  const closed = [...stderr.matchAll(/^warning: could not open directory '(.*?)\/?':/gm)];
  const leftOut = closed.map(([, path = '']): LeftOut => ({ path, why: 'unreadable' }));
  return { paths: byteRecords(stdout), leftOut };
}

function failed(work: Listing, command: readonly string[], ended: ProcessResult): Error {
  const { exitCode, stderr } = ended;
  return failureFrom({ command, exitCode, stderr, directory: work.git.location.root });
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
const removal = (path: string, oid: string): IndexLine => ({ mode: '0', oid, path });

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

/**
 * Adds files through their clean filters. What may not be read is left out, and the entry that it
 * has stays.
 * @returns what was left out
 */
async function addFiles(work: TreeWork, paths: readonly string[]): Promise<LeftOut[]> {
  if (paths.length === 0) return [];
  const command = ['update-index', '-z', '--add', '--remove', '--replace', '--stdin'];
  const attempt = (some: readonly string[]) =>
    work.git.attempt(request(work, { command, input: nulList(some), writes: true }));
  const first = await attempt(paths);
  if (first.exitCode === 0) return ignoredPaths(first.stderr);
  const unreadable = await unreadableAmong(work, paths);
  if (unreadable.size === 0) throw failed(work, command, first);
  const second = await attempt(paths.filter((path) => !unreadable.has(path)));
  if (second.exitCode !== 0) throw failed(work, command, second);
  const leftOut = [...unreadable].map(
    (path): LeftOut => ({ path: shown(path), why: 'unreadable' }),
  );
  return [...leftOut, ...ignoredPaths(second.stderr)];
}

/** Names that Git takes in no index (`git~1`, which Windows takes for `.git`). */
function ignoredPaths(stderr: string): LeftOut[] {
  const lines = [...stderr.matchAll(/^Ignoring path (.+)$/gm)];
  return lines.map(([, path = '']) => ({ path, why: 'unreadable' }));
}

async function unreadableAmong(work: TreeWork, paths: readonly string[]): Promise<Set<string>> {
  const { disk } = work.platform;
  const unreadable = new Set<string>();
  for (const path of paths) {
    const absolute = join(work.git.location.root, decoded(path) ?? shown(path));
    try {
      const facts = await disk.facts(absolute);
      // A pipe or socket in the place of a file holds nothing that Git could take.
      if (facts?.kind === 'other') unreadable.add(path);
      if (facts?.kind === 'file') await isReadable(disk, absolute);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      unreadable.add(path);
    }
  }
  return unreadable;
}

async function writeTree(work: Listing): Promise<string> {
  // In a partial clone contents of HEAD may be elsewhere, and are not fetched for this.
  const missing = work.partial ? ['--missing-ok'] : [];
  const output = await run(work, { command: ['write-tree', ...missing], writes: true });
  return output.toString('latin1').trim();
}
