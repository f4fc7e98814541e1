import { type Chain, encodings } from './chunkCode';
import type { Bytes, PieceMemory } from './pieceMemory';

/** In bytes, of all chunks together. */
const room = 64 << 20;

/**
 * The bytes of the chunks that were stored last, because the next checkpoint is held against them:
 * reading them back may mean reading eight others first. Only files that fit as a whole come in.
 */
export class RecentChunks {
  readonly #chunks = new Map<string, Bytes>();
  #length = 0;

  /** Whether it is worth keeping the chunks of a file of so many bytes. */
  fits(size: number): boolean {
    return size <= room / 2;
  }

  /** The chunk as one that needs no base; its bytes are a copy in memory of its own. */
  find(digest: string, memory: PieceMemory): Chain | null {
    const bytes = this.#chunks.get(digest);
    if (bytes === undefined) return null;
    const payload = memory.take(bytes.length);
    payload.set(bytes);
    return [{ encoding: encodings.raw, width: 1, length: bytes.length, payload }];
  }

  add(digest: string, bytes: Bytes): void {
    if (this.#chunks.has(digest)) return;
    this.#chunks.set(digest, bytes.slice());
    this.#length += bytes.length;
    for (const [old, { length }] of this.#chunks) {
      if (this.#length <= room) return;
      this.#chunks.delete(old);
      this.#length -= length;
    }
  }
}
