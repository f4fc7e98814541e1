import { Failure } from '../core/failure';
import { withoutNetwork } from './environment';
import type { GitRunner } from './gitRunner';
import { followLines, type LineChange } from './lineLog';

/** A file of a commit. */
export interface PastPlace {
  readonly commit: string;
  readonly path: string;
}

/** Which lines of which commit's file a history is asked of; lines from 1, both included. */
export interface LinesAsked {
  readonly tip: string;
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

/** Reading one file, or some lines of it, through many commits in a few processes. Never fetches. */
export interface PastFiles {
  /** The blob at each place; `null` where there is no file. One process altogether. */
  blobsAt(
    places: readonly PastPlace[],
  ): Promise<readonly ({ readonly oid: string; readonly size: number } | null)[]>;
  /** The bytes of blobs, in order, one at a time. One process altogether. */
  contents(oids: readonly string[]): AsyncIterable<Buffer>;
  /** For each pair of commits the paths that differ, deleted ones too. One process altogether. */
  changedPaths(
    pairs: readonly { readonly from: string; readonly to: string }[],
  ): Promise<readonly (readonly string[])[]>;
  /**
   * The commits on the first-parent line up to `tip` that changed these lines, newest first, with
   * where the lines are before and after; renames are followed. Empty where there is no such file.
   */
  lineChanges(asked: LinesAsked): Promise<readonly LineChange[]>;
}

export function pastFiles(git: GitRunner): PastFiles {
  return {
    blobsAt: (places) => blobsAt(git, places),
    contents: (oids) => contents(git, oids),
    changedPaths: (pairs) => changedPaths(git, pairs),
    lineChanges: (asked) => lineChanges(git, asked),
  };
}

async function blobsAt(git: GitRunner, places: readonly PastPlace[]) {
  // A name with a line end in it cannot be asked for by lines; nobody trains from such a file.
  const askable = places.filter(({ path }) => !/[\r\n]/.test(path));
  if (askable.length === 0) return places.map(() => null);
  const output = await git.run({
    command: ['cat-file', '--batch-check=%(objecttype) %(objectname) %(objectsize)'],
    input: askable.map(({ commit, path }) => `${commit}:${path}\n`).join(''),
    environment: withoutNetwork,
    writes: false,
  });
  const lines = output.toString('utf8').split('\n');
  const found = new Map(askable.map((place, index) => [place, blobOf(lines[index] ?? '')]));
  return places.map((place) => found.get(place) ?? null);
}

function blobOf(line: string) {
  const found = /^blob ([0-9a-f]+) (\d+)$/.exec(line);
  return found === null ? null : { oid: found[1] ?? '', size: Number(found[2]) };
}

/** So many are asked for before the first is read: few enough that no pipe fills up. */
const askedAtOnce = 64;

async function* contents(
  git: GitRunner,
  oids: readonly string[],
): AsyncGenerator<Buffer, void, undefined> {
  if (oids.length === 0) return;
  const command = ['cat-file', '--batch'];
  const conversation = await git.converse({ command, environment: withoutNetwork, writes: false });
  let whole = false;
  try {
    for (let at = 0; at < oids.length; at += askedAtOnce) {
      const asked = oids.slice(at, at + askedAtOnce);
      await conversation.say(asked.map((oid) => `${oid}\n`).join(''));
      for (const oid of asked) {
        const size = / blob (\d+)$/.exec((await conversation.line()) ?? '')?.[1];
        // Git ends every object with a line break of its own.
        const bytes = size === undefined ? null : await conversation.bytes(Number(size) + 1);
        if (bytes === null) throw new Failure('unreadable', { path: oid, why: 'Git has lost it' });
        yield bytes.subarray(0, -1);
      }
    }
    whole = true;
  } finally {
    if (!whole) conversation.kill();
    await conversation.end();
  }
}

async function changedPaths(
  git: GitRunner,
  pairs: readonly { readonly from: string; readonly to: string }[],
): Promise<string[][]> {
  if (pairs.length === 0) return [];
  // A line "<commit> <commit>" compares the first with the second, taken for its parent.
  const output = await git.run({
    command: [
      'diff-tree',
      '--stdin',
      '-r',
      '-z',
      '--name-only',
      '--no-renames',
      '--root',
      '--always',
    ],
    input: pairs.map(({ from, to }) => `${to} ${from}\n`).join(''),
    environment: withoutNetwork,
    writes: false,
  });
  const changed: string[][] = [];
  let at = -1;
  for (const field of output.toString('utf8').split('\0')) {
    // Each answer begins with the commit that was asked for.
    if (field === pairs[at + 1]?.to) {
      at++;
      changed.push([]);
    } else if (field !== '') changed[at]?.push(field);
  }
  return pairs.map((_, index) => changed[index] ?? []);
}

async function lineChanges(git: GitRunner, asked: LinesAsked): Promise<LineChange[]> {
  const { tip, path, from, to } = asked;
  const { exitCode, stdout } = await git.attempt({
    command: [
      ...['log', '--first-parent', '-m', '-p', '-U0', '--follow', '--no-color', '--no-ext-diff'],
      ...['--no-textconv', '--format=%x00%H', '--end-of-options', tip, '--', path],
    ],
    environment: withoutNetwork,
    writes: false,
  });
  // Git's refusal says that there is no such commit.
  return exitCode === 0 ? followLines(stdout.toString('utf8'), from, to) : [];
}
