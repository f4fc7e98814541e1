import { type Failure, isFailure, throwIfCancelled } from '../core/failure';
import type { Activity } from '../core/progress';
import type { Bases } from './bases';
import { encodings } from './chunkCode';
import { ChunkList, type RecipeChunk } from './chunkList';
import type { ChunkSource } from './chunkSource';
import type { Base, BegunChunk, Coder, RunningDigest } from './coder';
import { longestCut } from './gear';
import type { Shelf } from './layout';
import type { Location } from './packTable';
import type { NewChunk, PackWriter } from './packWriter';
import type { Bytes, PieceMemory } from './pieceMemory';
import type { Piece } from './pieces';
import type { RecentChunks } from './recentChunks';

const zeros = Buffer.alloc(longestCut);

/** A piece that went through, and what of it is new. */
interface Taken {
  readonly chunk: RecipeChunk;
  readonly added: NewChunk | null;
  /** Of the piece and of what it became; to be used again once all is written. */
  readonly memory: ReadonlySet<ArrayBufferLike>;
}

/** What one file's chunks go into. */
export interface ChunkTarget {
  readonly shelf: Shelf;
  readonly coder: Coder;
  readonly source: ChunkSource;
  readonly packs: PackWriter;
  readonly bases: Bases;
  readonly memory: PieceMemory;
  /** `null`: the file is too long for what it keeps. */
  readonly recent: RecentChunks | null;
  /** What may be written at most, and what to throw when it is not enough. */
  readonly limit: { readonly bytes: number; readonly failure: Failure } | null;
}

/**
 * Takes the pieces of one file in their order: several are under way at a time, no more than the
 * coder is worth, and what is new of them is written in their order.
 */
export class ChunkIntake {
  readonly #target: ChunkTarget;
  /** New chunks of this very file: one that comes twice is written once. */
  readonly #claimed = new Set<string>();
  #emptyDigest: string | null = null;

  constructor(target: ChunkTarget) {
    this.#target = target;
  }

  /**
   * @param whole takes in every piece, in their order
   * @param done is told how many bytes are stored
   */
  async take(
    pieces: AsyncIterable<Piece>,
    whole: RunningDigest,
    done: (bytes: number) => void,
    activity: Activity | undefined,
  ): Promise<ChunkList> {
    const chunks = new ChunkList();
    const underWay: Promise<Taken>[] = [];
    let stored = 0;
    const settle = async () => {
      const taken = await underWay.shift();
      if (taken === undefined) return;
      throwIfCancelled(activity?.signal);
      if (taken.added !== null) await this.#write(taken.added);
      for (const one of taken.memory) this.#target.memory.give(one as ArrayBuffer);
      chunks.push(taken.chunk);
      stored += taken.chunk.length;
      done(stored);
    };
    let place = 0;
    try {
      for await (const piece of pieces) {
        const taking = this.#process(piece, whole.add(piece.bytes), place);
        // Waited for in its turn; until then nobody may be listening.
        taking.catch(() => undefined);
        underWay.push(taking);
        place += 1;
        while (underWay.length >= this.#target.coder.width) await settle();
      }
      while (underWay.length > 0) await settle();
      return chunks;
    } finally {
      await Promise.allSettled(underWay);
    }
  }

  async #write(added: NewChunk): Promise<void> {
    const { limit, packs } = this.#target;
    const after = packs.written + added.chunk.payload.length;
    if (limit !== null && after > limit.bytes) throw limit.failure;
    await packs.add(added);
  }

  async #process({ width, role }: Piece, added: Promise<Bytes>, place: number): Promise<Taken> {
    const bytes = await added;
    const { length } = bytes;
    const empty = await this.#whenEmpty(bytes);
    if (empty !== null) {
      const memory = new Set([bytes.buffer]);
      return { chunk: { digest: empty, length, width, role }, added: null, memory };
    }
    const begun = await this.#target.coder.begin(bytes);
    const { digest } = begun;
    const chunk = { digest, length, width, role };
    const here = this.#claimed.has(digest) || (await this.#isHere(digest));
    // Another piece with the same bytes may have come here meanwhile.
    if (here || this.#claimed.has(digest)) {
      return { chunk, added: null, memory: new Set([await begun.release()]) };
    }
    this.#claimed.add(digest);
    return { chunk, ...(await this.#encode(begun, chunk, place)) };
  }

  async #encode(begun: BegunChunk, chunk: RecipeChunk, place: number) {
    const base = await this.#target.bases.find(chunk, place);
    const held = base === null ? null : await this.#read(base);
    const { chunk: encoded, bytes } = await begun.encode(chunk.width, held, this.#target.memory);
    if (chunk.role !== null) this.#target.recent?.add(chunk.digest, bytes);
    const isDelta = encoded.encoding === encodings.delta;
    const added: NewChunk = {
      digest: chunk.digest,
      base: isDelta ? (base?.[0]?.digest ?? null) : null,
      depth: isDelta ? (base?.[0]?.depth ?? 0) + 1 : 0,
      chunk: encoded,
    };
    return { added, memory: new Set([bytes.buffer, encoded.payload.buffer]) };
  }

  /** A base that the disk does not give back any more is none. */
  async #read(base: readonly Location[]): Promise<Base | null> {
    const { recent, source, memory } = this.#target;
    const digest = base[0]?.digest ?? '';
    const known = recent?.find(digest, memory) ?? null;
    if (known !== null) return { chain: known, digest: null };
    try {
      return { chain: await source.read(base, memory), digest };
    } catch (error) {
      if (!isFailure(error, 'disk-failed')) throw error;
      return null;
    }
  }

  async #isHere(digest: string): Promise<boolean> {
    return this.#target.source.has(digest);
  }

  /** The digest of a long piece of nothing, of which a file with holes may have thousands. */
  async #whenEmpty(bytes: Bytes): Promise<string | null> {
    if (bytes.length !== longestCut || !zeros.equals(bytes)) return null;
    this.#emptyDigest ??= this.#target.shelf.platform.hashing.sha256Of(zeros);
    const digest = this.#emptyDigest;
    const here = this.#claimed.has(digest) || (await this.#isHere(digest));
    return here ? digest : null;
  }
}
