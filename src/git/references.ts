import { join, resolve } from 'node:path';
import type { Disk } from '../platform';
import type { GitLocation } from './gitRunner';
import type { TextCommands } from './textCommands';

/** Where a worktree stands: what HEAD means. */
export interface Standing {
  /** `null` before the first commit. */
  readonly commit: string | null;
  /** `main`; `null` when detached. */
  readonly branch: string | null;
  /** Of the commit. */
  readonly tree: string | null;
}

/** What HEAD means: in one process, unless there is no commit, or a branch called `HEAD`. */
export async function readStanding(text: TextCommands): Promise<Standing> {
  const names = ['HEAD', 'HEAD^{tree}', '--symbolic-full-name', 'HEAD'];
  const { exitCode, stdout } = await text.attempt('rev-parse', ...names);
  const [commit = '', tree = '', name = '', ...rest] = stdout.split('\n');
  if (exitCode === 0 && rest.length === 1) {
    return Object.freeze({ commit, tree, branch: name === 'HEAD' ? null : shortName(name) });
  }
  const [head, of, branch] = await Promise.all([
    text.attempt('rev-parse', '--verify', 'HEAD'),
    text.attempt('rev-parse', '--verify', 'HEAD^{tree}'),
    text.attempt('symbolic-ref', 'HEAD'),
  ]);
  return Object.freeze({
    commit: head.exitCode === 0 ? head.stdout.trim() : null,
    tree: of.exitCode === 0 ? of.stdout.trim() : null,
    branch: branch.exitCode === 0 ? shortName(branch.stdout.trim()) : null,
  });
}

const shortName = (name: string) => name.replace(/^refs\/heads\//, '');

/** Where a reference points to; `null` where there is none. `name` is whole (`refs/heads/…`). */
export async function readReference(text: TextCommands, name: string): Promise<string | null> {
  const found = await text.attempt('show-ref', '--verify', '--hash', '--', name);
  return found.exitCode === 0 ? found.stdout.trim() : null;
}

/** References under a prefix (`refs/heads/cairn/`), sorted by name. */
export async function readReferences(
  text: TextCommands,
  prefix: string,
): Promise<Map<string, string>> {
  const listed = await text.run('for-each-ref', '--format=%(objectname) %(refname)', prefix);
  const lines = listed.split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => {
      const space = line.indexOf(' ');
      return [line.slice(space + 1), line.slice(0, space)];
    }),
  );
}

/**
 * The worktree that has the branch checked out; `null` if none. One whose directory is gone
 * (`prunable`) has nothing checked out any more.
 */
export async function worktreeWith(
  disk: Disk,
  text: TextCommands,
  location: GitLocation,
  branch: string,
): Promise<string | null> {
  const full = branch.startsWith('refs/') ? branch : `refs/heads/${branch}`;
  const only = await onlyHead(disk, location);
  if (only !== null) return only === full ? location.root : null;
  for (const { path, checkedOut, prunable } of await listWorktrees(text)) {
    if (checkedOut !== full || prunable) continue;
    // Of a submodule Git lists the directory of its database.
    return resolve(path) === location.commonDirectory ? location.root : resolve(path);
  }
  return null;
}

/**
 * What HEAD of the only worktree names (a reference, or a commit): in its file, which needs no
 * process; `null` where there are linked worktrees, or references are kept another way.
 */
async function onlyHead(
  disk: Disk,
  { gitDirectory, commonDirectory }: GitLocation,
): Promise<string | null> {
  if (gitDirectory !== commonDirectory) return null;
  const linked = await disk.list(join(commonDirectory, 'worktrees'));
  if (linked !== null && linked.length > 0) return null;
  const path = join(gitDirectory, 'HEAD');
  // Old repositories have a symbolic link there.
  if ((await disk.facts(path))?.kind !== 'file') return null;
  const bytes = await disk.readSmall(path, longestHead);
  const head = new TextDecoder().decode(bytes ?? new Uint8Array());
  // Reftable has a name there that no reference can have.
  const found = /^(?:ref: (?!refs\/heads\/\.)(refs\/.+)|([0-9a-f]{40,64}))\n$/.exec(head);
  return found?.[1] ?? found?.[2] ?? null;
}

/** A reference's name has at most as many bytes as a path. */
const longestHead = 8192;

interface Worktree {
  readonly path: string;
  readonly checkedOut: string | null;
  readonly prunable: boolean;
}

async function listWorktrees(text: TextCommands): Promise<Worktree[]> {
  const listed = await text.attempt('worktree', 'list', '--porcelain', '-z');
  // Git before 2.36 has no `-z`; names with line breaks are quoted there, and compared in vain.
  const output =
    listed.exitCode === 0
      ? listed.stdout
      : (await text.run('worktree', 'list', '--porcelain')).replaceAll('\n', '\0');
  return output
    .split('\0\0')
    .filter(Boolean)
    .map((block) => {
      const lines = block.split('\0');
      const value = (key: string) =>
        lines.find((line) => line.startsWith(`${key} `))?.slice(key.length + 1) ?? null;
      const prunable = lines.some((line) => line === 'prunable' || line.startsWith('prunable '));
      return { path: value('worktree') ?? '', checkedOut: value('branch'), prunable };
    });
}
