import type { Creator } from '../core/version';
import type { GitRunner } from './gitRunner';
import { plain } from './identity';

export interface CommitRequest {
  readonly tree: string;
  readonly parents: readonly string[];
  /** Kept literally, whatever its first character is. */
  readonly message: string;
  /** Author and committer. */
  readonly author: Creator;
  /** ISO 8601. */
  readonly at: string;
}

/** `@` keeps Git from reading a small number of seconds as something else than a time. */
function gitDate(at: string): string {
  const seconds = Math.floor(Date.parse(at) / 1000);
  return `@${Math.max(0, Number.isFinite(seconds) ? seconds : 0)} +0000`;
}

/** The variables that name author and committer; what Git would refuse is made acceptable. */
export function identityVariables(who: Creator): Record<string, string> {
  const email = plain(who.email) ?? 'unknown';
  const name = plain(who.name) ?? email;
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
}

/**
 * Writes a commit object that nothing refers to yet, and gives its id.
 * @param signed `commit-tree` does not look at `commit.gpgSign` itself
 * @param settings how durable it has to be
 * @throws Failure `git-failed` also when signing fails
 */
export async function writeCommit(
  git: GitRunner,
  request: CommitRequest,
  signed: boolean,
  settings: readonly string[],
): Promise<string> {
  const parents = [...new Set(request.parents)].flatMap((parent) => ['-p', parent]);
  const date = gitDate(request.at);
  const output = await git.run({
    command: ['commit-tree', ...(signed ? ['-S'] : []), ...parents, '-F', '-', request.tree],
    input: request.message,
    environment: {
      ...identityVariables(request.author),
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
    },
    // Another encoding would only be written into the header: the message is UTF-8.
    settings: [...settings, 'i18n.commitEncoding=UTF-8'],
    writes: true,
  });
  return output.toString('latin1').trim();
}
