/** What `lstat` tells of one path; times in nanoseconds since the epoch. */
export interface FileFacts {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly size: number;
  /** Bytes that it takes on the disk: fewer than `size` where the file has holes. */
  readonly allocated: number;
  /** Permission bits only (`0o7777`). */
  readonly mode: number;
  readonly modified: bigint;
  readonly changed: bigint;
  readonly inode: bigint;
  readonly device: bigint;
  readonly links: number;
}

/** What of a file's facts changes when its content may have. */
export type FileState = Pick<FileFacts, 'size' | 'modified' | 'changed' | 'inode'>;

/** Whether it is the same file in the same state, as far as a file system can tell. */
export function isSameState(one: FileState, other: FileState): boolean {
  return (
    one.size === other.size &&
    one.modified === other.modified &&
    one.changed === other.changed &&
    one.inode === other.inode
  );
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
}

/** An open file to read at any offset. Owned by whoever opened it. */
export interface ReadHandle {
  facts(): Promise<FileFacts>;
  /** Reads up to `into.length` bytes at `offset`; returns how many there were (0 at the end). */
  read(into: Uint8Array, offset: number): Promise<number>;
  close(): Promise<void>;
}

/** A new file being written from its beginning. `close` without `sync` promises nothing. */
export interface WriteHandle {
  readonly path: string;
  /** Behind what was written before, in the order of the calls: several may be under way. */
  write(bytes: Uint8Array): Promise<void>;
  /** Goes on so many zero bytes further without writing them, where the disk has holes. */
  skip(length: number): Promise<void>;
  /** fsync of the file's bytes. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Everything Cairn does to a disk. Reading methods give `null` for a path that is not there
 * (ENOENT, ENOTDIR) and nothing else; every other error is a `Failure`: `unreadable` where this
 * path may not be read (permission, a directory, a circle of links), `disk-full` (ENOSPC, EDQUOT,
 * EFBIG), else `disk-failed`. Writing methods pass the write seam. Paths are absolute.
 */
export interface Disk {
  /** `lstat`: a link is told as a link. */
  facts(path: string): Promise<FileFacts | null>;
  /** `stat`: follows links. */
  followedFacts(path: string): Promise<FileFacts | null>;
  realPath(path: string): Promise<string | null>;
  readLink(path: string): Promise<string>;
  /** Sorted by name. */
  list(path: string): Promise<DirectoryEntry[] | null>;
  /** Follows links. Never waits for the other end of a pipe: look at `facts()` before reading. */
  openRead(path: string): Promise<ReadHandle | null>;
  /** The whole of a small file; @throws Failure `unreadable` when it is larger than `limit` bytes. */
  readSmall(path: string, limit: number): Promise<Uint8Array | null>;
  /** Bytes free for this user where `path` (or its nearest existing parent) lies; `null` if unknown. */
  freeSpace(path: string): Promise<number | null>;

  /** With all parents. The uppermost directory that had to be made; `null` when all were there. */
  makeDirectory(path: string): Promise<string | null>;
  /** A new file (`wx`): fails where something is already. The umask takes from `mode`. */
  create(path: string, mode?: number): Promise<WriteHandle>;
  /**
   * A new file that shares its blocks with the one at `from` until one of them is written: to be
   * synced and closed, open to nobody else. `null` where the file system cannot, or `from` cannot be
   * read: nothing was made then.
   */
  clone(from: string, to: string): Promise<WriteHandle | null>;
  /** fsync of a directory, so that renames in it last; silently nothing where the system has none. */
  syncDirectory(path: string): Promise<void>;
  /** Replaces a file at `to`; retries EPERM, EBUSY and EACCES for a second where the system is Windows. */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or link; what is not there is fine. */
  remove(path: string): Promise<void>;
  /** Removes an empty directory; one that is not empty or not there is left, `false`. */
  removeEmptyDirectory(path: string): Promise<boolean>;
  /** Removes a directory of Cairn's own with all it holds. */
  removeTree(path: string): Promise<void>;
  makeLink(target: string, path: string): Promise<void>;
  setMode(path: string, mode: number): Promise<void>;
  /** Sets a modification time not later than `modified` (nanoseconds), earlier by at most 1 µs. */
  setTimes(path: string, modified: bigint): Promise<void>;
  /**
   * Writes a small file whole: temporary sibling, sync, rename, directory sync. Without `mode` the
   * file keeps the one it has.
   */
  writeWhole(path: string, bytes: Uint8Array, mode?: number): Promise<void>;
  /** Byte copy through a temporary sibling with the source's mode, not synced: for index copies. */
  copy(from: string, to: string): Promise<void>;
  /**
   * Calls back when something below the directory `path` changes, with its path relative to it;
   * with `null`, once, when nothing more will be told (the directory is gone, the system has no
   * watches left). The caller gathers the calls of one moment.
   */
  watch(path: string, changed: (name: string | null) => void): { dispose(): void };
}
