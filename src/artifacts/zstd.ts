import * as zlib from 'node:zlib';
import { Failure } from '../core/failure';

/**
 * zstd (RFC 8878) as Node has it since 22.15. On an older one what was stored with it cannot be read,
 * and nothing is compressed: whatever is stored is then larger and just as whole.
 */
const native = 'zstdCompressSync' in zlib;

const { ZSTD_c_compressionLevel: compressionLevel = 100, ZSTD_c_hashLog: hashLog = 102 } =
  zlib.constants;

/**
 * `matches`: level 1; higher ones gain a point at most on weights, at a multiple of the time.
 * `symbols`: the same with hardly any memory for matches. Planes of weights have none but by chance,
 * and those cost more than they spare: what is left is the entropy coder, smaller and three times as
 * fast.
 */
const parameters = {
  matches: { [compressionLevel]: 1 },
  symbols: { [compressionLevel]: 1, [hashLog]: 6 },
} as const;
export type Compression = keyof typeof parameters;

export const canCompress: boolean = native;

/** One frame; `bytes` are not kept. */
export function compress(bytes: Uint8Array, compression: Compression): Uint8Array {
  return zlib.zstdCompressSync(bytes, {
    params: parameters[compression],
    // What is worth being compressed mostly comes in one piece; the default would gather 16 KiB each.
    chunkSize: (bytes.length >> 1) + 512,
    pledgedSrcSize: bytes.length,
  });
}

/**
 * One frame that holds `length` bytes.
 * @throws Error when it is broken or holds more; Failure `runtime-too-old`
 */
export function decompress(bytes: Uint8Array, length: number): Uint8Array {
  if (!native) {
    const found = `Node ${process.versions.node}`;
    throw new Failure('runtime-too-old', { found, needed: 'Node 22.15' });
  }
  const chunkSize = Math.max(64, length);
  return zlib.zstdDecompressSync(bytes, { chunkSize, maxOutputLength: chunkSize });
}
