import type { Platform } from '../platform';
import { busyState } from './busy';
import { commitBehind, readCommitTime, readCommitTimes } from './commitTimes';
import { identityVariables, writeCommit } from './commitTree';
import { isTrue, mayLackObjects, parseSettings, type Settings, settingOf } from './configuration';
import { locateRepository, worktreeName } from './discovery';
import { durableSettings } from './durability';
import { type GitRunner, gitRunner } from './gitRunner';
import { identityFrom } from './identity';
import { BegunListing, type SnapshotGround, type SnapshotPlace } from './listing';
import { defaultBlobLimit, readBlob, readCommit, readCommits, readFirstParents } from './objects';
import { pastFiles } from './pastFiles';
import { ignoredAmong, trackedPaths } from './paths';
import { prepareRefs } from './publishing';
import { buildRecordedTree } from './recordedTree';
import { readReference, readReferences, readStanding, worktreeWith } from './references';
import type { Repository, TreeEntry } from './repository';
import { smudge } from './smudging';
import { lookAhead, takeSnapshot } from './snapshot';
import { type TextCommands, textCommands } from './textCommands';
import { compareTrees, countLines, treeEntries } from './trees';
import { unchangedAmong } from './unchanged';

/** One repository's ways to ask Git, and the few answers that do not change while it is open. */
interface Ground {
  readonly platform: Platform;
  readonly git: GitRunner;
  readonly text: TextCommands;
  /** All configuration: read anew, or once for a settled repository. */
  readonly settings: () => Promise<Settings>;
  /** Settings that make what is written last. */
  readonly durable: () => Promise<readonly string[]>;
  /** Of commits: a commit never gets another tree. */
  readonly trees: Map<string, Promise<string>>;
  /** What was begun of the next look. */
  readonly ahead: { begun: BegunListing | null };
}

/**
 * The repository that `directory` lies in (its top, below it, a linked worktree, a submodule).
 * @throws Failure `git-missing`, `not-a-repository`, `git-dubious-ownership`, `repository-bare`
 */
export async function openRepository(platform: Platform, directory: string): Promise<Repository> {
  const location = await locateRepository(platform, directory);
  const text = textCommands(platform, location.root, location.environment);
  return repositoryOn({
    platform,
    git: gitRunner(platform, location),
    text,
    settings: async () => parseSettings(await text.run('config', '--list', '-z')),
    durable: once(() => durableSettings(text)),
    trees: new Map(),
    ahead: { begun: null },
  });
}

function repositoryOn(ground: Ground): Repository {
  const { location } = ground.git;
  return Object.freeze({
    root: location.root,
    gitDirectory: location.gitDirectory,
    commonDirectory: location.commonDirectory,
    worktree: worktreeName(location),
    settled: () => repositoryOn({ ...ground, settings: once(ground.settings) }),
    ...looking(ground),
    ...reading(ground),
    ...snapping(ground),
    ...writing(ground),
  });
}

/** Asks the first time, and after a failure. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => {
    const asked = answer ?? ask();
    answer = asked;
    asked.catch(() => {
      answer = null;
    });
    return asked;
  };
}

/** Where the user stands. */
function looking({ platform, git, text, settings }: Ground) {
  const { location } = git;
  const hasRef = async (name: string) =>
    (await text.attempt('rev-parse', '--verify', name)).exitCode === 0;
  return {
    head: async () => {
      const { commit, branch } = await readStanding(text);
      return Object.freeze({ commit, branch });
    },
    identity: async () => identityFrom(location.environment, await settings()),
    busy: () => busyState(platform.disk, location.gitDirectory, hasRef),
    checkedOutIn: (branch: string) => worktreeWith(platform.disk, text, location, branch),
    config: async (key: string) => settingOf(await settings(), key),
    ignored: (paths: readonly string[]) => ignoredAmong(git, paths),
    tracked: () => trackedPaths(git),
    unchanged: (entries: readonly TreeEntry[]) => unchangedAmong(platform, git, entries),
  } satisfies Partial<Repository>;
}

