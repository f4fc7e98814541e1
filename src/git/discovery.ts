import { basename, dirname, resolve } from 'node:path';
import { Failure } from '../core/failure';
import type { Platform } from '../platform';
import { gitEnvironment } from './environment';
import { failureFrom } from './gitFailure';
import type { GitLocation } from './gitRunner';
import { type TextCommands, textCommands } from './textCommands';

const whether = ['--is-bare-repository', '--is-inside-work-tree'];
const where = ['--absolute-git-dir', '--git-common-dir', '--show-toplevel'];

/**
 * Finds the repository that `directory` lies in, from the directory alone: variables that name
 * another one are not looked at. Later commands name it explicitly, so that they cannot end up in
 * another one (a nested repository that appears, a `core.worktree` elsewhere).
 * @throws Failure `git-missing`, `not-a-repository`, `git-dubious-ownership`, `repository-bare`
 */
export async function locateRepository(
  platform: Platform,
  directory: string,
): Promise<GitLocation> {
  const real = await platform.disk.realPath(directory);
  const facts = real === null ? null : await platform.disk.facts(real);
  if (real === null || facts?.kind !== 'directory') {
    throw new Failure('not-a-repository', { directory });
  }
  const environment = gitEnvironment(platform.environment);
  const text = textCommands(platform, real, environment);
  const [gitDirectory, commonDirectory, root] = await paths(text, real);
  return Object.freeze({
    root,
    gitDirectory,
    commonDirectory,
    environment: Object.freeze({ ...environment, GIT_DIR: gitDirectory, GIT_WORK_TREE: root }),
  });
}

/** One process in the ordinary case; a name with a line break in it takes one for each path. */
async function paths(text: TextCommands, directory: string): Promise<[string, string, string]> {
  const answer = await text.attempt('rev-parse', ...whether, ...where);
  const [bare, inside, ...lines] = answer.stdout.split('\n');
  if (bare === 'true') throw new Failure('repository-bare', { directory });
  if (answer.exitCode !== 0) {
    // Inside of a Git directory there is no worktree to speak of.
    if (inside === 'false') throw new Failure('not-a-repository', { directory });
    const { exitCode, stderr } = answer;
    throw failureFrom({ command: ['rev-parse', ...whether], exitCode, stderr, directory });
  }
  const found = lines.slice(0, -1);
  if (found.length !== where.length) {
    found.splice(0);
    for (const option of where) {
      found.push((await text.run('rev-parse', option)).replace(/\r?\n$/, ''));
    }
  }
  const [gitDirectory = '', commonDirectory = '', root = ''] = found;
  return [
    resolve(gitDirectory),
    // Git tells it relative to where it ran.
    resolve(directory, commonDirectory),
    resolve(root),
  ];
}

/**
 * A stable name of the worktree: `main`, or `worktrees/<name>` for a linked one, after the
 * directory that Git keeps for it (a linked one may itself be called `main`).
 */
export function worktreeName(location: Pick<GitLocation, 'gitDirectory' | 'commonDirectory'>) {
  const { gitDirectory, commonDirectory } = location;
  if (gitDirectory === commonDirectory) return 'main';
  return `${basename(dirname(gitDirectory))}/${basename(gitDirectory)}`;
}
