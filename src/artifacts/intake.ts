import { dirname } from 'node:path';
import { Failure, throwIfCancelled } from '../core/failure';
import type { Activity } from '../core/progress';
import type { FileFacts, ReadHandle, WriteHandle } from '../platform';
import { discard } from './discard';
import { objectPath, objectSize, type Shelf, shardPath, unfinishedPath } from './layout';
import type { PutResult, StoredArtifact } from './store';
import { stream } from './stream';

/** Nobody writes to an object again. */
const objectMode = 0o444;
/** The longest step of a file system's clock that is common (100 Hz), doubled; in milliseconds. */
const clockStep = 20;

/** Puts things into a store, and remembers which of its directories are known to last. */
export class Intake {
  readonly #shelf: Shelf;
  readonly #lasting = new Set<string>();
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  async put(path: string, activity?: Activity): Promise<PutResult> {
    throwIfCancelled(activity?.signal);
    const { disk } = this.#shelf.platform;
    const facts = await regularFacts(this.#shelf, path);
    const source = await disk.openRead(path);
    if (source === null) throw new Failure('file-changed', { path });
    try {
      if (!isSame(facts, await source.facts())) throw new Failure('file-changed', { path });
      return await this.#putOpened({ path, facts, source, activity });
    } finally {
      await source.close();
    }
  }

  async #putOpened(opened: Opened): Promise<PutResult> {
    const { facts } = opened;
    const lacking = await missingSpace(this.#shelf, facts.allocated);
    if (lacking === null) return this.#store(opened);
    // It may be here already, and then it needs no space.
    const sha256 = await this.#read(opened, null);
    if ((await objectSize(this.#shelf, sha256)) !== facts.size) throw lacking;
    await this.#makeLast(sha256);
    return { sha256, size: facts.size, facts, added: 0 };
  }

  async #store(opened: Opened): Promise<PutResult> {
    const { facts } = opened;
    let sha256 = '';
    const added = await this.#write(async (file) => {
      sha256 = await this.#read(opened, file);
      return { sha256, size: facts.size };
    });
    return { sha256, size: facts.size, facts, added };
  }

  async putBytes(bytes: Uint8Array): Promise<StoredArtifact> {
    const stored = { sha256: this.#shelf.platform.hashing.sha256Of(bytes), size: bytes.length };
    if ((await objectSize(this.#shelf, stored.sha256)) === stored.size) {
      await this.#makeLast(stored.sha256);
      return stored;
    }
    await this.#write(async (file) => {
      await file.write(bytes);
      return stored;
    });
    return stored;
  }

  /** Reads and hashes the source into `target`; whatever changed meanwhile shows here. */
  async #read(opened: Opened, target: WriteHandle | null): Promise<string> {
    const { path, facts, source, activity } = opened;
    const hash = this.#shelf.platform.hashing.sha256();
    const read = await stream({ source, facts, hash, target, phase: 'storing', path, activity });
    const there = await this.#shelf.platform.disk.followedFacts(path);
    const whole = read === facts.size && isSame(facts, await source.facts());
    // By its path too: a file that was replaced meanwhile is open here as it was.
    if (!whole || there === null || !isSame(facts, there)) {
      throw new Failure('file-changed', { path });
    }
    return hash.digest();
  }

  /**
   * Has a new file written, and makes it the object that it then is: whole and synced before it gets
   * its name. Whatever fails, there is no object and no temporary file.
   * @returns the bytes newly on disk; 0 when the object was there
   */
  async #write(fill: (file: WriteHandle) => Promise<StoredArtifact>): Promise<number> {
    const { disk } = this.#shelf.platform;
    await disk.makeDirectory(this.#shelf.temporaryDirectory);
    const file = await disk.create(unfinishedPath(this.#shelf), objectMode);
    try {
      const stored = await fill(file);
      return await this.#inTurn(() => this.#publish(file, stored));
    } catch (error) {
      await discard(disk, file);
      throw error;
    }
  }

  async #publish(file: WriteHandle, { sha256, size }: StoredArtifact): Promise<number> {
    const { disk } = this.#shelf.platform;
    const present = await objectSize(this.#shelf, sha256);
    if (present === size) {
      await file.close();
      await disk.remove(file.path);
      await this.#makeLast(sha256);
      return 0;
    }
    await file.sync();
    await file.close();
    const object = objectPath(this.#shelf, sha256);
    await this.#makeShard(sha256);
    // A read-only file cannot be replaced everywhere; this one has the wrong length anyway.
    if (present !== null) await disk.remove(object);
    await disk.rename(file.path, object);
    await disk.syncDirectory(shardPath(this.#shelf, sha256));
    return size;
  }

  /** Equal files may come in at once: one publishes, the others find it there. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(work, work);
    this.#lastTurn = turn;
    return turn;
  }

  /** An object that another process has just renamed may not be synced yet. */
  async #makeLast(sha256: string): Promise<void> {
    await this.#makeShard(sha256);
    await this.#shelf.platform.disk.syncDirectory(shardPath(this.#shelf, sha256));
  }

  async #makeShard(sha256: string): Promise<void> {
    await this.#makeDirectory(this.#shelf.directory);
    await this.#makeDirectory(shardPath(this.#shelf, sha256));
  }

  /**
   * Makes a directory whose entry lasts. One that is there may be a crashed process's, so its entry
   * is synced once too.
   */
  async #makeDirectory(path: string): Promise<void> {
    const { disk } = this.#shelf.platform;
    const first = await disk.makeDirectory(path);
    if (first === null && this.#lasting.has(path)) return;
    const uppermost = first ?? path;
    for (let made = path; made.length >= uppermost.length; made = dirname(made)) {
      await disk.syncDirectory(dirname(made));
    }
    this.#lasting.add(path);
  }
}

interface Opened {
  readonly path: string;
  readonly facts: FileFacts;
  readonly source: ReadHandle;
  readonly activity: Activity | undefined;
}

/** Whether it is the same file in the same state, as far as a file system can tell. */
function isSame(one: FileFacts, other: FileFacts): boolean {
  return (
    one.inode === other.inode &&
    one.size === other.size &&
    one.modified === other.modified &&
    one.changed === other.changed
  );
}

/**
 * The facts of the file at `path`, or that a link there leads to. One written within the last step
 * of the file system's clock could be written again without its time showing it, so that step is
 * waited for.
 */
async function regularFacts(shelf: Shelf, path: string): Promise<FileFacts> {
  const { disk, clock } = shelf.platform;
  const look = async () => {
    const facts = await disk.followedFacts(path);
    if (facts === null) throw new Failure('no-such-file', { path });
    if (facts.kind === 'file') return facts;
    const why = facts.kind === 'directory' ? 'it is a directory' : 'not a regular file';
    throw new Failure('unreadable', { path, why });
  };
  const facts = await look();
  const age = clock.now().getTime() - Number(facts.modified / 1_000_000n);
  if (Math.abs(age) >= clockStep) return facts;
  await clock.sleep(clockStep - age);
  return look();
}

/** The failure to throw when so many bytes do not fit where the store lies. */
async function missingSpace(shelf: Shelf, needed: number): Promise<Failure<'disk-full'> | null> {
  const free = await shelf.platform.disk.freeSpace(shelf.temporaryDirectory);
  if (free === null || needed <= free) return null;
  return new Failure('disk-full', { path: shelf.directory, needed, free });
}
