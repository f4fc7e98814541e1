import { Failure } from '../core/failure';
import type { ReadHandle } from '../platform';
import type { Chain } from './chunkCode';
import { packPath, type Shelf } from './layout';
import type { PackIndex } from './packIndex';
import type { Location } from './packTable';
import type { PieceMemory } from './pieceMemory';
import type { Recipe } from './recipe';

/** Longer chains than are ever written must come from damage. */
const longestChain = 64;

/**
 * Finds and reads chunks for one operation; looks once at every pack that it needs, and keeps it
 * open. Whoever made it closes it.
 */
export class ChunkSource {
  readonly #shelf: Shelf;
  readonly #index: PackIndex;
  readonly #whole = new Map<string, Promise<boolean>>();
  readonly #open = new Map<string, Promise<ReadHandle>>();

  constructor(shelf: Shelf, index: PackIndex) {
    this.#shelf = shelf;
    this.#index = index;
  }

  /** A chunk with all that it rests on, in packs that are whole; `null` when something lacks. */
  async locate(digest: string): Promise<Location[] | null> {
    for await (const chain of this.chains(digest)) return chain;
    return null;
  }

  /** All ways to get a chunk: it may lie in several packs. */
  async *chains(digest: string, over: readonly string[] = []): AsyncGenerator<Location[]> {
    // What was stored twice may rest on itself in one of its places.
    if (over.length > longestChain || over.includes(digest)) return;
    for (const location of this.#index.find(digest)) {
      if (!(await this.#isWhole(location.pack))) continue;
      const { base } = location;
      if (base === null) yield [location];
      else for await (const rest of this.chains(base, [...over, digest])) yield [location, ...rest];
    }
  }

  /**
   * What lies in the packs, each payload in memory of its own, for it may go over to another thread.
   * @throws Failure `disk-failed`, also for a lost pack
   */
  read(chain: readonly Location[], memory: PieceMemory): Promise<Chain> {
    return Promise.all(
      chain.map(async ({ pack, offset, stored, encoding, width, length }) => {
        const payload = memory.take(stored);
        const file = await this.#handle(pack);
        const found = await file.read(payload, offset);
        return { encoding, width, length, payload: payload.subarray(0, found) };
      }),
    );
  }

  async close(): Promise<void> {
    const handles = await Promise.allSettled(this.#open.values());
    this.#open.clear();
    for (const opened of handles) if (opened.status === 'fulfilled') await opened.value.close();
  }

  #isWhole(pack: string): Promise<boolean> {
    const known = this.#whole.get(pack) ?? this.#index.isWhole(pack);
    this.#whole.set(pack, known);
    return known;
  }

  #handle(pack: string): Promise<ReadHandle> {
    const known = this.#open.get(pack) ?? this.#openPack(pack);
    this.#open.set(pack, known);
    return known;
  }

  async #openPack(pack: string): Promise<ReadHandle> {
    const path = packPath(this.#shelf, pack);
    const handle = await this.#shelf.platform.disk.openRead(path);
    if (handle === null)
      throw new Failure('disk-failed', { operation: 'open', path, errno: 'ENOENT' });
    return handle;
  }
}

/** Whether every chunk of a recipe can be found now, in packs that are whole. */
export async function isWhole(
  shelf: Shelf,
  index: PackIndex,
  { chunks }: Recipe,
): Promise<boolean> {
  if (chunks === null) return true;
  await index.refresh();
  const source = new ChunkSource(shelf, index);
  for (const digest of new Set(chunks.map((chunk) => chunk.digest))) {
    if ((await source.locate(digest)) === null) return false;
  }
  return true;
}
