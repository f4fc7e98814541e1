import { Failure } from '../core/failure';
import type { OpenedReader } from '../platform';
import { ChunkList, type RecipeChunk } from './chunkList';
import type { ChunkSource } from './chunkSource';
import type { Coder } from './coder';
import type { Location } from './packTable';
import type { Bytes, PieceMemory } from './pieceMemory';
import { BrokenChunk } from './planeStream';
import type { Recipe } from './recipe';

/** Some bytes that an artifact needs are gone or are others. */
export class LostChunk extends Error {
  override readonly name = 'LostChunk';

  constructor(readonly digest: string) {
    super(digest);
  }
}

/** What the disk says of bytes that it cannot give back any more, or of a pack that went away. */
function isLost(error: unknown): boolean {
  return error instanceof Failure && error.code === 'disk-failed';
}

/** What chunks are read with. */
export interface ChunkTools {
  readonly source: ChunkSource;
  readonly coder: Coder;
  readonly memory: PieceMemory;
}

/**
 * The bytes of one chunk. Where it lies in several places, they are checked, and the next place is
 * tried when they are wrong; where there is one, whoever reads the whole file checks it.
 * @throws LostChunk
 */
export async function readChunk(
  { source, coder, memory }: ChunkTools,
  chunk: RecipeChunk,
  checked: boolean,
): Promise<Bytes> {
  const since = source.refusals;
  const places = await source.places(chunk.digest);
  for (const chain of places) {
    const check = checked || places.length > 1;
    try {
      const stored = await source.read(chain, memory);
      const bytes = await coder.decode(stored, check ? chunk.digest : null, memory);
      if (bytes.length === chunk.length) return bytes;
    } catch (error) {
      if (!(error instanceof BrokenChunk) && !isLost(error)) throw error;
    }
  }
  if (await source.doubt(since)) return readChunk({ source, coder, memory }, chunk, checked);
  throw new LostChunk(chunk.digest);
}

/** Whether the first chunk of a chain decodes to the bytes of its digest. */
export async function isSoundChain(
  { source, coder, memory }: ChunkTools,
  chain: readonly Location[],
): Promise<boolean> {
  const [chunk] = chain;
  if (chunk === undefined) return false;
  try {
    const bytes = await coder.decode(await source.read(chain, memory), chunk.digest, memory);
    memory.give(bytes.buffer);
    return bytes.length === chunk.length;
  } catch (error) {
    if (!(error instanceof BrokenChunk) && !isLost(error)) throw error;
    return false;
  }
}

/** Bytes that come so many times in a row: a file with holes has the same ones by the thousand. */
export interface RepeatedPiece {
  readonly bytes: Bytes;
  readonly times: number;
}

/** More at once could not be told of, or called off, in between. */
const mostTimes = 8;

/**
 * The bytes of an artifact in their order, as many pieces under way as the coder is worth. Whoever
 * takes one gives its memory back.
 * @throws LostChunk
 */
export async function* readPieces(
  tools: ChunkTools,
  recipe: Recipe,
): AsyncGenerator<RepeatedPiece> {
  if (recipe.chunks === null) {
    yield { bytes: new Uint8Array(recipe.inline ?? []), times: 1 };
    return;
  }
  const underWay: Promise<RepeatedPiece>[] = [];
  try {
    for (const { chunk, times } of repeated(recipe.chunks)) {
      const piece = readChunk(tools, chunk, false).then((bytes) => ({ bytes, times }));
      piece.catch(() => undefined);
      underWay.push(piece);
      if (underWay.length >= tools.coder.width) yield (await underWay.shift()) as RepeatedPiece;
    }
    while (underWay.length > 0) yield (await underWay.shift()) as RepeatedPiece;
  } finally {
    await Promise.allSettled(underWay);
  }
}

function* repeated(chunks: ChunkList): Generator<{ chunk: RecipeChunk; times: number }> {
  for (let at = 0; at < chunks.length; ) {
    const chunk = chunks.at(at) as RecipeChunk;
    let times = 1;
    while (times < mostTimes && chunks.isSame(at, at + times)) times += 1;
    yield { chunk, times };
    at += times;
  }
}

/** So many decoded chunks are kept for the next read. */
const kept = 4;

/** An artifact as a reader; every chunk is checked. */
export class ArtifactReader implements OpenedReader {
  readonly size: number;
  readonly #tools: ChunkTools;
  readonly #chunks: ChunkList;
  /** Where each chunk begins. */
  readonly #starts: number[] = [];
  readonly #inline: Uint8Array | null;
  readonly #lost: (chunk: string) => Failure;
  readonly #recent = new Map<number, Promise<Bytes>>();

  constructor(recipe: Recipe, tools: ChunkTools, lost: (chunk: string) => Failure) {
    this.size = recipe.size;
    this.#tools = tools;
    this.#lost = lost;
    this.#inline = recipe.inline;
    this.#chunks = recipe.chunks ?? new ChunkList();
    let at = 0;
    for (const { length } of this.#chunks) {
      this.#starts.push(at);
      at += length;
    }
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const sensible = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
    if (!sensible || offset < 0 || length < 0 || offset + length > this.size) {
      throw new RangeError(`bytes ${offset} to ${offset + length} of ${this.size}`);
    }
    if (this.#inline !== null) return this.#inline.slice(offset, offset + length);
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const index = this.#chunkAt(offset + done);
      const within = offset + done - (this.#starts[index] ?? 0);
      const part = (await this.#decoded(index)).subarray(within, within + length - done);
      bytes.set(part, done);
      done += part.length;
    }
    return bytes;
  }

  close(): Promise<void> {
    return this.#tools.source.close();
  }

  /** The last one that begins at or before `offset`. */
  #chunkAt(offset: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  async #decoded(index: number): Promise<Bytes> {
    const chunk = this.#chunks.at(index) as RecipeChunk;
    const known = this.#recent.get(index);
    const bytes = known ?? readChunk(this.#tools, chunk, true);
    this.#recent.delete(index);
    this.#recent.set(index, bytes);
    for (const old of this.#recent.keys()) if (this.#recent.size > kept) this.#recent.delete(old);
    try {
      return await bytes;
    } catch (error) {
      this.#recent.delete(index);
      if (error instanceof LostChunk) throw this.#lost(error.digest);
      throw error;
    }
  }
}
