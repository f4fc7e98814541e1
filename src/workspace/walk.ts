import { isFailure, throwIfCancelled } from '../core/failure';
import type { DirectoryEntry, Platform } from '../platform';
import { absolutePath } from './paths';

/** Directories listed at once: enough to keep a disk busy, few enough for its queue. */
const listedAtOnce = 8;

export interface WalkRequest {
  /** Directories to begin with, relative to the root; `''` is the root. */
  readonly starts: readonly string[];
  /** Whether to look into a directory below a start. */
  readonly enters: (path: string, name: string) => boolean;
  /** Whether to leave out a directory for what lies in it; starts are not asked. */
  readonly leaves?: (entries: readonly DirectoryEntry[], path: string) => boolean;
  /** Whether files of this name in a directory are counted, but not wanted. Default: all are. */
  readonly passes?: (name: string, directory: string) => boolean;
  /** Lower goes first; what lies in a directory is never before it. Default: all the same. */
  readonly rank?: (name: string) => 0 | 1 | 2;
  /** Stop after so many entries. */
  readonly entries: number;
  /** Stop when `Clock.elapsed` has come to this. */
  readonly until?: number;
  /** Whether the files found so far are all that is wanted. */
  readonly enough?: (files: readonly string[]) => boolean;
  readonly signal?: AbortSignal;
}

export interface Walked {
  /** Paths relative to the root, each directory's in order of their names. */
  readonly files: readonly string[];
  /** Symbolic links; none is followed. */
  readonly links: readonly string[];
  /** Directories that may not be read. */
  readonly unreadable: readonly string[];
  readonly entries: number;
  readonly stopped: 'entries' | 'time' | null;
}

interface Waiting {
  readonly path: string;
  readonly rank: 0 | 1 | 2;
  readonly isStart: boolean;
}

/** Lists directories breadth first, so that what lies near the top is seen before any limit. */
export async function walk(
  platform: Platform,
  root: string,
  request: WalkRequest,
): Promise<Walked> {
  const queues: Waiting[][] = [[], [], []];
  const add = (waiting: Waiting) => queues[waiting.rank]?.push(waiting);
  for (const path of new Set(request.starts)) add({ path, rank: 1, isStart: true });
  const found = { files: [] as string[], links: [] as string[], unreadable: [] as string[] };
  let entries = 0;
  let cut = false;
  for (;;) {
    throwIfCancelled(request.signal);
    const batch = take(queues);
    const stopped = cut || batch.length > 0 ? whyStop(platform, request, entries) : null;
    const ends = batch.length === 0 || request.enough?.(found.files) === true;
    if (stopped !== null || ends) return { ...found, entries, stopped };
    const listings = await Promise.all(
      batch.map(({ path }) => list(platform, root, path, found.unreadable)),
    );
    for (const [index, listing] of listings.entries()) {
      const directory = batch[index];
      if (directory === undefined) continue;
      if (!directory.isStart && request.leaves?.(listing, directory.path)) continue;
      const room = Math.max(0, request.entries - entries);
      cut ||= listing.length > room;
      entries += Math.min(room, listing.length);
      sort(request, directory, listing.slice(0, room), found, add);
    }
  }
}

function whyStop(platform: Platform, request: WalkRequest, entries: number): Walked['stopped'] {
  if (entries >= request.entries) return 'entries';
  if (request.until === undefined || platform.clock.elapsed() < request.until) return null;
  return 'time';
}

function take(queues: readonly Waiting[][]): Waiting[] {
  return (queues.find((queue) => queue.length > 0) ?? []).splice(0, listedAtOnce);
}

async function list(
  platform: Platform,
  root: string,
  path: string,
  unreadable: string[],
): Promise<DirectoryEntry[]> {
  try {
    return (await platform.disk.list(path === '' ? root : absolutePath(root, path))) ?? [];
  } catch (error) {
    // A directory without permission is told, and does not keep the others from being seen.
    if (!isFailure(error, 'unreadable')) throw error;
    unreadable.push(path);
    return [];
  }
}

function sort(
  request: WalkRequest,
  directory: Waiting,
  listing: readonly DirectoryEntry[],
  found: { files: string[]; links: string[] },
  add: (waiting: Waiting) => void,
): void {
  for (const { name, kind } of listing) {
    if (kind === 'file' && request.passes?.(name, directory.path)) continue;
    const path = directory.path === '' ? name : `${directory.path}/${name}`;
    if (kind === 'file') found.files.push(path);
    else if (kind === 'link') found.links.push(path);
    else if (kind === 'directory' && request.enters(path, name)) {
      // What lies in a place for models comes early too, what lies in one for data late.
      const own = request.rank?.(name) ?? 1;
      add({ path, rank: own === 1 ? directory.rank : own, isStart: false });
    }
  }
}
