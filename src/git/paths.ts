import { bytePathOf, byteRecords, decoded, nulList } from './bytePaths';
import { failureFrom } from './gitFailure';
import type { GitRunner } from './gitRunner';

/** Paths that Git tracks (in the index), relative to the worktree's top. */
export async function trackedPaths(git: GitRunner): Promise<Set<string>> {
  const output = await git.run({ command: ['ls-files', '-z'], writes: false });
  const paths = byteRecords(output).map(decoded);
  return new Set(paths.filter((path) => path !== null));
}

/** Where Git takes a path for none of its own: it gives up on the whole list then. */
const foreign = /is beyond a symbolic link|is in submodule|is outside repository/;

/**
 * Which of the paths Git ignores; what is tracked never is. A path that Git refuses to look at
 * (beyond a symbolic link, in a submodule, outside) is not ignored.
 */
export async function ignoredAmong(git: GitRunner, paths: readonly string[]): Promise<Set<string>> {
  if (paths.length === 0) return new Set();
  const command = ['check-ignore', '-z', '--stdin'];
  // Without the prefix a name that begins with a colon would be taken for a pattern.
  const input = nulList(paths.map((path) => `./${bytePathOf(path)}`));
  const { exitCode, stdout, stderr } = await git.attempt({ command, input, writes: false });
  if (exitCode === 0 || exitCode === 1) {
    const ignored = byteRecords(stdout).map((path) => decoded(path.slice(2)));
    return new Set(ignored.filter((path) => path !== null));
  }
  if (!foreign.test(stderr)) {
    throw failureFrom({ command, exitCode, stderr, directory: git.location.root });
  }
  if (paths.length === 1) return new Set();
  const middle = paths.length >> 1;
  const [some, others] = await Promise.all([
    ignoredAmong(git, paths.slice(0, middle)),
    ignoredAmong(git, paths.slice(middle)),
  ]);
  return new Set([...some, ...others]);
}
