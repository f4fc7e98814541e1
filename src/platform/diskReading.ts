import { type BigIntStats, constants, type Dirent } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '../core/failure';
import type { DirectoryEntry, Disk, FileFacts, ReadHandle } from './disk';
import { errnoOf, isAbsent, reading, readingIfThere } from './diskErrors';

type Reading = Pick<
  Disk,
  | 'facts'
  | 'followedFacts'
  | 'realPath'
  | 'readLink'
  | 'list'
  | 'openRead'
  | 'readSmall'
  | 'freeSpace'
>;

function kindOf(entry: BigIntStats | Dirent): FileFacts['kind'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

function factsOf(stats: BigIntStats): FileFacts {
  return Object.freeze({
    kind: kindOf(stats),
    size: Number(stats.size),
    allocated: Number(stats.blocks) * 512,
    mode: Number(stats.mode & 0o7777n),
    modified: stats.mtimeNs,
    changed: stats.ctimeNs,
    inode: stats.ino,
    device: stats.dev,
    links: Number(stats.nlink),
  });
}

function facts(path: string): Promise<FileFacts | null> {
  return readingIfThere('facts', path, async () => factsOf(await fs.lstat(path, { bigint: true })));
}

function followedFacts(path: string): Promise<FileFacts | null> {
  return readingIfThere('facts', path, async () => factsOf(await fs.stat(path, { bigint: true })));
}

function byName(one: DirectoryEntry, other: DirectoryEntry): number {
  if (one.name === other.name) return 0;
  return one.name < other.name ? -1 : 1;
}

async function list(path: string): Promise<DirectoryEntry[] | null> {
  const entries = await readingIfThere('list', path, () =>
    fs.readdir(path, { withFileTypes: true }),
  );
  if (entries === null) return null;
  return entries.map((entry) => ({ name: entry.name, kind: kindOf(entry) })).sort(byName);
}

class NodeReadHandle implements ReadHandle {
  readonly #file: fs.FileHandle;
  readonly #path: string;

  constructor(file: fs.FileHandle, path: string) {
    this.#file = file;
    this.#path = path;
  }

  facts(): Promise<FileFacts> {
    return reading('facts', this.#path, async () =>
      factsOf(await this.#file.stat({ bigint: true })),
    );
  }

  read(into: Uint8Array, offset: number): Promise<number> {
    return reading('read', this.#path, async () => {
      let done = 0;
      while (done < into.length) {
        const { bytesRead } = await this.#file.read(into, done, into.length - done, offset + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return done;
    });
  }

  close(): Promise<void> {
    return reading('close', this.#path, () => this.#file.close());
  }
}

// A pipe in the place of a file would keep a blocking `open` (and a thread) waiting for ever.
// Windows has neither the flag nor such files.
const readFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

async function openRead(path: string): Promise<ReadHandle | null> {
  const file = await readingIfThere('open', path, () => fs.open(path, readFlags));
  return file === null ? null : new NodeReadHandle(file, path);
}

async function readUpTo(handle: ReadHandle, path: string, limit: number): Promise<Uint8Array> {
  const { size, kind } = await handle.facts();
  const tooLarge = (found: string) =>
    new Failure('unreadable', { path, why: `${found} bytes, more than the limit of ${limit}` });
  if (kind !== 'file') throw new Failure('unreadable', { path, why: 'not a regular file' });
  if (size > limit) throw tooLarge(`${size}`);
  // One byte more than expected shows a file that grew; files of `/proc` say 0 and hold something.
  let bytes = new Uint8Array(Math.max(size, 4096) + 1);
  let done = await handle.read(bytes, 0);
  while (done === bytes.length && done <= limit) {
    const larger = new Uint8Array(Math.min(bytes.length * 2, limit + 1));
    larger.set(bytes);
    done += await handle.read(larger.subarray(done), done);
    bytes = larger;
  }
  if (done > limit) throw tooLarge(`at least ${done}`);
  return bytes.subarray(0, done);
}

async function readSmall(path: string, limit: number): Promise<Uint8Array | null> {
  const handle = await openRead(path);
  if (handle === null) return null;
  try {
    return await readUpTo(handle, path, limit);
  } finally {
    await handle.close();
  }
}

async function freeSpace(path: string): Promise<number | null> {
  try {
    const space = await fs.statfs(path, { bigint: true });
    // Some network file systems give no figures at all: then all of them are 0.
    return space.blocks === 0n ? null : Number(space.bavail * space.bsize);
  } catch (error) {
    if (isAbsent(error) && dirname(path) !== path) return freeSpace(dirname(path));
    // A figure for people to see and for an early refusal: a file system that gives none is fine.
    if (errnoOf(error) !== null) return null;
    throw error;
  }
}

/** The reading half of the Node disk. */
export const diskReading: Reading = {
  facts,
  followedFacts,
  realPath: (path) => readingIfThere('realPath', path, () => fs.realpath(path)),
  readLink: (path) => reading('readLink', path, () => fs.readlink(path)),
  list,
  openRead,
  readSmall,
  freeSpace,
};
