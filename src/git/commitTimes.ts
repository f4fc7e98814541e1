import type { GitRunner } from './gitRunner';

/** More than this is more than anybody's runs are spread over. */
const most = 100_000;

/** When a commit was made, in milliseconds since the epoch; `null` where it is not here. */
export async function readCommitTime(git: GitRunner, oid: string): Promise<number | null> {
  const command = ['log', '-1', '--format=%ct', oid, '--'];
  const { exitCode, stdout } = await git.attempt({ command, writes: false });
  return exitCode === 0 ? Number(stdout.toString('latin1').trim()) * 1000 : null;
}

/** The commit that a tag (or a commit) means; `null` where it means none. */
export async function commitBehind(git: GitRunner, oid: string): Promise<string | null> {
  const command = ['rev-parse', '--verify', '--quiet', `${oid}^{commit}`];
  const { exitCode, stdout } = await git.attempt({ command, writes: false });
  return exitCode === 0 ? stdout.toString('latin1').trim() : null;
}

/** HEAD's commits by first parents, newest first; none before the first commit. */
export async function readCommitTimes(git: GitRunner): Promise<{ oid: string; at: number }[]> {
  const command = ['log', '--first-parent', `--max-count=${most}`, '--format=%H %ct', 'HEAD', '--'];
  const { exitCode, stdout } = await git.attempt({ command, writes: false });
  if (exitCode !== 0) return [];
  const lines = stdout.toString('latin1').split('\n').filter(Boolean);
  return lines.map((line) => {
    const [oid = '', seconds = '0'] = line.split(' ');
    return { oid, at: Number(seconds) * 1000 };
  });
}
