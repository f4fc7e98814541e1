import { resolve } from 'node:path';
import type { GitLocation } from './gitRunner';
import type { TextCommands } from './textCommands';

/** The commit that HEAD is at (`null` before the first one), and the branch (`null` when detached). */
export async function readHead(
  text: TextCommands,
): Promise<{ commit: string | null; branch: string | null }> {
  const [commit, branch] = await Promise.all([
    text.attempt('rev-parse', '--verify', 'HEAD'),
    text.attempt('symbolic-ref', 'HEAD'),
  ]);
  const name = branch.exitCode === 0 ? branch.stdout.trim() : null;
  return Object.freeze({
    commit: commit.exitCode === 0 ? commit.stdout.trim() : null,
    branch: name?.replace(/^refs\/heads\//, '') ?? null,
  });
}

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
  text: TextCommands,
  location: GitLocation,
  branch: string,
): Promise<string | null> {
  const full = branch.startsWith('refs/') ? branch : `refs/heads/${branch}`;
  for (const { path, checkedOut, prunable } of await listWorktrees(text)) {
    if (checkedOut !== full || prunable) continue;
    // Of a submodule Git lists the directory of its database.
    return resolve(path) === location.commonDirectory ? location.root : resolve(path);
  }
  return null;
}

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
