import { join } from 'node:path';
import { startThread, threadsAtOnce } from '../platform';
import { type Coder, OwnThreadCoder } from './coder';
import { CoderPool } from './coderPool';
import type { Shelf } from './layout';

/** Threads take a moment to start: what is smaller is done sooner without them. */
const worthThreads = 4 << 20;
/** More would hardly be faster, for the disk and the file's digest, and each takes some 30 MB. */
const mostThreads = 6;
/** All that they make are messages, and what zstd writes into. */
const youngMegabytes = 2;
/** Of all threads together. */
const oldMegabytes = 96;

/** The threads of this process; every store uses them. By the script that they run. */
const pools = new Map<string, CoderPool>();

/** Chooses who does the work: this thread, or others where there is much of it. */
export class Coders {
  readonly #own: Coder;
  readonly #script: Promise<string | null>;

  /** @param script that the threads run; left out: the one that lies beside this code, if there is */
  constructor(shelf: Shelf, script = join(__dirname, 'coder.js')) {
    this.#own = new OwnThreadCoder(shelf.platform.hashing);
    const { disk } = shelf.platform;
    // Where the product runs from its sources there is none, and this thread does it all.
    this.#script = disk.facts(script).then((facts) => (facts === null ? null : script));
    this.#script.catch(() => undefined);
  }

  /** For a file of so many bytes. */
  async for(size: number): Promise<Coder> {
    if (size < worthThreads) return this.#own;
    const script = await this.#script;
    return script === null ? this.#own : poolFor(script);
  }
}

function poolFor(script: string): CoderPool {
  const known = pools.get(script);
  if (known !== undefined) return known;
  const count = Math.min(Math.max(threadsAtOnce(), 1), mostThreads);
  const room = { youngMegabytes, oldMegabytes: Math.floor(oldMegabytes / count) };
  const start = () => startThread(script, 'cairn-coder', room);
  const pool = new CoderPool(Array.from({ length: count }, start), start);
  pools.set(script, pool);
  return pool;
}
