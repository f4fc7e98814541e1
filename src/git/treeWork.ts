import { join } from 'node:path';
import type { Platform, ProcessResult } from '../platform';
import { decoded, nulList, shown } from './bytePaths';
import { failureFrom } from './gitFailure';
import type { GitRequest, GitRunner } from './gitRunner';
import type { LeftOut } from './repository';
import { isReadable, isUnreadable } from './screening';
import type { TemporaryIndex } from './temporaryIndex';

/** Whether a path is code that the snapshot takes from the working files. */
export type Captured = (path: string) => boolean;

/** What listing the index and the working files needs. Paths are byte paths. */
export interface Listing {
  readonly platform: Platform;
  readonly git: GitRunner;
  readonly base: string;
  readonly unborn: boolean;
  readonly partial: boolean;
  readonly temporary: TemporaryIndex;
  /** Whether the user had an index to copy. */
  readonly indexFound: boolean;
  readonly settings: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

/** What the steps of building a snapshot's tree share. */
export interface TreeWork extends Listing {
  readonly captured: Captured;
}

/** With what every command of a snapshot is given. */
export function request(work: Listing, own: GitRequest): GitRequest {
  const { settings, variables: environment, signal } = work;
  return { settings, environment, signal, ...own };
}

export function run(work: Listing, own: GitRequest): Promise<Buffer> {
  return work.git.run(request(work, own));
}

export function failed(work: Listing, command: readonly string[], ended: ProcessResult): Error {
  const { exitCode, stderr } = ended;
  return failureFrom({ command, exitCode, stderr, directory: work.git.location.root });
}

/**
 * Adds files through their clean filters. What may not be read is left out, and the entry that it
 * has stays.
 * @param set what is said before (`--cacheinfo`)
 * @returns what was left out
 */
export async function addFiles(
  work: Listing,
  paths: readonly string[],
  set: readonly string[] = [],
): Promise<LeftOut[]> {
  if (paths.length === 0) return [];
  const command = ['update-index', '-z', '--add', '--remove', '--replace', ...set, '--stdin'];
  const attempt = (some: readonly string[]) =>
    work.git.attempt(request(work, { command, input: nulList(some), writes: true }));
  const first = await attempt(paths);
  if (first.exitCode === 0) return ignoredPaths(first.stderr);
  const unreadable = await unreadableAmong(work, paths);
  if (unreadable.size === 0) throw failed(work, command, first);
  const second = await attempt(paths.filter((path) => !unreadable.has(path)));
  if (second.exitCode !== 0) throw failed(work, command, second);
  const leftOut = [...unreadable].map(
    (path): LeftOut => ({ path: shown(path), why: 'unreadable' }),
  );
  return [...leftOut, ...ignoredPaths(second.stderr)];
}

/** Names that Git takes in no index (`git~1`, which Windows takes for `.git`). */
function ignoredPaths(stderr: string): LeftOut[] {
  const lines = [...stderr.matchAll(/^Ignoring path (.+)$/gm)];
  return lines.map(([, path = '']) => ({ path, why: 'unreadable' }));
}

async function unreadableAmong(work: Listing, paths: readonly string[]): Promise<Set<string>> {
  const { disk } = work.platform;
  const unreadable = new Set<string>();
  for (const path of paths) {
    const absolute = join(work.git.location.root, decoded(path) ?? shown(path));
    try {
      const facts = await disk.facts(absolute);
      // A pipe or socket in the place of a file holds nothing that Git could take.
      if (facts?.kind === 'other') unreadable.add(path);
      if (facts?.kind === 'file') await isReadable(disk, absolute);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      unreadable.add(path);
    }
  }
  return unreadable;
}
