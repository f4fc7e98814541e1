import type { Hashing } from '../platform';
import { type Chain, ChunkCode, type StoredChunk } from './chunkCode';
import type { Bytes, PieceMemory } from './pieceMemory';
import { BrokenChunk } from './planeStream';

/** A chunk whose digest is known and that may have to be encoded. */
export interface BegunChunk {
  /** SHA-256, hexadecimal. */
  readonly digest: string;
  /**
   * Encodes it.
   * @param memory for the payload, and where that of the base's payloads goes
   */
  encode(width: number, base: Base | null, memory: PieceMemory): Promise<Encoded>;
  /** It is not needed. Gives its memory back. */
  release(): Promise<ArrayBuffer>;
}

/** What a chunk may be held against. */
export interface Base {
  readonly chain: Chain;
  /** That it has to have; `null`: its bytes are known. A base with other bytes counts as none. */
  readonly digest: string | null;
}

export interface Encoded {
  /** Its payload is the bytes themselves or lies in memory of its own. */
  readonly chunk: StoredChunk;
  /** The original ones, given back. */
  readonly bytes: Bytes;
}

/** SHA-256 of bytes that come one after the other. */
export interface RunningDigest {
  /**
   * Takes in more, in the order of the calls. The memory of `bytes` goes over, and comes back.
   * @param times they come so often in a row
   */
  add(bytes: Bytes, times?: number): Promise<Bytes>;
  /** Lower-case hexadecimal. To be called in any case, and once: what keeps the state lets go of it. */
  end(): Promise<string>;
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
   * @param memory for them, and where that of the chain's payloads goes
   * @throws BrokenChunk when they cannot be decoded, or have another digest
   */
  decode(chain: Chain, digest: string | null, memory: PieceMemory): Promise<Bytes>;
  /** Begins a digest of a whole file. */
  digest(): RunningDigest;
}

/** What is written as it is: its payload is the chunk. */
export function rawChunk([chunk]: Chain): Bytes | null {
  const isRaw = chunk?.encoding === 0 && chunk.payload.length === chunk.length;
  return isRaw ? (chunk.payload as Bytes) : null;
}

export function giveBack(chain: Chain, memory: PieceMemory): void {
  for (const { payload } of chain) memory.give(payload.buffer as ArrayBuffer);
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
      encode: async (width, base, memory) => {
        const into = memory.take(bytes.length);
        const chunk = this.encodeInto(bytes, width, base, into);
        if (chunk.payload === bytes) memory.give(into.buffer);
        giveBack(base?.chain ?? [], memory);
        return { chunk, bytes };
      },
      release: async () => bytes.buffer,
    });
  }

  async decode(chain: Chain, digest: string | null, memory: PieceMemory): Promise<Bytes> {
    const raw = rawChunk(chain);
    const bytes = raw ?? this.decodeInto(chain, memory.take(chain[0]?.length ?? 0));
    if (digest !== null && this.#hashing.sha256Of(bytes) !== digest) {
      throw new BrokenChunk('another digest');
    }
    if (raw === null) giveBack(chain, memory);
    return bytes;
  }

  /** See `ChunkCode.encode`. */
  encodeInto(bytes: Bytes, width: number, base: Base | null, into: Bytes): StoredChunk {
    const isBase = (decoded: Uint8Array) =>
      base?.digest === null || this.#hashing.sha256Of(decoded) === base?.digest;
    return ownCode().encode(bytes, width, base?.chain ?? null, into, isBase);
  }

  /** @param into as long as the chunk; it comes back. @throws BrokenChunk */
  decodeInto(chain: Chain, into: Bytes): Bytes {
    ownCode().decode(chain, into);
    return into;
  }

  digest(): RunningDigest {
    const hash = this.#hashing.sha256();
    return {
      add: async (bytes, times = 1) => {
        for (let time = 0; time < times; time += 1) hash.update(bytes);
        return bytes;
      },
      end: async () => hash.digest(),
    };
  }
}

/** This thread's. */
function ownCode(): ChunkCode {
  shared ??= new ChunkCode();
  return shared;
}
