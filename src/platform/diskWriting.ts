import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import type { Disk, WriteHandle } from './disk';
import { diskError, errnoOf, isAbsent, passSeam, throughSeam, writing } from './diskErrors';
import type { Clock } from './platform';
import type { WriteSeam } from './seam';

/** What writing to a disk rests on. */
export interface DiskGround {
  readonly seam: WriteSeam;
  readonly clock: Clock;
  /** As `Platform.system`: what only Windows needs is decided by it, and so can be tested. */
  readonly system: string;
}

type Writing = Pick<
  Disk,
  | 'makeDirectory'
  | 'create'
  | 'clone'
  | 'syncDirectory'
  | 'rename'
  | 'remove'
  | 'removeEmptyDirectory'
  | 'removeTree'
  | 'makeLink'
  | 'setMode'
  | 'setTimes'
>;

/**
 * So many bytes are sent on to the disk while more are written: at the end, nothing is left to wait
 * for but the last of them. Shorter files are synced once.
 */
const sentOnEvery = 32 << 20;

class NodeWriteHandle implements WriteHandle {
  readonly path: string;
  readonly #file: fs.FileHandle;
  readonly #seam: WriteSeam;
  #length = 0;
  #sent = 0;
  /** What the disk said of what was sent on: it tells an error only once. */
  #sending: Promise<Error | null> | null = null;
  #endsInHole = false;
  #closed = false;

  constructor(file: fs.FileHandle, path: string, seam: WriteSeam) {
    this.#file = file;
    this.path = path;
    this.#seam = seam;
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      const fault = this.#seam.before({ kind: 'disk.write', target: this.path });
      const whole = fault === null || fault.late === true;
      await this.#writeAll(whole ? bytes : bytes.subarray(0, fault.short ?? 0));
      if (fault !== null) throw fault.error;
      if (this.#length - this.#sent >= sentOnEvery) await this.#sendOn();
    } catch (error) {
      throw diskError('write', this.path, error);
    }
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    // Whoever writes next comes behind, also before this is done.
    const start = this.#length;
    this.#length += bytes.length;
    if (bytes.length > 0) this.#endsInHole = false;
    let done = 0;
    while (done < bytes.length) {
      const rest = bytes.length - done;
      const { bytesWritten } = await this.#file.write(bytes, done, rest, start + done);
      // The system may write less than asked and say why only at the next attempt.
      if (bytesWritten === 0) throw Object.assign(new Error('nothing written'), { code: 'EIO' });
      done += bytesWritten;
    }
  }

