import type { Chain } from './chunkCode';
import { longestCut } from './gear';
import { packPath, type Shelf } from './layout';
import { OpenFiles } from './openFiles';
import { recordLength, writeRecord } from './packFormat';
import type { PackIndex } from './packIndex';
import type { Location } from './packTable';
import type { PieceMemory } from './pieceMemory';
import type { Recipe } from './recipe';

/** Longer chains than are ever written must come from damage. */
const longestChain = 64;

/**
 * Finds and reads chunks for one operation; looks once at every pack that it needs. Whoever made it
 * closes it.
 */
export class ChunkSource {
  readonly #shelf: Shelf;
  readonly #index: PackIndex;
  #whole = new Map<string, Promise<boolean>>();
  /** As many tables were refused when packs were looked at. */
  #asOf = 0;
  readonly #paths = new Map<string, string>();
  readonly #files: OpenFiles;

  constructor(shelf: Shelf, index: PackIndex) {
    this.#shelf = shelf;
    this.#index = index;
    this.#files = new OpenFiles(shelf.platform.disk);
  }

  /**
   * Whether a chunk can be had, so that it need not be stored. Tables are no proof: the pack has to
   * say the same where they say that it lies.
   */
  async has(digest: string): Promise<boolean> {
    const since = this.refusals;
    const [location] = (await this.locate(digest)) ?? [];
    if (location === undefined) return false;
    if (await this.#isThere(location)) return true;
    return (await this.doubt(since)) && (await this.locate(digest)) !== null;
  }

  /** See `PackIndex.refusals`. */
  get refusals(): number {
    return this.#index.refusals;
  }

  /** Whether a chunk is worth being looked for again. See `PackIndex.doubt`. */
  doubt(since: number): Promise<boolean> {
    return this.#index.doubt(since);
  }

  /** Places from which nothing is taken. */
  condemned(): Promise<Location[]> {
    return this.#index.condemned(this.#files);
  }

  /** A chunk with all that it rests on, in packs that are whole; `null` when something lacks. */
  async locate(digest: string): Promise<Location[] | null> {
    const only = await this.#only(await this.#index.find(digest, this.#files));
    if (only !== null) return only;
    for await (const chain of this.chains(digest)) return chain;
    return null;
  }

  /** Every way to get a chunk. */
  async places(digest: string): Promise<Location[][]> {
    const only = await this.#only(await this.#index.find(digest, this.#files));
    if (only !== null) return [only];
    const places: Location[][] = [];
    for await (const chain of this.chains(digest)) places.push(chain);
    return places;
  }

  /** Most lie in one place and rest on nothing, and a large file has very many of them. */
  async #only([one, ...others]: readonly Location[]): Promise<Location[] | null> {
    if (one === undefined || others.length > 0 || one.base !== null) return null;
    return isPossible(one) && (await this.#isWhole(one.pack)) ? [one] : null;
  }

  /**
   * Whether the packs in which chunks were found are there still: somebody may have collected garbage
   * meanwhile.
   */
  async areStill(packs: Iterable<string>): Promise<boolean> {
    const found = new Set(packs);
    for (const [pack, isWhole] of this.#whole) if (await isWhole) found.add(pack);
    for (const pack of found) if (!(await this.#index.isWhole(pack))) return false;
    return true;
  }

  /** All ways to get a chunk: it may lie in several packs. */
  async *chains(digest: string, over: readonly string[] = []): AsyncGenerator<Location[]> {
    // What was stored twice may rest on itself in one of its places.
    if (over.length > longestChain || over.includes(digest)) return;
    for (const location of await this.#index.find(digest, this.#files)) {
      if (!isPossible(location) || !(await this.#isWhole(location.pack))) continue;
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
        const found = await this.#files.read(this.#path(pack), payload, offset);
        return { encoding, width, length, payload: payload.subarray(0, found) };
      }),
    );
  }

  close(): Promise<void> {
    return this.#files.close();
  }

  /** Whether the record before a payload is the one that it was found by. */
  async #isThere(location: Location): Promise<boolean> {
    if (location.offset < recordLength) return false;
    const record = Buffer.alloc(recordLength);
    await this.#files.read(this.#path(location.pack), record, location.offset - recordLength);
    return record.equals(writeRecord(location));
  }

  /** Put together once: a large file has very many chunks. */
  #path(pack: string): string {
    const path = this.#paths.get(pack) ?? packPath(this.#shelf, pack);
    this.#paths.set(pack, path);
    return path;
  }

  #isWhole(pack: string): Promise<boolean> {
    // Their lengths may be told otherwise since.
    if (this.#asOf !== this.refusals) this.#whole = new Map();
    this.#asOf = this.refusals;
    const known = this.#whole.get(pack) ?? this.#index.isWhole(pack);
    this.#whole.set(pack, known);
    return known;
  }
}

/** Nobody writes longer ones: who reads them shall not run out of memory. */
function isPossible({ stored, length }: Location): boolean {
  return stored <= longestCut && length <= longestCut;
}

/**
 * One source for all who ask at the same time: of a hundred files that are asked about together, no
 * pack is looked at twice. What others remove meanwhile is not found any more (`PackIndex.refresh`).
 */
export class SharedSource {
  readonly #shelf: Shelf;
  readonly #index: PackIndex;
  #source: ChunkSource | null = null;
  #users = 0;

  constructor(shelf: Shelf, index: PackIndex) {
    this.#shelf = shelf;
    this.#index = index;
  }

  /** Whether every chunk of a recipe can be found now, in packs that are whole. */
  async isWhole({ chunks }: Recipe): Promise<boolean> {
    await this.#index.refresh();
    if (chunks === null) return true;
    const digests = new Set<string>();
    for (const { digest } of chunks) digests.add(digest);
    if (await this.#use((source) => areIn(source, digests))) return true;
    await this.#index.refresh();
    if (await this.#alone(digests)) return true;
    return (await this.#index.doubt()) && this.#alone(digests);
  }

  async #use<T>(work: (source: ChunkSource) => Promise<T>): Promise<T> {
    this.#source ??= new ChunkSource(this.#shelf, this.#index);
    const source = this.#source;
    this.#users += 1;
    try {
      return await work(source);
    } finally {
      this.#users -= 1;
      if (this.#users === 0) {
        this.#source = null;
        await source.close();
      }
    }
  }

  /** Looks at everything anew. */
  async #alone(digests: ReadonlySet<string>): Promise<boolean> {
    const source = new ChunkSource(this.#shelf, this.#index);
    try {
      return await areIn(source, digests);
    } finally {
      await source.close();
    }
  }
}

async function areIn(source: ChunkSource, digests: ReadonlySet<string>): Promise<boolean> {
  for (const digest of digests) if ((await source.locate(digest)) === null) return false;
  return true;
}
