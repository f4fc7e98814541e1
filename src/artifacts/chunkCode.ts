import type { Bytes } from './pieceMemory';
import { BrokenChunk, type PlaneShape, readPlanes, worthwhile, writePlanes } from './planeStream';
import { PlaneSpace } from './planes';
import { type Compression, canCompress, compress } from './zstd';

/**
 * How a chunk's bytes are written: `raw`; `planes`, each compressed or as it is; `delta`, the planes
 * of how far its elements are from those of a base chunk of the same length.
 */
export const encodings = { raw: 0, planes: 1, delta: 2 } as const;
export type Encoding = (typeof encodings)[keyof typeof encodings];

/** A chunk as it lies in a pack. */
export interface StoredChunk {
  readonly encoding: Encoding;
  /** Bytes of an element, 1 to 8. */
  readonly width: number;
  /** Of the chunk itself. */
  readonly length: number;
  readonly payload: Uint8Array;
}

/** A chunk, then its base, the base's base, …; the last one needs none. */
export type Chain = readonly StoredChunk[];

/** Of a plane, looked at in so many places to tell whether it compresses. */
const samplePlaces = 3;
const sampleLength = 4096;
const sample = new Uint8Array(samplePlaces * sampleLength);

/** A way to write the chunk, with what a sample of it promises. */
interface Candidate {
  readonly encoding: Encoding;
  readonly width: number;
  readonly runs: PlaneShape['runs'];
  /** How each plane seems to compress best; `null`: not at all. */
  readonly compressions: readonly (Compression | null)[];
  readonly estimate: number;
}

/** Encodes and decodes chunks, one at a time, in memory of its own. */
export class ChunkCode {
  readonly #space = new PlaneSpace();

  /**
   * Encodes a chunk as small as a quick look at it promises.
   * @param width bytes of an element, 0 where nobody knows
   * @param base of the same length, as a chain; `null` without one
   * @param isBase whether what the chain decodes to is the base: against other bytes nothing is held
   * @param into as long as the chunk: what it becomes is written there, unless that is the chunk itself
   */
  encode(
    bytes: Uint8Array,
    width: number,
    base: Chain | null,
    into: Bytes,
    isBase: (decoded: Uint8Array) => boolean = () => true,
  ): StoredChunk {
    const { length } = bytes;
    const raw = { encoding: encodings.raw, width: 1, length, payload: bytes };
    if (!canCompress || length === 0) return raw;
    const hasBase = base !== null && base[0]?.length === length && this.#holds(base, isBase);
    if (!hasBase) this.#space.resize(length);
    this.#space.view('bytes').set(bytes);
    const best = this.#choose(width, hasBase);
    if (best.estimate >= length * worthwhile) return raw;
    const written = writePlanes(this.#space.view('planes'), best, best.compressions, into);
    if (written === null || written >= length * worthwhile) return raw;
    const payload = into.subarray(0, written);
    return { encoding: best.encoding, width: best.width, length, payload };
  }

  /**
   * The bytes of a chunk.
   * @param into as long as the chunk
   * @throws BrokenChunk when a part of the chain is not what an encoder writes
   */
  decode(chain: Chain, into: Uint8Array): void {
    const [chunk] = chain;
    if (chunk === undefined) throw new BrokenChunk('an empty chain');
    if (chunk.encoding === encodings.raw) into.set(rawBytes(chunk));
    else {
      this.#decode(chain);
      into.set(this.#space.view('base'));
    }
  }

  /** Decodes a base; whether it is one. */
  #holds(base: Chain, isBase: (decoded: Uint8Array) => boolean): boolean {
    try {
      this.#decode(base);
      return isBase(this.#space.view('base'));
    } catch (error) {
      if (!(error instanceof BrokenChunk)) throw error;
      return false;
    }
  }

  /** What is smaller: the planes, or those of the difference from what lies in `base`. */
  #choose(width: number, hasBase: boolean): Candidate {
    const known = width === 0 ? this.#likelyWidth() : width;
    if (!hasBase) return this.#plain(known);
    const delta = this.#delta(known);
    // Nothing comes near this without a base.
    if (delta.estimate < this.#space.length / 4) return delta;
    const plain = this.#plain(known);
    if (plain.estimate < delta.estimate) return plain;
    return this.#delta(known);
  }

  #plain(width: number): Candidate {
    this.#space.split('bytes', 'planes', width);
    const runs = oneRun(this.#space.length, width);
    return this.#candidate({ encoding: encodings.planes, width, runs });
  }

  #delta(width: number): Candidate {
    const encoding = encodings.delta;
    this.#space.difference(width);
    if (width === 2) {
      const runs = this.#space.sortPairs();
      return this.#candidate({ encoding, width, runs });
    }
    this.#space.split('difference', 'planes', width);
    const runs = oneRun(this.#space.length, width);
    return this.#candidate({ encoding, width, runs });
  }

  #candidate(way: Omit<Candidate, 'compressions' | 'estimate'>): Candidate {
    const { width } = way;
    const planes = this.#space.view('planes');
    const count = Math.floor(planes.length / width);
    const compressions: (Compression | null)[] = [];
    let estimate = planes.length - count * width;
    for (let plane = 0; plane < width; plane += 1) {
      const own = planes.subarray(plane * count, (plane + 1) * count);
      const { part, compression } = sampled(own, width === 1);
      compressions.push(part < worthwhile ? compression : null);
      estimate += own.length * Math.min(part, 1);
    }
    return { ...way, compressions, estimate };
  }

  /** Of bytes that nobody knows anything of: elements of the width that compresses best. */
  #likelyWidth(): number {
    const tried = [1, 2, 4].map((width) => this.#plain(width));
    return tried.reduce((one, other) => (other.estimate < one.estimate ? other : one)).width;
  }

  /** The bytes of a chunk, into `base`. */
  #decode(chain: Chain): void {
    const length = chain[0]?.length ?? 0;
    if (chain.some((chunk) => chunk.length !== length)) throw new BrokenChunk('another length');
    this.#space.resize(length);
    let whole = false;
    for (const chunk of [...chain].reverse()) {
      if (chunk.encoding === encodings.delta && !whole) throw new BrokenChunk('no base');
      this.#decodeOver(chunk);
      whole = true;
    }
  }

