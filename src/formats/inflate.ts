import { constants, createGunzip, createInflate, createInflateRaw } from 'node:zlib';

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
