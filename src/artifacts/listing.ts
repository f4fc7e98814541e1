import type { Hashing } from '../platform';
import type { OpenFiles } from './openFiles';

/**
 * Packs and tables end alike: with a listing of what they hold, and 48 bytes that have its SHA-256 at
 * their end. That is the file's name too, so that nobody takes one for what it is not.
 */
export const endLength = 48;

export interface Listing {
  /** Of the whole file. */
  readonly size: number;
  readonly end: Buffer;
  readonly bytes: Buffer;
}

/** Most listings are shorter: one read is enough. */
const usualTail = 16 << 10;

/** The last bytes of a file, the digest of its listing among them. @param start 16 bytes at most */
export function writeEnd(start: Buffer, digest: string): Buffer {
  const end = Buffer.alloc(endLength);
  start.copy(end);
  end.write(digest, 16, 'hex');
  return end;
}

/**
 * What a file of that name lists.
 * @param lengthOf bytes of the listing by what the end says; `null` where that is none
 * @returns `null` when it is not what was written
 * @throws Failure of the disk
 */
export async function readListing(
  { files, hashing }: { files: OpenFiles; hashing: Hashing },
  file: { readonly path: string; readonly name: string },
  lengthOf: (end: Buffer) => number | null,
): Promise<Listing | null> {
  const { path, name } = file;
  const size = await files.size(path);
  if (size === null || size < endLength) return null;
  const tail = async (wanted: number) => {
    const bytes = Buffer.allocUnsafeSlow(wanted);
    return bytes.subarray(0, await files.read(path, bytes, size - wanted));
  };
  let last = await tail(Math.min(size, usualTail));
  if (last.length < endLength) return null;
  const end = last.subarray(-endLength);
  const length = lengthOf(end);
  if (length === null || length > size - endLength) return null;
  if (length + endLength > last.length) last = await tail(length + endLength);
  if (length + endLength > last.length) return null;
  const bytes = last.subarray(last.length - endLength - length, last.length - endLength);
  const isWhole = end.toString('hex', 16) === name && hashing.sha256Of(bytes) === name;
  return isWhole ? { size, end, bytes } : null;
}
