import { Failure } from '../core/failure';
import type { Disk, ReadHandle } from '../platform';

/** Systems let a process have some hundred files open; who needs a file again opens it again. */
const mostOpen = 64;

interface Opened {
  readonly handle: Promise<ReadHandle>;
  /** Reads under way. */
  users: number;
}

/** The files that one operation reads here and there. Whoever made it closes it. */
export class OpenFiles {
  readonly #disk: Disk;
  readonly #open = new Map<string, Opened>();

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /** How many bytes there were. @throws Failure `disk-failed`, also where there is no such file */
  read(path: string, into: Uint8Array, offset: number): Promise<number> {
    return this.#with(path, (handle) => handle.read(into, offset));
  }

  /** The length of a regular file; `null` for anything else. @throws as `read` */
  size(path: string): Promise<number | null> {
    return this.#with(path, async (handle) => {
      const { kind, size } = await handle.facts();
      return kind === 'file' ? size : null;
    });
  }

  async close(): Promise<void> {
    const opened = [...this.#open.values()];
    this.#open.clear();
    for (const { handle } of opened) await closed(handle);
  }

  async #with<T>(path: string, use: (handle: ReadHandle) => Promise<T>): Promise<T> {
    const opened = this.#open.get(path) ?? { handle: this.#opened(path), users: 0 };
    // The one that was used last is the last to be closed.
    this.#open.delete(path);
    this.#open.set(path, opened);
    opened.users += 1;
    try {
      return await use(await opened.handle);
    } finally {
      opened.users -= 1;
      await this.#closeSome();
    }
  }

  async #opened(path: string): Promise<ReadHandle> {
    const handle = await this.#disk.openRead(path);
    if (handle !== null) return handle;
    throw new Failure('disk-failed', { operation: 'open', path, errno: 'ENOENT' });
  }

  async #closeSome(): Promise<void> {
    if (this.#open.size <= mostOpen) return;
    for (const [path, { handle, users }] of this.#open) {
      if (users > 0) continue;
      this.#open.delete(path);
      return closed(handle);
    }
  }
}

/** One that could not be opened needs nothing. */
async function closed(handle: Promise<ReadHandle>): Promise<void> {
  const [opened] = await Promise.allSettled([handle]);
  if (opened?.status === 'fulfilled') await opened.value.close();
}
