import type { Hashing } from '../platform';

/**
 * Content-defined chunking: a boundary is where a rolling hash of the last 32 bytes is small, so that
 * equal stretches are cut alike wherever they lie. A Gear hash with normalised sizes, as in FastCDC
 * (Xia et al., USENIX ATC 2016): harder to end before the usual length, easier after it.
 */
const shortestCut = 64 << 10;
const usualCut = 256 << 10;
export const longestCut = 1 << 20;
/** So many high bits must be 0: around the 18 bits that the usual length has. */
const hardBits = 20;
const easyBits = 16;

const zeros = Buffer.alloc(longestCut);

export class Gear {
  readonly #table: Int32Array;

  constructor(hashing: Hashing) {
    this.#table = Int32Array.from({ length: 256 }, (_, byte) => {
      const digest = Buffer.from(hashing.sha256Of(Uint8Array.of(byte)), 'hex');
      return digest.readInt32LE(0);
    });
  }

  /**
   * Where the first chunk of `bytes` ends.
   * @param bytes at least `longestCut`, or all that is left
   */
  cut(bytes: Uint8Array): number {
    const end = Math.min(bytes.length, longestCut);
    if (end <= shortestCut) return end;
    // The hash of zeros is never small, so the search would come to the same, slowly.
    if (end === longestCut && zeros.equals(bytes.subarray(0, end))) return end;
    const usual = Math.min(end, usualCut);
    const state = { hash: 0, at: shortestCut };
    return (
      this.#search(bytes, state, usual, 32 - hardBits) ??
      this.#search(bytes, state, end, 32 - easyBits) ??
      end
    );
  }

  #search(
    bytes: Uint8Array,
    state: { hash: number; at: number },
    end: number,
    shift: number,
  ): number | null {
    const table = this.#table;
    let { hash, at } = state;
    while (at < end) {
      hash = ((hash << 1) + (table[bytes[at] as number] as number)) | 0;
      at += 1;
      if (hash >>> shift === 0) return at;
    }
    state.hash = hash;
    state.at = at;
    return null;
  }
}
