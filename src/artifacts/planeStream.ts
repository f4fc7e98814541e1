import { type Compression, compress, decompress } from './zstd';

/**
 * Planes as they are written: of each plane, run by run, its written length as 32 bits, little-endian,
 * with the highest bit set where it is a zstd frame; then, in the same order, what these say; then
 * the bytes that belong to no plane.
 */

/** Not what an encoder writes: the bytes on the disk are others than were written there. */
export class BrokenChunk extends Error {
  override readonly name = 'BrokenChunk';
}

/** In a length: it is compressed. */
const compressedFlag = 0x80000000;
/** What is less than this part smaller is not worth decompressing. */
export const worthwhile = 0.98;

/** How planes lie in a chunk. */
export interface PlaneShape {
  readonly width: number;
  /** In elements; the same for each plane. */
  readonly runs: readonly number[];
}

/**
 * @param compressions for each plane; `null` where it does not compress
 * @param into as long as the planes at least
 * @returns how long what was written is; `null` where it does not get shorter than the planes
 */
export function writePlanes(
  planes: Uint8Array,
  { width, runs }: PlaneShape,
  compressions: readonly (Compression | null)[],
  into: Uint8Array,
): number | null {
  const count = width * runs.length;
  if (4 * count >= planes.length) return null;
  const lengths = new DataView(into.buffer, into.byteOffset, 4 * count);
  let [at, place, end] = [0, 0, 4 * count];
  for (const compression of compressions) {
    for (const run of runs) {
      const original = planes.subarray(at, at + run);
      const compressed = compression === null ? original : compress(original, compression);
      const gained = compressed.length < original.length * worthwhile;
      const written = gained ? compressed : original;
      if (end + written.length >= planes.length) return null;
      lengths.setUint32(4 * place, written.length + (gained ? compressedFlag : 0), true);
      into.set(written, end);
      at += run;
      place += 1;
      end += written.length;
    }
  }
  const rest = planes.subarray(at);
  if (end + rest.length >= planes.length) return null;
  into.set(rest, end);
  return end + rest.length;
}

/** @param into as long as the chunk. @throws BrokenChunk */
export function readPlanes(
  payload: Uint8Array,
  { width, runs }: PlaneShape,
  into: Uint8Array,
): void {
  const count = width * runs.length;
  if (payload.length < 4 * count) throw new BrokenChunk('no planes');
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  let [from, to] = [4 * count, 0];
  for (let place = 0; place < count; place += 1) {
    const stated = view.getUint32(4 * place, true);
    const wanted = runs[place % runs.length] as number;
    const written = payload.subarray(from, from + (stated % compressedFlag));
    const bytes = stated >= compressedFlag ? expanded(written, wanted) : written;
    if (bytes.length !== wanted) throw new BrokenChunk('a plane of another length');
    into.set(bytes, to);
    from += written.length;
    to += wanted;
  }
  const rest = payload.subarray(from);
  if (to + rest.length !== into.length) throw new BrokenChunk('another length');
  into.set(rest, to);
}

function expanded(frame: Uint8Array, length: number): Uint8Array {
  try {
    return decompress(frame, length);
  } catch (error) {
    // What zlib throws of a broken frame; anything else is none.
    if (!(error instanceof Error) || !('errno' in error || error instanceof RangeError))
      throw error;
    throw new BrokenChunk(error.message);
  }
}
