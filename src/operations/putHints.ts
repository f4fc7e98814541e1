import type { PutHints } from '../artifacts';
import type { ByteLayout } from '../core/byteLayout';
import { Failure } from '../core/failure';
import type { ArtifactRecord, VersionRecord } from '../core/version';
import { openFileReader, type RangeReader } from '../platform';
import type { Rooms } from './rooms';
import { whenNeeded } from './whenNeeded';

// Whatever takes the lock comes by here, and seldom has a model file at hand.
const byteLayoutOf = whenNeeded(async () => (await import('../formats')).byteLayoutOf);

/** Smaller files have nothing to gain. */
const worthLooking = 64 * 1024;

/** What the store may know of a file on disk: where its tensors lie, and what it came from. */
export async function putHints(
  rooms: Rooms,
  absolute: string,
  file: Pick<ArtifactRecord, 'path' | 'role' | 'format' | 'size'>,
  parent: VersionRecord | null,
): Promise<PutHints> {
  if (file.size < worthLooking) return {};
  return { layout: await layoutOnDisk(rooms, absolute), base: forerunner(file, parent) };
}

/** `null` too where the file cannot be read or says nonsense: storing it will tell, or not mind. */
async function layoutOnDisk(rooms: Rooms, absolute: string): Promise<ByteLayout | null> {
  try {
    const reader = await openFileReader(rooms.platform.disk, absolute);
    try {
      return await layoutIn(reader, absolute);
    } finally {
      await reader.close();
    }
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

/** The layout of a model file; `null` when it has none, or what it says makes no sense. */
export async function layoutIn(reader: RangeReader, path: string): Promise<ByteLayout | null> {
  try {
    return await byteLayoutOf(reader, path);
  } catch (error) {
    if (error instanceof Failure || error instanceof RangeError) return null;
    throw error;
  }
}

/** The same file of the version before, or the only one of its kind: versions pair by series. */
export function forerunner(
  file: Pick<ArtifactRecord, 'path' | 'role' | 'format'>,
  parent: VersionRecord | null,
): string | null {
  const there = (parent?.files ?? []).filter(({ pointer }) => pointer !== true);
  const same = there.find(({ path }) => path === file.path);
  if (same !== undefined) return same.sha256;
  const alike = there.filter(({ role, format }) => role === file.role && format === file.format);
  return alike.length === 1 ? (alike[0]?.sha256 ?? null) : null;
}
