import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Workspace } from '../operations/sandbox';

/**
 * Whatever below `.git` may change when Cairn writes: its own things, Git's objects, and tables in
 * which all references lie together.
 */
const ours =
  /(^|\/)(cairn(\/|$)|objects\/|reftable\/|refs\/(heads\/)?cairn(\/|$)|logs\/refs\/(heads\/)?cairn(\/|$))/;

/**
 * All that is the user's in a repository, byte for byte: every file below `.git` but objects and
 * what is Cairn's (so HEAD, indexes, stash, configuration, references, logs, states of merges and
 * rebases, those of linked worktrees and submodules too), and what Git says of references.
 */
export function usersGit(workspace: Workspace): Record<string, string> {
  const git = resolve(workspace.root, workspace.git('rev-parse', '--git-common-dir').trim());
  const found: Record<string, string> = {};
  for (const path of below(git, git)) {
    if (!ours.test(path)) found[path] = contentOf(join(git, path));
  }
  found['references'] = ofTheUser(
    workspace.git('for-each-ref', '--format=%(refname) %(objectname)'),
  );
  if (existsSync(join(git, 'reftable'))) {
    found['HEAD in its table'] = workspace.git('symbolic-ref', 'HEAD');
    found['logs in tables'] = ofTheUser(workspace.git('reflog', '--all', '--format=%gD %H %gs'));
  }
  return found;
}

function ofTheUser(lines: string): string {
  return lines
    .split('\n')
    .filter((line) => !/^refs\/(heads\/)?cairn\//.test(line))
    .join('\n');
}

function below(directory: string, top: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === 'objects' ? [] : below(path, top);
    // Sockets of a file system monitor come and go.
    return entry.isFile() || entry.isSymbolicLink() ? [relative(top, path)] : [];
  });
}

function contentOf(path: string): string {
  if (lstatSync(path).isSymbolicLink()) return `link ${readlinkSync(path)}`;
  return readFileSync(path).toString('base64');
}
