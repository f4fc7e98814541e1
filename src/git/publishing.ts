import { Failure } from '../core/failure';
import type { Conversation, ProcessResult } from '../platform';
import { defaultMilliseconds, type GitRequest, type GitRunner } from './gitRunner';
import type { PreparedRefs, RefUpdate } from './repository';

/** What publishing has to know of the references as they are. */
export interface RefLookup {
  ref(name: string): Promise<string | null>;
  refs(prefix: string): Promise<Map<string, string>>;
}

export interface PublishOptions {
  /** Goes to the reference logs. */
  readonly reason: string;
  /** Identity for the reference logs, where the user has none. */
  readonly environment: Readonly<Record<string, string>>;
  readonly settings: readonly string[];
}

function updateLine({ ref, from, to }: RefUpdate): string {
  if (to !== null) return from === null ? `create ${ref} ${to}` : `update ${ref} ${to} ${from}`;
  return from === null ? `verify ${ref}` : `delete ${ref} ${from}`;
}

function updateRequest({ reason, environment, settings }: PublishOptions): GitRequest {
  const message = reason.trim() === '' ? 'cairn' : reason;
  return {
    command: ['update-ref', '-m', message, '--stdin'],
    environment,
    settings,
    milliseconds: defaultMilliseconds,
    writes: true,
  };
}

const branch = (ref: string) => ref.replace(/^refs\/heads\//, '');

/**
 * Why Git refused, found by looking at the references themselves: what it says changes from one
 * version to the next.
 */
async function refusal(
  lookup: RefLookup,
  updates: readonly RefUpdate[],
  stderr: string,
): Promise<Failure> {
  for (const { ref, from } of updates) {
    const found = await lookup.ref(ref);
    if (found !== from) {
      return new Failure('branch-moved', { branch: branch(ref), expected: from, found });
    }
    const blocking = found === null ? await blockedBy(lookup, ref) : null;
    if (blocking !== null) return new Failure('branch-name-blocked', { branch: branch(blocking) });
  }
  return refused(updates, stderr);
}

/** Git names the file that it cannot make, in whatever words. */
const lockFile = /'([^']+\.lock)': File exists/;

function refused(updates: readonly RefUpdate[], stderr: string): Failure {
  const ref =
    (updates.find((update) => stderr.includes(`'${update.ref}'`)) ?? updates[0])?.ref ?? '';
  const lock = lockFile.exec(stderr)?.[1];
  return lock === undefined
    ? new Failure('ref-refused', { ref, stderr: stderr.trim() })
    : new Failure('ref-locked', { ref, lock });
}

/** A reference where a directory would have to be, or something below this one. */
async function blockedBy(lookup: RefLookup, ref: string): Promise<string | null> {
  const parts = ref.split('/');
  for (let length = 3; length < parts.length; length++) {
    const parent = parts.slice(0, length).join('/');
    if ((await lookup.ref(parent)) !== null) return parent;
  }
  for (const below of (await lookup.refs(`${ref}/`)).keys()) return below;
  return null;
}

/** Old Git, which has no transactions here. */
const unknownVerb = /unknown command: start/;

/** Locks and checks; gives `false` when Git said something else than that it is ready. */
async function lock(conversation: Conversation, updates: readonly RefUpdate[]): Promise<boolean> {
  await conversation.say('start\n');
  if ((await conversation.line()) !== 'start: ok') return false;
  await conversation.say(`${updates.map(updateLine).join('\n')}\nprepare\n`);
  return (await conversation.line()) === 'prepare: ok';
}

/**
 * Locks the references and lets Git check them (old values, names in the way, hooks); nothing has
 * moved yet. The locks go when the process ends, also when ours dies: Git gives up at the end of
 * its input.
 * @throws Failure `branch-name-blocked`, `branch-moved`, `ref-locked`, `ref-refused`, `git-timeout`
 */
export async function prepareRefs(
  git: GitRunner,
  lookup: RefLookup,
  updates: readonly RefUpdate[],
  options: PublishOptions,
): Promise<PreparedRefs> {
  const conversation = await git.converse(updateRequest(options));
  if (await orEnd(conversation, lock(conversation, updates))) {
    return preparedRefs(conversation, updates);
  }
  const { stderr, timedOut } = await conversation.end();
  if (timedOut) throw tooLong();
  if (unknownVerb.test(stderr)) return uncheckedRefs(git, lookup, updates, options);
  throw await refusal(lookup, updates, stderr);
}

/** A hook that does not come to an end. */
function tooLong(): Failure {
  const data = { command: 'git update-ref --stdin', milliseconds: defaultMilliseconds };
  return new Failure('git-timeout', data);
}

/** When the work fails, waits until the process is gone, and with it its locks. */
async function orEnd<T>(conversation: Conversation, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    await conversation.end();
    throw error;
  }
}

async function finish(
  conversation: Conversation,
  verb: 'commit' | 'abort',
): Promise<ProcessResult> {
  const said = conversation.say(`${verb}\n`).then(() => conversation.line());
  await orEnd(conversation, said);
  return conversation.end();
}

function preparedRefs(conversation: Conversation, updates: readonly RefUpdate[]): PreparedRefs {
  let open = true;
  return Object.freeze({
    async commit() {
      if (!open) throw new Error('these references were committed or given up already');
      open = false;
      const ended = await finish(conversation, 'commit');
      if (ended.timedOut) throw tooLong();
      if (ended.exitCode !== 0) throw refused(updates, ended.stderr);
    },
    async abort() {
      if (!open) return;
      open = false;
      await finish(conversation, 'abort');
    },
  });
}

/**
 * Git before 2.27 has no `prepare`: what we can see is checked now, and all of it again by Git in
 * the one step that moves the references.
 */
async function uncheckedRefs(
  git: GitRunner,
  lookup: RefLookup,
  updates: readonly RefUpdate[],
  options: PublishOptions,
): Promise<PreparedRefs> {
  for (const update of updates) {
    const found = await lookup.ref(update.ref);
    const blocked = found === null && (await blockedBy(lookup, update.ref)) !== null;
    if (found !== update.from || blocked) throw await refusal(lookup, updates, '');
  }
  return Object.freeze({
    async commit() {
      const input = `${updates.map(updateLine).join('\n')}\n`;
      const ended = await git.attempt({ ...updateRequest(options), input });
      if (ended.exitCode !== 0) throw await refusal(lookup, updates, ended.stderr);
    },
    abort: () => Promise.resolve(),
  });
}
