import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { Failure, isFailure } from '../core/failure';
import type { FileFacts, Platform } from '../platform';

// Names that a Windows file system reads as `.git`, and those it keeps for devices.
const gitName = /^(?:\.git|git~\d+)[. ]*(?::.*)?$/i;
const deviceName = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?$/i;
// Characters that HFS+ does not see: `.g\u200cit` would be `.git` there.
const unseen = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/**
 * Whether a path that someone else wrote (in a record, in a version's tree) may be a path of the
 * project: relative, forward slashes, no `.`, `..`, empty or `.git` part, nothing that a file
 * system would read otherwise. Says nothing about links on disk.
 */
export function isProjectPath(path: string, system: string): boolean {
  if (path === '' || path.length > 4096 || path.includes('\0')) return false;
  const windows = system.startsWith('win32');
  return path.split('/').every((part) => {
    if (part === '' || part === '.' || part === '..') return false;
    if (gitName.test(part.replace(unseen, ''))) return false;
    if (!windows) return true;
    return !/[\\:<>"|?*]/.test(part) && !/[. ]$/.test(part) && !deviceName.test(part);
  });
}

/** The absolute path of a project path. */
export function absolutePath(root: string, path: string): string {
  return join(root, ...path.split('/'));
}

/** An absolute path relative to `root`, with forward slashes; `null` when it is not below it. */
export function below(root: string, path: string): string | null {
  const found = relative(root, path);
  if (found === '' || isAbsolute(found) || found === '..' || found.startsWith(`..${sep}`))
    return null;
  return sep === '/' ? found : found.replaceAll(sep, '/');
}

/** Facts of what a link leads to; `null` also for links that lead in a circle or to no avail. */
export async function factsBehind(platform: Platform, absolute: string): Promise<FileFacts | null> {
  try {
    return await platform.disk.followedFacts(absolute);
  } catch (error) {
    if (isFailure(error, 'unreadable')) return null;
    throw error;
  }
}

/**
 * Turns a path that a person gave (absolute, or relative to `root`) into a path of the project.
 * @throws Failure `path-outside`, `path-leads-out` (through a symbolic link), `no-such-file`
 */
export async function resolveInside(
  platform: Platform,
  root: string,
  path: string,
): Promise<string> {
  if (path.includes('\0')) throw new Failure('no-such-file', { path });
  const absolute = resolve(root, path);
  const realRoot = (await platform.disk.realPath(root)) ?? root;
  const inside = below(root, absolute) ?? (await belowRealRoot(platform, realRoot, absolute));
  if (inside === null || !isProjectPath(inside, platform.system)) {
    throw new Failure('path-outside', { path, root });
  }
  const target = await platform.disk.realPath(absolute);
  if (target === null) throw new Failure('no-such-file', { path: inside });
  if (below(realRoot, target) === null) {
    throw new Failure('path-leads-out', { path: inside, target });
  }
  return inside;
}

/** For a path given through another name of the root (`/tmp` for `/private/tmp`). */
async function belowRealRoot(
  platform: Platform,
  realRoot: string,
  absolute: string,
): Promise<string | null> {
  const parent = await platform.disk.realPath(dirname(absolute));
  return parent === null
    ? null
    : below(realRoot, join(parent, absolute.slice(dirname(absolute).length)));
}

/**
 * Makes sure that writing at a project path stays in the project: every parent that exists is a
 * directory, and none leads out through a symbolic link. The path itself may be a link: it is
 * replaced, not followed.
 * @throws Failure `path-outside`, `path-leads-out`, `path-occupied` (a file where a parent belongs)
 */
export async function requireParentsInside(
  platform: Platform,
  root: string,
  path: string,
): Promise<void> {
  if (!isProjectPath(path, platform.system)) throw new Failure('path-outside', { path, root });
  const parts = path.split('/').slice(0, -1);
  const realRoot = (await platform.disk.realPath(root)) ?? root;
  for (let length = 1; length <= parts.length; length++) {
    const parent = parts.slice(0, length).join('/');
    const absolute = absolutePath(root, parent);
    const facts = await platform.disk.facts(absolute);
    if (facts === null) return;
    if (facts.kind === 'directory') continue;
    await requireLinkInside(platform, realRoot, {
      path,
      parent,
      absolute,
      isLink: facts.kind === 'link',
    });
  }
}

async function requireLinkInside(
  platform: Platform,
  realRoot: string,
  at: { path: string; parent: string; absolute: string; isLink: boolean },
): Promise<void> {
  const followed = at.isLink ? await factsBehind(platform, at.absolute) : null;
  const target = followed === null ? null : await platform.disk.realPath(at.absolute);
  if (target === null || followed?.kind !== 'directory') {
    throw new Failure('path-occupied', { path: at.path, by: [at.parent] });
  }
  const inside = below(realRoot, target);
  if (inside === null || !isProjectPath(inside, platform.system)) {
    throw new Failure('path-leads-out', { path: at.path, target });
  }
}