  /** One chunk; its base's bytes are in `base`, and become its own. */
  #decodeOver(chunk: StoredChunk): void {
    const { encoding, width, payload, length } = chunk;
    const space = this.#space;
    if (encoding === encodings.raw) {
      space.view('base').set(rawBytes(chunk));
      return;
    }
    if (width < 1 || width > 8) throw new BrokenChunk('no width');
    if (encoding === encodings.planes) {
      readPlanes(payload, { width, runs: oneRun(length, width) }, space.view('planes'));
      space.join('planes', 'base', width);
      return;
    }
    const runs = width === 2 ? space.pairRuns() : oneRun(length, width);
    readPlanes(payload, { width, runs }, space.view('planes'));
    if (width === 2) space.unsortPairs();
    else space.join('planes', 'difference', width);
    space.sum(width);
  }
}

function oneRun(length: number, width: number): PlaneShape['runs'] {
  const count = Math.floor(length / width);
  return count === 0 ? [] : [count];
}

/** To which part of its length a plane seems to compress, and how. */
function sampled(
  plane: Uint8Array,
  mayRepeat: boolean,
): { part: number; compression: Compression } {
  if (plane.length === 0) return { part: 1, compression: 'symbols' };
  const looked = plane.length <= 2 * sample.length ? plane : filledSample(plane);
  const symbols = compress(looked, 'symbols').length;
  // Planes of several have no repetitions but runs, which both find.
  const matches = mayRepeat ? compress(looked, 'matches').length : symbols;
  const compression = matches < symbols ? 'matches' : 'symbols';
  return { part: Math.min(symbols, matches) / looked.length, compression };
}

function filledSample(plane: Uint8Array): Uint8Array {
  const step = Math.floor((plane.length - sampleLength) / (samplePlaces - 1));
  for (let place = 0; place < samplePlaces; place += 1) {
    const from = place * step;
    sample.set(plane.subarray(from, from + sampleLength), place * sampleLength);
  }
  return sample;
}

function rawBytes({ payload, length }: StoredChunk): Uint8Array {
  if (payload.length !== length) throw new BrokenChunk('another length');
  return payload;
}
