import { join } from 'node:path';
import { isFailure, throwIfCancelled } from '../core/failure';
import type { Disk } from '../platform';
import { decoded, parentOf, shown } from './bytePaths';
import type { LeftOut } from './repository';
import { holdsPrivateKey, looksSecret } from './secrets';

const largeFile = 10_000_000;
const largeDirectoryFiles = 1000;
const largeDirectoryBytes = 50_000_000;

export interface ScreeningRequest {
  readonly disk: Disk;
  readonly root: string;
  /** Byte paths as `ls-files --others` lists them: a nested repository ends in a slash. */
  readonly untracked: readonly string[];
  /** Byte paths of everything in the index, in its order, which is that of the bytes. */
  readonly tracked: readonly string[];
  /** Whether a path is to be captured at all. */
  readonly wanted: (path: string) => boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface Screened {
  /** Byte paths that may enter. */
  readonly accepted: readonly string[];
  /** In the order of their paths. */
  readonly leftOut: readonly LeftOut[];
}

interface Passed {
  /** A byte path. */
  readonly path: string;
  readonly bytes: number;
}
/** A file that came through, or why it did not; `null` when it is gone or no file at all. */
type Verdict = Passed | LeftOut | null;

const isLeftOut = (verdict: Verdict): verdict is LeftOut => verdict !== null && 'why' in verdict;
const isPassed = (verdict: Verdict): verdict is Passed => verdict !== null && !('why' in verdict);

/**
 * Decides which untracked files a snapshot takes. Left out are what nobody wants in a repository
 * for ever: secrets, large files and directories, environments, other repositories.
 */
export async function screenUntracked(request: ScreeningRequest): Promise<Screened> {
  const { untracked } = request;
  const nested = untracked.filter((path) => path.endsWith('/')).map((path) => path.slice(0, -1));
  const files = untracked.filter((path) => !path.endsWith('/'));
  const isTracked = holding(request.tracked);
  const environments = await environmentsAmong(request, files, isTracked);
  const inEnvironment = (path: string) => environments.find((it) => path.startsWith(`${it}/`));

  const leftOut: LeftOut[] = nested
    .map(shown)
    .filter(request.wanted)
    .map((path) => ({ path, why: 'nested-repository' }));
  const wanted = files.filter((path) => request.wanted(shown(path)));
  for (const path of new Set(wanted.map(inEnvironment))) {
    if (path !== undefined) leftOut.push({ path: shown(path), why: 'environment' });
  }
  const accepted: string[] = [];
  const rest = wanted.filter((path) => inEnvironment(path) === undefined);
  for (const [directory, members] of groupsOf(rest, isTracked)) {
    const group = await screenGroup(request, directory, members);
    accepted.push(...group.accepted);
    leftOut.push(...group.leftOut);
  }
  leftOut.sort((one, other) => (one.path < other.path ? -1 : 1));
  return { accepted, leftOut };
}

type IsTracked = (directory: string) => boolean;

/** Whether anything in the index lies below a directory; each is looked for once, by halves. */
function holding(sorted: readonly string[]): IsTracked {
  const known = new Map<string, boolean>();
  return (directory) => {
    const prefix = `${directory}/`;
    const found = known.get(directory) ?? firstFrom(sorted, prefix)?.startsWith(prefix) === true;
    known.set(directory, found);
    return found;
  };
}

/** The first of sorted byte paths that does not come before another one. */
export function firstFrom(sorted: readonly string[], path: string): string | undefined {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < path) low = middle + 1;
    else high = middle;
  }
  return sorted[low];
}

/** The uppermost directory above the path that holds nothing tracked; `null` where there is none. */
function topmostUntracked(path: string, isTracked: IsTracked): string | null {
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
    const directory = path.slice(0, end);
    if (!isTracked(directory)) return directory;
  }
  return null;
}

/**
 * Python and conda environments: a `pyvenv.cfg` or `conda-meta` among the files, or (where those
 * are ignored) in an untracked directory itself.
 */
