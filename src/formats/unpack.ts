import type { RangeReader } from '../platform';
import { startsWith } from './bytes';
import { unpackBzip2 } from './bzip2';
import { chunkedReader, type InflateMethod, inflatedPieces, longestInflated } from './inflate';
import { unpackLz4 } from './lz4';
import { unpackLzma } from './lzma';
import { headLength } from './modelHeader';
import { PackedBytes, PackedUnsound } from './packedBytes';
import { StreamedReader } from './streamedReader';
import { unpackXz } from './xz';

export type Packing = InflateMethod | 'bzip2' | 'xz' | 'lz4' | 'lzma';

/** What joblib packs by, told by the first bytes; `null` for others. */
export function packing(head: Uint8Array): Exclude<Packing, 'deflate'> | null {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head[0] === 0x78 && ((head[0] << 8) | (head[1] ?? 0)) % 31 === 0) return 'zlib';
  if (startsWith(head, 'BZh') && startsWith(head.subarray(4), '1AY&SY')) return 'bzip2';
  if (startsWith(head, '\xfd7zXZ\0')) return 'xz';
  if (startsWith(head, '\x04\x22\x4d\x18')) return 'lz4';
  return isLzma(head) ? 'lzma' : null;
}

/** LZMA alone has no magic: its usual properties, a window of a power of two, a length or none. */
function isLzma(head: Uint8Array): boolean {
  if (head[0] !== 0x5d || head.length < 14) return false;
  const bytes = new PackedBytes(head.subarray(1, 13));
  const [window, length] = [bytes.little(4), bytes.little(8)];
  const known = length > Number.MAX_SAFE_INTEGER || length < 2 ** 40;
  return Number.isInteger(Math.log2(window)) && window >= 4096 && known && head[13] === 0;
}

/** The decoders that are not Node's take the packed bytes whole. */
const longestPacked = 32 * 1024 * 1024;
/** Of what they give so much is kept: with their window it stays below 200 MiB. */
const keptUnpacked = 16 * 1024 * 1024;
/** Of what was packed this much more is followed. A bomb of deflate has a thousandfold. */
const largestRatio = 100;
/** Unpacking so much takes half a minute. */
const longestUnpacked = 8 * 1024 * 1024 * 1024;

export interface Unpacked {
  readonly reader: RangeReader;
  /** Why that is not all of it, a clause; `null` where it is. */
  readonly why: string | null;
}

/**
 * What a packed stream unpacks to, as far as it could be followed: up to some MB in memory, beyond
 * that unpacked again as it is read. @throws Failure what `reader` throws
 */
export async function unpack(reader: RangeReader, method: Packing): Promise<Unpacked> {
  if (!isInflated(method) && reader.size > longestPacked) {
    return {
      reader: chunkedReader([], 0),
      why: `its ${reader.size} bytes are over ${longestPacked}`,
    };
  }
  const packed = isInflated(method) ? null : await reader.read(0, reader.size);
  const open = () => piecesOf(reader, packed, method);
  const inMemory = isInflated(method) ? longestInflated : keptUnpacked;
  const most = Math.min(longestUnpacked, Math.max(inMemory, reader.size * largestRatio));
  const kept: Uint8Array[] = [];
  let size = 0;
  let why: string | null = null;
  try {
    for await (const piece of open()) {
      size += piece.length;
      if (size <= inMemory) kept.push(piece);
      else kept.length = 0;
      if (size > most) {
        why = `it unpacks to over ${most} bytes`;
        break;
      }
    }
  } catch (error) {
    if (!(error instanceof PackedUnsound)) throw error;
    why = error.message;
  }
  if (size > inMemory) return { reader: new StreamedReader(open, size), why };
  return { reader: chunkedReader(kept, size), why };
}

function isInflated(method: Packing): method is InflateMethod {
  return method === 'gzip' || method === 'zlib' || method === 'deflate';
}

const decoders = { bzip2: unpackBzip2, xz: unpackXz, lz4: unpackLz4, lzma: unpackLzma };

/** @throws PackedUnsound */
async function* piecesOf(
  reader: RangeReader,
  packed: Uint8Array | null,
  method: Packing,
): AsyncGenerator<Uint8Array> {
  if (isInflated(method)) yield* inflatedPieces(reader, method);
  else yield* decoders[method](new PackedBytes(packed ?? new Uint8Array(0)));
}

/** A block of bzip2 comes out whole, and takes less than this. */
const startLength = 1024 * 1024;

/** The first bytes of what a stream unpacks to, at most `limit`; none where it is no such stream. */
export async function unpackedStart(
  reader: RangeReader,
  limit: number,
  method: Packing,
): Promise<Uint8Array> {
  const start = await reader.read(
    0,
    Math.min(reader.size, isInflated(method) ? headLength : startLength),
  );
  const found: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const piece of piecesOf(chunkedReader([start], start.length), start, method)) {
      found.push(piece);
      length += piece.length;
      if (length >= limit) break;
    }
  } catch (error) {
    // Only the beginning of the stream is there.
    if (!(error instanceof PackedUnsound)) throw error;
  }
  return Buffer.concat(found).subarray(0, limit);
}
