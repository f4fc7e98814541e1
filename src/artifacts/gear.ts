import type { Hashing } from '../platform';
import {
  advance,
  type Code,
  constant,
  end,
  get,
  instantiate,
  loadNumber,
  number,
  storeNumber,
  tee,
} from './instructions';

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

/** In the kernel's memory: what each byte adds, the hash so far, the window. */
const hashAt = 256 * 4;
const windowAt = 2048;
const windowLength = 2 * longestCut;
const page = 1 << 16;

interface GearKernel {
  readonly memory: { readonly buffer: ArrayBuffer };
  /**
   * Goes through whole steps.
   * @returns behind which byte the hash is below the limit; 0: nowhere, and the hash is at `hashAt`
   */
  search(from: number, end: number, hash: number, limit: number): number;
}

/** So many bytes are gone through at a time. */
const step = 8;
const [from, to, hash, limit] = [0, 1, 2, 3] as const;

function takeByte(offset: number): Code {
  return [
    ...[...get(hash), ...constant(1), 0x74],
    // Four bytes a number.
    ...[
      ...get(from),
      0x2d,
      0x00,
      offset,
      ...constant(2),
      0x74,
      ...loadNumber(0),
      0x6a,
      ...tee(hash),
    ],
    // Below the limit, without signs: behind this byte.
    ...[...get(limit), 0x49, 0x04, 0x40, ...get(from), ...constant(offset + 1), 0x6a, 0x0f, end],
  ];
}

const search = [
  ...[0x03, 0x40, ...Array.from({ length: step }, (_, offset) => takeByte(offset)).flat()],
  ...[...advance(from, step), ...get(from), ...get(to), 0x49, 0x0d, 0x00, end],
  ...[...constant(0), ...get(hash), ...storeNumber(hashAt), ...constant(0), end],
];

export class Gear {
  /** What is to be cut comes here. */
  readonly window: Uint8Array<ArrayBuffer>;
  readonly #table: Int32Array;
  readonly #kernel: GearKernel;

  constructor(hashing: Hashing) {
    const code = { search: [...number(search.length + 1), 0, ...search] };
    const pages = Math.ceil((windowAt + windowLength) / page);
    this.#kernel = instantiate(code, { takes: 4, gives: 1 }, pages) as GearKernel;
    const { buffer } = this.#kernel.memory;
    this.window = new Uint8Array(buffer, windowAt, windowLength);
    this.#table = new Int32Array(buffer, 0, hashAt / 4 + 1);
    for (let byte = 0; byte < 256; byte += 1) {
      const digest = Buffer.from(hashing.sha256Of(Uint8Array.of(byte)), 'hex');
      this.#table[byte] = digest.readInt32LE(0);
    }
  }

  /**
   * Where the first chunk of a part of the window ends.
   * @param to at least `longestCut` behind `start`, or where all ends
   */
  cut(start: number, to: number): number {
    const last = Math.min(to, start + longestCut);
    if (last <= start + shortestCut) return last;
    // The hash of zeros is never small, so the search would come to the same, slowly.
    if (last === start + longestCut && zeros.equals(this.window.subarray(start, last))) return last;
    const usual = Math.min(last, start + usualCut);
    this.#hash = 0;
    return (
      this.#search(start + shortestCut, usual, 32 - hardBits) ??
      this.#search(usual, last, 32 - easyBits) ??
      last
    );
  }

  #search(begin: number, stop: number, bits: number): number | null {
    const whole = stop - ((stop - begin) % step);
    if (whole > begin) {
      const [first, behind] = [windowAt + begin, windowAt + whole];
      const found = this.#kernel.search(first, behind, this.#hash, 2 ** bits);
      if (found !== 0) return found - windowAt;
    }
    for (let at = whole; at < stop; at += 1) {
      this.#hash = ((this.#hash << 1) + (this.#table[this.window[at] as number] as number)) | 0;
      if (this.#hash >>> bits === 0) return at + 1;
    }
    return null;
  }

  get #hash(): number {
    return this.#table[hashAt / 4] as number;
  }

  set #hash(value: number) {
    this.#table[hashAt / 4] = value;
  }
}