/** What is recorded. */
function reading({ platform, git, text, settings, trees }: Ground) {
  async function* smudgedAll(entries: readonly TreeEntry[], tree?: string) {
    yield* smudge({ platform, git, settings: await settings() }, entries, tree ?? null);
  }
  return {
    past: pastFiles(git),
    commitTimes: () => readCommitTimes(git),
    commitTime: (oid: string) => readCommitTime(git, oid),
    commitOf: (oid: string) => commitBehind(git, oid),
    compareTrees: (from: string, to: string) => compareTrees(git, from, to),
    countLines: (from: string, to: string) => countLines(git, from, to),
    treeOf: (commit: string) => {
      const known = trees.get(commit) ?? treeOf(text, commit);
      trees.set(commit, known);
      known.catch(() => trees.delete(commit));
      return known;
    },
    entries: (tree: string) => treeEntries(git, tree),
    blob: (oid: string, limit = defaultBlobLimit) => readBlob(git, oid, limit),
    smudgedAll,
    smudged: async (entry: TreeEntry, tree?: string) => {
      for await (const [, bytes] of smudgedAll([entry], tree)) return bytes;
      throw new Error(`Git gave nothing for ${entry.path}`);
    },
    ref: (name: string) => readReference(text, name),
    refs: (prefix: string) => readReferences(text, prefix),
    firstParents: (tip: string) => readFirstParents(git, tip),
    commitObject: (oid: string) => readCommit(git, oid),
    commitObjects: (oids: readonly string[]) => readCommits(git, oids),
  } satisfies Partial<Repository>;
}

/** The working files as trees. */
function snapping(ground: Ground) {
  const { platform, git, durable, ahead } = ground;
  const begun = () => {
    const found = ahead.begun;
    ahead.begun = null;
    return found;
  };
  const known = (scratch: boolean) => snapshotGround(ground, scratch);
  const place: SnapshotPlace = { platform, git, begun, ground: known };
  return {
    begin: () => {
      ahead.begun ??= new BegunListing(place);
      return ahead.begun;
    },
    forgo: async () => {
      await begun()?.drop();
    },
    look: (request, activity) => {
      // The snapshot that follows asks for it, and hears of a failure.
      durable().catch(() => undefined);
      return lookAhead(place, request, activity);
    },
    snapshot: (request, activity) => takeSnapshot(place, request, activity),
  } satisfies Partial<Repository>;
}

/** What is written beside the user. */
function writing(ground: Ground) {
  const { git, text, settings, durable } = ground;
  const lookup = {
    ref: (name: string) => readReference(text, name),
    refs: (prefix: string) => readReferences(text, prefix),
  };
  return {
    commitTree: async (request) => {
      const signed = isTrue(settingOf(await settings(), 'commit.gpgSign'));
      return writeCommit(git, request, signed, await durable());
    },
    recordedTree: async (code) => buildRecordedTree(ground.platform, git, await durable(), code),
    prepareRefs: async (updates, reason) => {
      const who = identityFrom(git.location.environment, await settings());
      const environment = identityVariables(who);
      const options = { reason, environment, settings: await durable() };
      return prepareRefs(git, lookup, updates, options);
    },
  } satisfies Partial<Repository>;
}

async function snapshotGround(ground: Ground, scratch: boolean): Promise<SnapshotGround> {
  const { git, text, settings, durable } = ground;
  const [head, found, lasting] = await Promise.all([
    readStanding(text),
    settings(),
    scratch ? ['core.fsync=none'] : durable(),
  ]);
  return {
    head,
    unborn: head.tree === null,
    partial: mayLackObjects(found),
    base: head.tree ?? (await emptyTree(git)),
    settings: lasting,
  };
}

async function treeOf(text: TextCommands, commit: string): Promise<string> {
  return (await text.run('rev-parse', '--verify', `${commit}^{tree}`)).trim();
}

/** Its id depends on the repository's hash; nothing is written. */
async function emptyTree(git: GitRunner): Promise<string> {
  const command = ['hash-object', '-t', 'tree', '--stdin'];
  const output = await git.run({ command, input: '', writes: false });
  return output.toString('latin1').trim();
}
