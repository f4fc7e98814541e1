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
/** What Git reads as a pattern, and would match against every tracked path. */
const wildcard = /[*?[\\]/;

/**
 * Which of the paths Git ignores; what is tracked never is. A path that Git refuses to look at
 * (beyond a symbolic link, in a submodule, outside) is not ignored.
 */
export async function ignoredAmong(git: GitRunner, paths: readonly string[]): Promise<Set<string>> {
  const patterns = paths.filter((path) => wildcard.test(path));
  const plain = paths.filter((path) => !wildcard.test(path));
  const [ignored, matched] = await Promise.all([
    checked(git, plain, []),
    // `check-ignore` knows no literal paths: the index is left out, and asked for them by itself.
    checked(git, patterns, ['--no-index']),
  ]);
  const tracked = await trackedAmong(git, [...matched]);
  return new Set([...ignored, ...[...matched].filter((path) => !tracked.has(path))]);
}

/** As many paths as a command line surely holds. */
const atOnce = 500;

/** Those of the paths that are in the index, or hold something that is. */
async function trackedAmong(git: GitRunner, paths: readonly string[]): Promise<Set<string>> {
  const tracked = new Set<string>();
  for (let at = 0; at < paths.length; at += atOnce) {
    const some = paths.slice(at, at + atOnce);
    const command = ['--literal-pathspecs', 'ls-files', '-z', '--', ...some];
    const found = byteRecords(await git.run({ command, writes: false })).map(decoded);
    const under = (path: string) => found.some((each) => each?.startsWith(`${path}/`) === true);
    for (const path of some) if (found.includes(path) || under(path)) tracked.add(path);
  }
  return tracked;
}

async function checked(
  git: GitRunner,
  paths: readonly string[],
  options: readonly string[],
): Promise<Set<string>> {
  if (paths.length === 0) return new Set();
  const command = ['check-ignore', '-z', '--stdin', ...options];
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
    checked(git, paths.slice(0, middle), options),
    checked(git, paths.slice(middle), options),
  ]);
  return new Set([...some, ...others]);
}
