import { Failure } from '../core/failure';
import type { Hashing } from '../platform';
import { ChunkList } from './chunkList';
import { recipePath, type Shelf } from './layout';
import { canCompress, compress, decompress } from './zstd';

/**
 * A recipe tells how an artifact is made of chunks. It is what makes the artifact be there: written
 * after its chunks, removed before them.
 *
 *     "CAIRNRC1", kind (8 bits), flags (8 bits), 6 zero bytes, size (64 bits), length of the body (32 bits), 4 zero bytes
 *     the body
 *     the SHA-256 of all this
 *
 * Kinds: 1, the body has a record of 48 bytes for each chunk; 2, the body is the artifact itself;
 * 3, the same as a zstd frame. Flag 1: the file had holes. Numbers are little-endian.
 */
export interface Recipe {
  readonly size: number;
  /** The file had holes where its bytes are zeros. */
  readonly sparse: boolean;
  /** `null` where the artifact lies in the recipe itself. */
  readonly chunks: ChunkList | null;
  readonly inline: Uint8Array | null;
}

/** What is not longer lies in its recipe. */
export const inlineLimit = 16 << 10;

const magic = Buffer.from('CAIRNRC1');
const headLength = 32;
const digestLength = 32;
const kinds = { chunks: 1, inline: 2, compressed: 3 } as const;
/** Of a file of 20 TB. */
const longestRecipe = 1 << 30;

export function writeRecipe(recipe: Recipe, hashing: Hashing): Buffer {
  const { kind, body } = bodyOf(recipe);
  const head = Buffer.alloc(headLength);
  magic.copy(head);
  head.set([kind, recipe.sparse ? 1 : 0], 8);
  head.writeBigUInt64LE(BigInt(recipe.size), 16);
  head.writeUInt32LE(body.length, 24);
  const all = Buffer.concat([head, body]);
  return Buffer.concat([all, Buffer.from(hashing.sha256Of(all), 'hex')]);
}

function bodyOf({ chunks, inline }: Recipe): { kind: number; body: Uint8Array } {
  if (chunks !== null) return { kind: kinds.chunks, body: chunks.rows };
  const original = inline ?? new Uint8Array(0);
  const smaller = canCompress ? compress(original, 'matches') : original;
  return smaller.length < original.length
    ? { kind: kinds.compressed, body: smaller }
    : { kind: kinds.inline, body: original };
}

/** The recipe of these bytes; `null` when they are not what was written. */
function readRecipe(bytes: Uint8Array, hashing: Hashing): Recipe | null {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = all.length - digestLength;
  if (end < headLength || !all.subarray(0, 8).equals(magic)) return null;
  if (hashing.sha256Of(all.subarray(0, end)) !== all.toString('hex', end)) return null;
  const size = Number(all.readBigUInt64LE(16));
  const body = all.subarray(headLength, headLength + all.readUInt32LE(24));
  const sparse = (all[9] ?? 0) === 1;
  switch (all[8]) {
    case kinds.chunks:
      return { size, sparse, chunks: new ChunkList(body), inline: null };
    case kinds.inline:
      return { size, sparse, chunks: null, inline: body };
    case kinds.compressed:
      return { size, sparse, chunks: null, inline: decompress(body, size) };
    default:
      return null;
  }
}

/** What `loadRecipe` finds where there is a file and no recipe. */
export const damagedRecipe = 'damaged';

/** The recipe of an artifact; `null` when it is not here. */
export async function loadRecipe(
  shelf: Shelf,
  sha256: string,
): Promise<Recipe | typeof damagedRecipe | null> {
  const { disk, hashing } = shelf.platform;
  const path = recipePath(shelf, sha256);
  try {
    const bytes = await disk.readSmall(path, longestRecipe);
    return bytes === null ? null : (readRecipe(bytes, hashing) ?? damagedRecipe);
  } catch (error) {
    // A bad sector, or something else in its place.
    const lost = error instanceof Failure && ['disk-failed', 'unreadable'].includes(error.code);
    if (!lost) throw error;
    return damagedRecipe;
  }
}
