import type { Hashing } from '../platform';
import { type Chain, ChunkCode, type StoredChunk } from './chunkCode';
import { BrokenChunk } from './planeStream';

/** Bytes in memory that can be handed from thread to thread. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** A chunk whose digest is known and that may have to be encoded. */
export interface BegunChunk {
  /** SHA-256, hexadecimal. */
  readonly digest: string;
  /** Encodes it; the payload may lie in the chunk's own memory. */
  encode(width: number, base: Chain | null): Promise<Encoded>;
  /** It is not needed. Gives its memory back. */
  release(): Promise<ArrayBuffer>;
}

export interface Encoded {
  readonly chunk: StoredChunk;
  /** That of the original bytes, given back. */
  readonly memory: ArrayBuffer;
}

/**
 * What costs time in storing and restoring: digests of chunks, planes, XOR, compression. Done here or
 * on other threads; several chunks may be asked for at once.
 */
export interface Coder {
  /** How many chunks it is worth to have under way. */
  readonly width: number;
  /** The memory of `bytes`, all of it, goes over. */
  begin(bytes: Bytes): Promise<BegunChunk>;
  /**
   * The bytes of a chunk. @param digest `null`: whoever reads them checks them
   * @throws BrokenChunk when they cannot be decoded, or have another digest
   */
  decode(chain: Chain, digest: string | null): Promise<Bytes>;
}

/** One is enough for a thread: no call of it waits for anything. */
let shared: ChunkCode | null = null;

/** Does the work on this thread. */
export class OwnThreadCoder implements Coder {
  readonly width = 1;
  readonly #hashing: Hashing;

  constructor(hashing: Hashing) {
    this.#hashing = hashing;
  }

  begin(bytes: Bytes): Promise<BegunChunk> {
    return Promise.resolve({
      digest: this.#hashing.sha256Of(bytes),
      encode: async (width, base) => ({
        chunk: ownCode().encode(bytes, width, base),
        memory: bytes.buffer,
      }),
      release: async () => bytes.buffer,
    });
  }

  async decode(chain: Chain, digest: string | null): Promise<Bytes> {
    const bytes = ownCode().decode(chain);
    if (digest !== null && this.#hashing.sha256Of(bytes) !== digest) {
      throw new BrokenChunk('another digest');
    }
    return bytes;
  }
}

/** This thread's. */
function ownCode(): ChunkCode {
  shared ??= new ChunkCode();
  return shared;
}
