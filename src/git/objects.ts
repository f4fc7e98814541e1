import { Failure } from '../core/failure';
import type { Conversation } from '../platform';
import type { GitRequest, GitRunner } from './gitRunner';
import type { CommitObject } from './repository';

interface ObjectHeader {
  readonly oid: string;
  readonly type: string;
  readonly size: number;
}

/** Asks `cat-file --batch` for one object; `null` where Git has none of that name. */
async function ask(conversation: Conversation, name: string): Promise<ObjectHeader | null> {
  await conversation.say(`${name}\n`);
  return hear(conversation);
}

async function hear(conversation: Conversation): Promise<ObjectHeader | null> {
  const line = await conversation.line();
  const found = /^(\S+) (blob|tree|commit|tag) (\d+)$/.exec(line ?? '');
  if (found === null) return null;
  const [, oid = '', type = '', size = ''] = found;
  return { oid, type, size: Number(size) };
}

async function content(conversation: Conversation, size: number): Promise<Buffer> {
  // Git ends every object with a line break of its own.
  const bytes = await conversation.bytes(size + 1);
  if (bytes === null) {
    throw new Failure('git-failed', {
      command: 'git cat-file --batch',
      exitCode: null,
      stderr: 'it ended within an object',
    });
  }
  return bytes.subarray(0, size);
}

const batch = { command: ['cat-file', '--batch'], writes: false } as const;

/** Talks to a process of Git's and ends it, whatever happens. */
export async function conversing<T>(
  git: GitRunner,
  request: GitRequest,
  use: (conversation: Conversation) => Promise<T>,
): Promise<T> {
  const conversation = await git.converse(request);
  try {
    return await use(conversation);
  } catch (error) {
    conversation.kill();
    throw error;
  } finally {
    await conversation.end();
  }
}

/** Talks to `cat-file --batch`. */
function withObjects<T>(
  git: GitRunner,
  use: (conversation: Conversation) => Promise<T>,
): Promise<T> {
  return conversing(git, batch, use);
}

/** Lets `use` read objects of any size, one after the other. @throws Failure `unreadable` */
export function readingObjects<T>(
  git: GitRunner,
  where: Pick<GitRequest, 'environment' | 'signal'>,
  use: (read: (oid: string) => Promise<Buffer>) => Promise<T>,
): Promise<T> {
  return conversing(git, { ...where, ...batch }, (conversation) =>
    use(async (oid) => {
      const header = await ask(conversation, oid);
      if (header === null) throw new Failure('unreadable', { path: oid, why: 'Git has lost it' });
      return content(conversation, header.size);
    }),
  );
}

export const defaultBlobLimit = 512 * 1024 * 1024;

/** @throws Failure `unreadable` when Git has no such blob, or it is larger than `limit` bytes */
export function readBlob(git: GitRunner, oid: string, limit: number): Promise<Buffer> {
  return withObjects(git, async (conversation) => {
    const header = await ask(conversation, oid);
    const refuse = (why: string) => new Failure('unreadable', { path: oid, why });
    if (header?.type !== 'blob') throw refuse('Git has no such file');
    if (header.size > limit) {
      throw refuse(`${header.size} bytes, more than the limit of ${limit}`);
    }
    return content(conversation, header.size);
  });
}

/** A commit with its message as it was written; `null` where there is no such commit. */
export function readCommit(git: GitRunner, oid: string): Promise<CommitObject | null> {
  return withObjects(git, async (conversation) => {
    const header = await ask(conversation, oid);
    if (header === null) return null;
    const bytes = await content(conversation, header.size);
    return header.type === 'commit' ? parseCommit(header.oid, bytes) : null;
  });
}

/**
 * A commit object: header lines (continued by a leading space), an empty line, the message.
 * The message is decoded by its `encoding` header, UTF-8 without one.
 */
function parseCommit(oid: string, bytes: Buffer): CommitObject {
  const end = bytes.indexOf('\n\n');
  const header = bytes.toString('latin1', 0, end < 0 ? bytes.length : end).split('\n');
  const all = (key: string) =>
    header.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  const message = end < 0 ? Buffer.alloc(0) : bytes.subarray(end + 2);
  return Object.freeze({
    oid,
    tree: all('tree')[0] ?? '',
    parents: Object.freeze(all('parent')),
    message: decode(message, all('encoding')[0]),
  });
}

function decode(bytes: Buffer, encoding: string | undefined): string {
  try {
    return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
  } catch (error) {
    // A name that the system does not know: the best that can be done is to read it as UTF-8.
    if (error instanceof RangeError) return bytes.toString('utf8');
    throw error;
  }
}

/** So many are asked for before the first is read: few enough that no pipe fills up. */
const askedAtOnce = 64;

/** The commits from the first one to `tip` along first parents, oldest first. */
export async function* readFirstParents(
  git: GitRunner,
  tip: string,
): AsyncGenerator<CommitObject, void, undefined> {
  const command = ['rev-list', '--first-parent', '--reverse', '--end-of-options', tip];
  const listed = await git.run({ command, writes: false });
  const oids = listed.toString('latin1').split('\n').filter(Boolean);
  for await (const [oid, commit] of readCommits(git, oids)) {
    if (commit === null) throw new Failure('unreadable', { path: oid, why: 'Git has lost it' });
    yield commit;
  }
}

/** Each commit in the order asked for, in one process; `null` for what is no commit or not there. */
export async function* readCommits(
  git: GitRunner,
  oids: readonly string[],
): AsyncGenerator<readonly [string, CommitObject | null], void, undefined> {
  if (oids.length === 0) return;
  const conversation = await git.converse(batch);
  let whole = false;
  try {
    for (let at = 0; at < oids.length; at += askedAtOnce) {
      const asked = oids.slice(at, at + askedAtOnce);
      await conversation.say(asked.map((oid) => `${oid}\n`).join(''));
      for (const oid of asked) yield [oid, await heard(conversation)];
    }
    whole = true;
  } finally {
    if (!whole) conversation.kill();
    await conversation.end();
  }
}

async function heard(conversation: Conversation): Promise<CommitObject | null> {
  const header = await hear(conversation);
  if (header === null) return null;
  const bytes = await content(conversation, header.size);
  return header.type === 'commit' ? parseCommit(header.oid, bytes) : null;
}