async function environmentsAmong(
  { disk, root }: ScreeningRequest,
  files: readonly string[],
  isTracked: IsTracked,
): Promise<string[]> {
  const environments = new Set<string>();
  const tops = new Set<string>();
  for (const path of files) {
    const marked = /^(.+?)\/(?:pyvenv\.cfg$|conda-meta\/)/.exec(path)?.[1];
    if (marked !== undefined) environments.add(marked);
    const top = topmostUntracked(path, isTracked);
    if (top !== null) tops.add(top);
  }
  for (const top of tops) {
    const directory = join(root, shown(top));
    for (const mark of ['pyvenv.cfg', 'conda-meta']) {
      if ((await disk.facts(join(directory, mark))) !== null) environments.add(top);
    }
  }
  return [...environments];
}

/**
 * What is counted together: an untracked directory with all below it, else the loose files of one
 * directory (`outputs/` with nothing but its `.gitkeep` tracked). Loose files at the top stay on
 * their own (''), since the code itself may be among them.
 */
function groupsOf(paths: readonly string[], isTracked: IsTracked): Map<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const path of paths) {
    const directory = topmostUntracked(path, isTracked) ?? parentOf(path);
    const group = groups.get(directory);
    if (group === undefined) groups.set(directory, [path]);
    else group.push(path);
  }
  return groups;
}

async function screenGroup(
  request: ScreeningRequest,
  directory: string,
  members: readonly string[],
): Promise<Screened> {
  const tooLarge = (facts: { files: number; bytes?: number }): Screened => ({
    accepted: [],
    leftOut: [{ path: shown(directory), why: 'large-directory', ...facts }],
  });
  const limited = directory !== '';
  if (limited && members.length > largeDirectoryFiles) return tooLarge({ files: members.length });
  const verdicts = await inParallel(members, (path) => {
    throwIfCancelled(request.signal);
    return screenFile(request, path);
  });
  const passed = verdicts.filter(isPassed);
  const bytes = passed.reduce((sum, file) => sum + file.bytes, 0);
  if (limited && bytes > largeDirectoryBytes) return tooLarge({ files: members.length, bytes });
  return { accepted: passed.map(({ path }) => path), leftOut: verdicts.filter(isLeftOut) };
}

async function screenFile({ disk, root }: ScreeningRequest, bytePath: string): Promise<Verdict> {
  const path = decoded(bytePath);
  // A name that is no UTF-8 cannot be looked at, and nothing that was not looked at may enter.
  if (path === null) return { path: shown(bytePath), why: 'unreadable' };
  const absolute = join(root, path);
  try {
    const facts = await disk.facts(absolute);
    if (facts === null || facts.kind === 'directory' || facts.kind === 'other') return null;
    if (facts.kind === 'link') return { path: bytePath, bytes: facts.size };
    if (looksSecret(path)) return { path, why: 'secret' };
    if (facts.size > largeFile) return { path, why: 'large-file', bytes: facts.size };
    if (await holdsPrivateKey(disk, absolute, facts.size)) return { path, why: 'secret' };
    if (!(await isReadable(disk, absolute))) return null;
    return { path: bytePath, bytes: facts.size };
  } catch (error) {
    if (isUnreadable(error)) return { path, why: 'unreadable' };
    throw error;
  }
}

/** Whether it is still there. @throws Failure where it may not be read */
export async function isReadable(disk: Disk, absolute: string): Promise<boolean> {
  const handle = await disk.openRead(absolute);
  await handle?.close();
  return handle !== null;
}

/** Permission denied, or a disk that gives no answer for this file. */
export function isUnreadable(error: unknown): boolean {
  return isFailure(error, 'unreadable') || isFailure(error, 'disk-failed');
}

const atOnce = 16;

/** Runs `work` for each item, some at a time; the results in the items' order. */
async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += atOnce) {
    results.push(...(await Promise.all(items.slice(at, at + atOnce).map(work))));
  }
  return results;
}
