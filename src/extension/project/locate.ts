/** Reads a small text file; `null` where there is none (or it is a directory). */
export type ReadText = (path: string) => Promise<string | null>;
/** What is at a path. */
export type KindAt = (path: string) => Promise<'file' | 'directory' | null>;

export interface FoundProject {
  /** The worktree's top. */
  readonly root: string;
  /** `<git common dir>/cairn`. */
  readonly home: string;
}

/** How far up from a folder its repository is looked for. */
const mostParents = 40;

/**
 * Whether a folder lies in a repository that Cairn keeps, told by a handful of `stat`s and no
 * process: the nearest `.git` upward, a linked worktree's pointers, and `cairn/history.db` in the
 * common directory. Formats: gitrepository-layout(5), "gitdir:" files and `commondir`.
 */
export async function locateProject(
  folder: string,
  kindAt: KindAt,
  readText: ReadText,
): Promise<FoundProject | null> {
  const found = await locateRepository(folder, kindAt, readText);
  if (found === null) return null;
  const home = joined(await commonDirectory(found.git, readText), 'cairn');
  return (await kindAt(joined(home, 'history.db'))) === 'file' ? { root: found.root, home } : null;
}

/** The worktree that a folder lies in, and its Git directory; `null` outside of any. */
export async function locateRepository(
  folder: string,
  kindAt: KindAt,
  readText: ReadText,
): Promise<{ readonly root: string; readonly git: string } | null> {
  let root = folder;
  for (let level = 0; level < mostParents; level++) {
    const git = await gitDirectory(root, kindAt, readText);
    if (git !== null) return { root, git };
    const parent = parentOf(root);
    if (parent === root) return null;
    root = parent;
  }
  return null;
}

async function gitDirectory(
  root: string,
  kindAt: KindAt,
  readText: ReadText,
): Promise<string | null> {
  const git = joined(root, '.git');
  const kind = await kindAt(git);
  if (kind === 'directory') return (await kindAt(joined(git, 'HEAD'))) === null ? null : git;
  if (kind !== 'file') return null;
  const target = /^gitdir: (.+)$/m.exec((await readText(git)) ?? '')?.[1]?.trim();
  return target === undefined ? null : resolved(root, target);
}

async function commonDirectory(git: string, readText: ReadText): Promise<string> {
  const common = (await readText(joined(git, 'commondir')))?.trim();
  return common === undefined || common === '' ? git : resolved(git, common);
}

function resolved(base: string, path: string): string {
  const absolute = /^(?:[\\/]|[A-Za-z]:[\\/])/.test(path);
  return normalized(absolute ? path : `${base}/${path}`);
}

/** Takes `.` and `..` out of an absolute path; what stands before the first slash stays. */
function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.split(/[\\/]/)) {
    if (part === '..' && parts.length > 1) parts.pop();
    else if (part !== '.' && part !== '..' && (part !== '' || parts.length === 0)) parts.push(part);
  }
  return parts.join('/') || '/';
}

function joined(base: string, name: string): string {
  return base.endsWith('/') ? `${base}${name}` : `${base}/${name}`;
}

function parentOf(path: string): string {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  if (cut < 0) return path;
  if (cut === 0) return path.slice(0, 1);
  const parent = path.slice(0, cut);
  return /^[A-Za-z]:$/.test(parent) ? (path.length === cut + 1 ? path : `${parent}/`) : parent;
}
