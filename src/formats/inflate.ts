import { Readable } from 'node:stream';
import { constants, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import type { RangeReader } from '../platform';

const makers = { deflate: createInflateRaw, zlib: createInflate, gzip: createGunzip };

/**
 * The first bytes of a compressed stream of which only the beginning is there, at most `limit`. It
 * stops as soon as there is enough, so that a bomb does not go off. `null` for bytes that are no
 * such stream.
 */
export async function inflatedStart(
  bytes: Uint8Array,
  limit: number,
  method: keyof typeof makers,
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

const pieceLength = 1 << 20;

/**
 * A whole compressed stream as a reader of what it inflates to, held in memory; `null` where that is
 * over `limit` bytes, and for bytes that are no such stream or end within it.
 */
export async function inflatedReader(
  reader: RangeReader,
  method: keyof typeof makers,
  limit: number,
): Promise<RangeReader | null> {
  const bytes = await inflatedWhole(reader, method, limit);
  return bytes === null ? null : memoryReader(bytes);
}

/** The same as bytes. */
async function inflatedWhole(
  reader: RangeReader,
  method: keyof typeof makers,
  limit: number,
): Promise<Uint8Array | null> {
  const inflate = makers[method]();
  const pieces = async function* () {
    for (let at = 0; at < reader.size; at += pieceLength) {
      yield await reader.read(at, Math.min(pieceLength, reader.size - at));
    }
  };
  const chunks: Buffer[] = [];
  let length = 0;
  const feeding = Readable.from(pieces()).on('error', (error) => inflate.destroy(error));
  feeding.pipe(inflate);
  try {
    for await (const chunk of inflate as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > limit) return null;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'Z_DATA_ERROR' && code !== 'Z_BUF_ERROR' && code !== 'Z_NEED_DICT') throw error;
    return null;
  } finally {
    feeding.destroy();
  }
  return Buffer.concat(chunks);
}

/** A reader over bytes in memory. */
export function memoryReader(bytes: Uint8Array): RangeReader {
  return {
    size: bytes.length,
    read: (offset, length) => {
      if (offset < 0 || length < 0 || offset + length > bytes.length) {
        return Promise.reject(
          new RangeError(`bytes ${offset} to ${offset + length} of ${bytes.length}`),
        );
      }
      return Promise.resolve(bytes.subarray(offset, offset + length));
    },
  };
}
