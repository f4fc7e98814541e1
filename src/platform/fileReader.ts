import { Failure } from '../core/failure';
import type { Disk, ReadHandle } from './disk';
import type { RangeReader } from './rangeReader';

export type OpenedReader = RangeReader & { close(): Promise<void> };

function checkRange(size: number, offset: number, length: number): void {
  const sensible = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
  if (!sensible || offset < 0 || length < 0 || offset + length > size) {
    throw new RangeError(`bytes ${offset} to ${offset + length} of ${size}`);
  }
}

function readerOf(handle: ReadHandle, path: string, size: number): OpenedReader {
  return {
    size,
    read: async (offset, length) => {
      checkRange(size, offset, length);
      const bytes = new Uint8Array(length);
      const found = await handle.read(bytes, offset);
      // It was that long when it was opened: somebody shortened it.
      if (found < length) throw new Failure('file-changed', { path });
      return bytes;
    },
    close: () => handle.close(),
  };
}

/**
 * Opens a regular file, following links, to read at any offset; its size is the one it has now.
 * @throws Failure `no-such-file`, `unreadable`; reading: `file-changed` when it has become shorter
 */
export async function openFileReader(disk: Disk, path: string): Promise<OpenedReader> {
  const handle = await disk.openRead(path);
  if (handle === null) throw new Failure('no-such-file', { path });
  try {
    const { kind, size } = await handle.facts();
    if (kind !== 'file') throw new Failure('unreadable', { path, why: 'not a regular file' });
    return readerOf(handle, path, size);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
 * A part of a reader as a reader of its own (a member of an archive). It does not own `reader`.
 * @throws RangeError when the part does not lie within it
 */
export function sectionReader(reader: RangeReader, offset: number, length: number): RangeReader {
  checkRange(reader.size, offset, length);
  return {
    size: length,
    read: async (start, count) => {
      checkRange(length, start, count);
      return await reader.read(offset + start, count);
    },
  };
}
