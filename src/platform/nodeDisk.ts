import { dirname, join } from 'node:path';
import { Failure, isFailure } from '../core/failure';
import type { Disk, ReadHandle, WriteHandle } from './disk';
import { diskReading } from './diskReading';
import { type DiskGround, diskWriting } from './diskWriting';
import type { Randomness } from './platform';
import { watchDirectory } from './watch';

/** What a new file gets before the umask when nobody names a mode. */
const ordinaryMode = 0o666;
/** Most that is read at once: an index of 100,000 files in one piece. */
const copyBuffer = 1 << 24;

/**
 * The real disk.
 * @param ground what it rests on: seam, clock, system, and randomness for temporary names
 */
export function nodeDisk(ground: DiskGround & { readonly random: Randomness }): Disk {
  const primitives = { ...diskReading, ...diskWriting(ground) };
  const sibling = (path: string) => join(dirname(path), `.cairn-${ground.random.token(8)}.tmp`);
  return Object.freeze({
    ...primitives,
    writeWhole: (path: string, bytes: Uint8Array, mode?: number) =>
      writeWhole(primitives, { path, temporary: sibling(path), bytes, mode }),
    copy: (from: string, to: string) => copy(primitives, { from, to, temporary: sibling(to) }),
    watch: (path: string, changed: (name: string | null) => void) =>
      watchDirectory(path, ground.system, changed),
  });
}

type Primitives = Omit<Disk, 'writeWhole' | 'copy' | 'watch'>;

/**
 * Removes a temporary file after a failure. When that fails too, the first failure is the one to
 * be told; whatever is no failure of the disk goes through.
 */
async function discard(disk: Primitives, temporary: string): Promise<void> {
  try {
    await disk.remove(temporary);
  } catch (error) {
    if (!isFailure(error)) throw error;
  }
}

async function fill(
  disk: Primitives,
  path: string,
  mode: number,
  write: (file: WriteHandle) => Promise<void>,
): Promise<void> {
  const file = await disk.create(path, mode);
  try {
    await write(file);
  } finally {
    await file.close();
  }
}

async function writeWhole(
  disk: Primitives,
  request: { path: string; temporary: string; bytes: Uint8Array; mode: number | undefined },
): Promise<void> {
  const { path, temporary, bytes } = request;
  const kept = request.mode ?? (await disk.followedFacts(path))?.mode;
  try {
    await fill(disk, temporary, ordinaryMode, async (file) => {
      await file.write(bytes);
      if (kept !== undefined) await disk.setMode(temporary, kept);
      await file.sync();
    });
    await disk.rename(temporary, path);
  } catch (error) {
    await discard(disk, temporary);
    throw error;
  }
  await disk.syncDirectory(dirname(path));
}

/** `size`: what is expected; there may be more. */
async function copyBytes(source: ReadHandle, target: WriteHandle, size: number): Promise<void> {
  const buffer = new Uint8Array(Math.min(copyBuffer, Math.max(size, 1 << 16)));
  let offset = 0;
  for (;;) {
    const length = await source.read(buffer, offset);
    if (length === 0) return;
    await target.write(buffer.subarray(0, length));
    offset += length;
  }
}

async function copy(
  disk: Primitives,
  request: { from: string; to: string; temporary: string },
): Promise<void> {
  const { from, to, temporary } = request;
  const source = await disk.openRead(from);
  if (source === null) throw new Failure('no-such-file', { path: from });
  try {
    const { mode, size } = await source.facts();
    await fill(disk, temporary, ordinaryMode, (file) => copyBytes(source, file, size));
    await disk.setMode(temporary, mode);
    await disk.rename(temporary, to);
  } catch (error) {
    await discard(disk, temporary);
    throw error;
  } finally {
    await source.close();
  }
}