  /** Waits for what was sent on before, and does not wait for what is sent now. */
  async #sendOn(): Promise<void> {
    this.#sent = this.#length;
    const before = this.#sending;
    const send = async () => {
      const failed = await before;
      if (failed) throw failed;
      passSeam(this.#seam, 'disk.sync', this.path);
      await this.#file.datasync();
    };
    this.#sending = send().then(
      () => null,
      (error: Error) => error,
    );
    const failed = await before;
    if (failed) throw failed;
  }

  async #settle(): Promise<void> {
    const failed = await this.#sending;
    if (failed) throw failed;
  }

  skip(length: number): Promise<void> {
    this.#length += length;
    this.#endsInHole = length > 0 || this.#endsInHole;
    return Promise.resolve();
  }

  /** A hole at the very end exists only once the length is set. */
  async #endHole(): Promise<void> {
    if (!this.#endsInHole) return;
    await writing(this.#seam, 'disk.write', this.path, () => this.#file.truncate(this.#length));
    this.#endsInHole = false;
  }

  async sync(): Promise<void> {
    await this.#endHole();
    await writing(this.#seam, 'disk.sync', this.path, async () => {
      await this.#settle();
      await this.#file.sync();
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      await this.#endHole();
      passSeam(this.#seam, 'disk.close', this.path);
    } catch (error) {
      throw diskError('close', this.path, error);
    } finally {
      // Also after a fault: the descriptor is ours to give back, and a real `close` that fails
      // gives it back too. What is still on its way has it until then.
      await this.#sending;
      await this.#file.close();
    }
  }
}

async function create(seam: WriteSeam, path: string, mode?: number): Promise<WriteHandle> {
  try {
    passSeam(seam, 'disk.create', path);
    return new NodeWriteHandle(await fs.open(path, 'wx', mode), path, seam);
  } catch (error) {
    throw diskError('create', path, error);
  }
}

const cloneFlags = constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE;
const ownerOnly = 0o600;

/** `FICLONE` on Linux, `clonefile` on macOS, which keeps the times too: they become those of now. */
async function clone(ground: DiskGround, from: string, to: string): Promise<WriteHandle | null> {
  try {
    passSeam(ground.seam, 'disk.create', to);
    await fs.copyFile(from, to, cloneFlags);
  } catch (error) {
    // Each system has its own words for what it cannot do; who writes the file instead hears of the
    // rest.
    if (errnoOf(error) === null) throw error;
    return null;
  }
  try {
    await fs.chmod(to, ownerOnly);
    const file = await fs.open(to, 'r+');
    const now = ground.clock.now();
    await file.utimes(now, now);
    return new NodeWriteHandle(file, to, ground.seam);
  } catch (error) {
    throw diskError('create', to, error);
  }
}

/** Waits between attempts, in milliseconds: a second in all. */
const patience = [10, 20, 40, 80, 150, 300, 400];
const passing = new Set(['EPERM', 'EBUSY', 'EACCES']);

/**
 * On Windows a virus scanner or an indexer that has a file open makes renaming and removing it fail
 * for a moment.
 */
async function patiently<T>(ground: DiskGround, attempt: () => Promise<T>): Promise<T> {
  if (!ground.system.startsWith('win32')) return attempt();
  for (const wait of patience) {
    try {
      return await attempt();
    } catch (error) {
      if (!passing.has(errnoOf(error) ?? '')) throw error;
      await ground.clock.sleep(wait);
    }
  }
  return attempt();
}

async function rename(ground: DiskGround, from: string, to: string): Promise<void> {
  try {
    await patiently(ground, () =>
      throughSeam(ground.seam, 'disk.rename', to, () => fs.rename(from, to)),
    );
  } catch (error) {
    throw diskError('rename', to, error);
  }
}

async function remove(ground: DiskGround, path: string): Promise<void> {
  try {
    await patiently(ground, () =>
      throughSeam(ground.seam, 'disk.remove', path, () => fs.unlink(path)),
    );
  } catch (error) {
    if (!isAbsent(error)) throw diskError('remove', path, error);
  }
}

const notEmpty = new Set(['ENOTEMPTY', 'EEXIST']);

async function removeEmptyDirectory(seam: WriteSeam, path: string): Promise<boolean> {
  try {
    await throughSeam(seam, 'disk.remove', path, () => fs.rmdir(path));
    return true;
  } catch (error) {
    if (isAbsent(error) || notEmpty.has(errnoOf(error) ?? '')) return false;
    throw diskError('remove', path, error);
  }
}

const noDirectorySync = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP']);
const noDirectorySyncOnWindows = new Set(['EISDIR', 'EPERM', 'EACCES', 'EBADF']);

async function syncDirectory(ground: DiskGround, path: string): Promise<void> {
  try {
    passSeam(ground.seam, 'disk.syncDirectory', path);
    const directory = await fs.open(path, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  } catch (error) {
    // Windows and some network file systems have no such thing; the rename is then as durable as
    // they make it.
    const errno = errnoOf(error) ?? '';
    if (noDirectorySync.has(errno)) return;
    if (ground.system.startsWith('win32') && noDirectorySyncOnWindows.has(errno)) return;
    throw diskError('syncDirectory', path, error);
  }
}

/**
 * The system takes seconds as a double, whose steps near today are 2⁻²² s. Rounding down to 2⁻²⁰ s
 * first keeps the value exact, and so never later than asked.
 */
function secondsNotLater(nanoseconds: bigint): number {
  const steps = (nanoseconds << 20n) / 1_000_000_000n;
  const notAfter = nanoseconds < 0n ? steps - 1n : steps;
  return Number(notAfter) / 2 ** 20;
}

function setTimes(seam: WriteSeam, path: string, modified: bigint): Promise<void> {
  const seconds = secondsNotLater(modified);
  return writing(seam, 'disk.setTimes', path, () => fs.utimes(path, seconds, seconds));
}

/** The writing half of the Node disk, one system call (or two) each. */
export function diskWriting(ground: DiskGround): Writing {
  const { seam } = ground;
  return {
    makeDirectory: async (path) =>
      (await writing(seam, 'disk.makeDirectory', path, () =>
        fs.mkdir(path, { recursive: true }),
      )) ?? null,
    create: (path, mode) => create(seam, path, mode),
    clone: (from, to) => clone(ground, from, to),
    syncDirectory: (path) => syncDirectory(ground, path),
    rename: (from, to) => rename(ground, from, to),
    remove: (path) => remove(ground, path),
    removeEmptyDirectory: (path) => removeEmptyDirectory(seam, path),
    removeTree: (path) =>
      writing(seam, 'disk.remove', path, () =>
        fs.rm(path, { recursive: true, force: true, maxRetries: 5 }),
      ),
    makeLink: (target, path) => writing(seam, 'disk.link', path, () => fs.symlink(target, path)),
    setMode: (path, mode) => writing(seam, 'disk.setMode', path, () => fs.chmod(path, mode)),
    setTimes: (path, modified) => setTimes(seam, path, modified),
  };
}
