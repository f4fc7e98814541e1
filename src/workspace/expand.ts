import type { FileFacts, Platform } from '../platform';
import { literalOf, matcher, reachOf } from './globs';
import { isLeftOut } from './leftOut';
import { inOrder } from './parallel';
import { absolutePath, below, factsBehind, isProjectPath } from './paths';
import { walk } from './walk';

/** A file that lies in the project. */
export interface FoundFile {
  /** Relative to the root, forward slashes. */
  readonly path: string;
  readonly size: number;
  /** Nanoseconds since the epoch. */
  readonly modified: bigint;
  /** Where a symbolic link leads, in the project. */
  readonly target?: string;
  /** A glob without wildcards names exactly this file. */
  readonly named: boolean;
}

export interface Expansion {
  /** Sorted by path. */
  readonly files: readonly FoundFile[];
  /** Matching links that lead out of the project or nowhere: not taken. */
  readonly leadOut: readonly string[];
  /** Globs without wildcards that nothing lies at. */
  readonly missing: readonly string[];
  readonly unreadable: readonly string[];
  /** There is more: the walk was stopped. */
  readonly truncated: boolean;
}

export interface ExpandOptions {
  /** Entries to look at, at most; default 200,000. */
  readonly limit?: number;
  /** Only so many of what matches, those nearest to the root: no others are looked for. */
  readonly nearest?: number;
  readonly signal?: AbortSignal;
}

const defaultLimit = 200_000;

/**
 * Finds the files that globs match. Only directories that can hold a match are read; those of tools
 * (`.git`, `node_modules`, environments …) only where a glob names them without a wildcard.
 * Symbolic links to directories are not followed, but for those that a glob names; links to files
 * are, unless they lead out.
 */
export async function expand(
  platform: Platform,
  root: string,
  globs: readonly string[],
  options: ExpandOptions = {},
): Promise<Expansion> {
  const { system, disk } = platform;
  const wanted = globs.filter((glob) => !glob.startsWith('!'));
  const start = await startsOf(platform, root, wanted);
  const within = reachesOf(wanted, system);
  const matches = matcher(globs, { system });
  const walked = await walk(platform, root, {
    starts: start.directories,
    enters: (path, name) => !isLeftOut(name) && within(path.normalize('NFC')),
    entries: options.limit ?? defaultLimit,
    ...(options.nearest === undefined ? {} : { enough: counting(matches, options.nearest) }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const paths = [...new Set([...start.files, ...walked.files, ...walked.links])].filter(matches);
  const names = new Set(wanted.map((glob) => literalOf(glob)?.normalize('NFC')));
  const realRoot = (await disk.realPath(root)) ?? root;
  const leadOut = [...start.leadOut];
  const files = await inOrder(nearest(paths, options.nearest).sort(byText), async (path) => {
    const found = await lookAt(platform, root, realRoot, path);
    if (found === 'leads-out') leadOut.push(path);
    return found === null || found === 'leads-out'
      ? []
      : [{ ...found, named: names.has(path.normalize('NFC')) }];
  });
  return {
    files: files.flat(),
    leadOut: leadOut.sort(byText),
    missing: start.missing,
    unreadable: walked.unreadable,
    truncated: walked.stopped !== null,
  };
}

/** Whether so many of the files match; each file is looked at once, however often this is asked. */
function counting(matches: (path: string) => boolean, most: number) {
  let seen = 0;
  let found = 0;
  return (files: readonly string[]): boolean => {
    for (; seen < files.length; seen += 1) if (matches(files[seen] ?? '')) found += 1;
    return found >= most;
  };
}

/** All of them, or the ones that lie least deep. */
function nearest(paths: string[], most: number | undefined): string[] {
  if (most === undefined || paths.length <= most) return paths;
  const depths = paths.map((path) => ({ path, depth: path.split('/').length }));
  depths.sort((a, b) => a.depth - b.depth || byText(a.path, b.path));
  return depths.slice(0, most).map(({ path }) => path);
}

/** Whether any of the globs can match below a directory. */
function reachesOf(globs: readonly string[], system: string): (path: string) => boolean {
  const reaches = globs.map((glob) => reachOf(glob.normalize('NFC'), { system }));
  return (path) =>
    reaches.some(({ base, enters }) => {
      if (base === '') return enters(path.split('/'));
      return path.startsWith(`${base}/`) && enters(path.slice(base.length + 1).split('/'));
    });
}

interface Starts {
  readonly directories: string[];
  readonly files: string[];
  readonly missing: string[];
  readonly leadOut: string[];
}

/** Where walks begin: the globs' bases, as they lie on disk. */
async function startsOf(
  platform: Platform,
  root: string,
  globs: readonly string[],
): Promise<Starts> {
  const starts: Starts = { directories: [], files: [], missing: [], leadOut: [] };
  const realRoot = (await platform.disk.realPath(root)) ?? root;
  for (const glob of globs) {
    const { base } = reachOf(glob);
    if (base === '') {
      starts.directories.push('');
      continue;
    }
    if (!isProjectPath(base, platform.system)) continue;
    const path = await spelled(platform, root, base);
    if (path === null) {
      if (literalOf(glob) !== null) starts.missing.push(glob);
      continue;
    }
    const facts = await factsBehind(platform, absolutePath(root, path));
    const real = facts === null ? null : await platform.disk.realPath(absolutePath(root, path));
    if (real === null || below(realRoot, real) === null) starts.leadOut.push(path);
    else if (facts?.kind === 'directory') starts.directories.push(path);
    else starts.files.push(path);
  }
  return starts;
}

/** The path as its letters are written on disk, composed or not; `null` where there is nothing. */
async function spelled(platform: Platform, root: string, path: string): Promise<string | null> {
  for (const form of [path, path.normalize('NFC'), path.normalize('NFD')]) {
    if ((await platform.disk.facts(absolutePath(root, form))) !== null) return form;
  }
  return null;
}

type Look = Omit<FoundFile, 'named'> | 'leads-out' | null;

async function lookAt(
  platform: Platform,
  root: string,
  realRoot: string,
  path: string,
): Promise<Look> {
  const absolute = absolutePath(root, path);
  const facts = await platform.disk.facts(absolute);
  if (facts === null) return null;
  if (facts.kind === 'file') return found(path, facts);
  if (facts.kind !== 'link') return null;
  const followed = await factsBehind(platform, absolute);
  const real = followed === null ? null : await platform.disk.realPath(absolute);
  const target = real === null ? null : below(realRoot, real);
  if (followed === null || target === null) return 'leads-out';
  return followed.kind === 'file' ? { ...found(path, followed), target } : null;
}

function found(path: string, { size, modified }: FileFacts): Omit<FoundFile, 'named'> {
  return { path, size, modified };
}

function byText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
