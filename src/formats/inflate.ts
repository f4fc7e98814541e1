import { Readable } from 'node:stream';
import { constants, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import type { RangeReader } from '../platform';
import { PackedUnsound } from './packedBytes';

const makers = { deflate: createInflateRaw, zlib: createInflate, gzip: createGunzip };
export type InflateMethod = keyof typeof makers;

/**
 * The first bytes of a compressed stream of which only the beginning is there, at most `limit`. It
 * stops as soon as there is enough, so that a bomb does not go off. `null` for bytes that are no
 * such stream.
 */
export async function inflatedStart(
  bytes: Uint8Array,
  limit: number,
  method: InflateMethod,
): Promise<Uint8Array | null> {
  const inflate = makers[method]({ finishFlush: constants.Z_SYNC_FLUSH });
  const chunks: Buffer[] = [];
  let length = 0;
  inflate.end(bytes);
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= limit) break;
    }
  } catch (error) {
    // Bytes that are no such stream have these codes; anything else is a bug.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'Z_DATA_ERROR' && code !== 'Z_BUF_ERROR' && code !== 'Z_NEED_DICT') throw error;
    return null;
  }
  return Buffer.concat(chunks).subarray(0, limit);
}

/**
 * What a compressed stream may inflate to while it is read or looked at: it is held in memory, and
 * with the program around it that stays below 200 MiB.
 */
export const longestInflated = 80 * 1024 * 1024;
const pieceLength = 1 << 20;
/** So much comes out at once; of short streams only what there is. */
const chunkLength = 1 << 18;

/**
 * What a compressed stream inflates to, a piece at a time.
 * @throws PackedUnsound for bytes that are no such stream or end within it
 */
export async function* inflatedPieces(
  reader: RangeReader,
  method: InflateMethod,
): AsyncGenerator<Uint8Array> {
  const inflate = makers[method]({ chunkSize: chunkLength });
  const pieces = async function* () {
    for (let at = 0; at < reader.size; at += pieceLength) {
      yield await reader.read(at, Math.min(pieceLength, reader.size - at));
    }
  };
  const feeding = Readable.from(pieces()).on('error', (error) => inflate.destroy(error));
  feeding.pipe(inflate);
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'Z_DATA_ERROR' && code !== 'Z_BUF_ERROR' && code !== 'Z_NEED_DICT') throw error;
    throw new PackedUnsound('it is broken or ends within');
  } finally {
    feeding.destroy();
  }
}

/**
 * A whole compressed stream as a reader of what it inflates to, held in memory; `null` where that is
 * over `limit` bytes, and for bytes that are no such stream or end within it.
 */
export async function inflatedReader(
  reader: RangeReader,
  method: InflateMethod,
  limit: number,
): Promise<RangeReader | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of inflatedPieces(reader, method)) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > limit) return null;
    }
  } catch (error) {
    if (!(error instanceof PackedUnsound)) throw error;
    return null;
  }
  return chunkedReader(chunks, length);
}

/** Over pieces as they came: put together they would take twice the memory for a moment. */
export function chunkedReader(chunks: readonly Uint8Array[], size: number): RangeReader {
  const starts: number[] = [];
  let start = 0;
  for (const { length } of chunks) {
    starts.push(start);
    start += length;
  }
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    if (offset < 0 || length < 0 || offset + length > size) throw outside(offset, length, size);
    const parts: Uint8Array[] = [];
    for (let at = lastAtMost(starts, offset), need = length; need > 0; at++) {
      const from = Math.max(0, offset - (starts[at] ?? 0));
      const part = chunks[at]?.subarray(from, from + need) ?? new Uint8Array(0);
      parts.push(part);
      need -= part.length;
    }
    return parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts);
  };
  return { size, read };
}

/** Of ascending numbers, the place of the last that is no more than `value`. */
function lastAtMost(numbers: readonly number[], value: number): number {
  let [low, high] = [0, numbers.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

function outside(offset: number, length: number, size: number): RangeError {
  return new RangeError(`bytes ${offset} to ${offset + length} of ${size}`);
}

/** A reader over bytes in memory. */
export function memoryReader(bytes: Uint8Array): RangeReader {
  return {
    size: bytes.length,
    read: (offset, length) => {
      if (offset < 0 || length < 0 || offset + length > bytes.length) {
        return Promise.reject(outside(offset, length, bytes.length));
      }
      return Promise.resolve(bytes.subarray(offset, offset + length));
    },
  };
}
