import { Failure, isFailure, throwIfCancelled } from '../core/failure';
import type { Activity, Progress } from '../core/progress';
import type { OpenedReader } from '../platform';
import { type FileFacts, openFileReader, type ReadHandle, type WriteHandle } from '../platform';
import { discard } from './discard';
import { objectPath, type Shelf } from './layout';
import type { ArtifactState } from './store';
import { stream } from './stream';

/** Until the bytes are whole nobody else reads them. */
const unfinishedMode = 0o600;

function missing(sha256: string): Failure {
  return new Failure('artifact-missing', { sha256, path: null, versions: [] });
}

function damaged(sha256: string): Failure {
  return new Failure('artifact-damaged', { sha256, path: null, versions: [] });
}

interface OpenedObject {
  readonly sha256: string;
  readonly source: ReadHandle;
  readonly facts: FileFacts;
}

/** Opens an object for the time that `use` takes. @throws Failure `artifact-missing` */
async function withObject<T>(
  shelf: Shelf,
  sha256: string,
  use: (object: OpenedObject) => Promise<T>,
): Promise<T> {
  const source = await shelf.platform.disk.openRead(objectPath(shelf, sha256));
  if (source === null) throw missing(sha256);
  try {
    const facts = await source.facts();
    if (facts.kind !== 'file') throw missing(sha256);
    return await use({ sha256, source, facts });
  } finally {
    await source.close();
  }
}

/** Streams an object, and says whether its bytes are the ones of its name. */
async function isSound(
  shelf: Shelf,
  object: OpenedObject,
  target: WriteHandle | null,
  telling: { phase: Progress['phase']; path: string; activity: Activity | undefined },
): Promise<boolean> {
  const hash = shelf.platform.hashing.sha256();
  const { source, facts } = object;
  await stream({ source, facts, hash, target, ...telling });
  return hash.digest() === object.sha256;
}

/** See `ArtifactStore.open`. */
export async function openObject(shelf: Shelf, sha256: string): Promise<OpenedReader> {
  try {
    return await openFileReader(shelf.platform.disk, objectPath(shelf, sha256));
  } catch (error) {
    throw isFailure(error, 'no-such-file') ? missing(sha256) : error;
  }
}

/** See `ArtifactStore.readWhole`. */
export function readWhole(shelf: Shelf, sha256: string, limit: number): Promise<Uint8Array> {
  return withObject(shelf, sha256, async ({ source, facts }) => {
    if (facts.size > limit) {
      const why = `${facts.size} bytes, more than the limit of ${limit}`;
      throw new Failure('unreadable', { path: objectPath(shelf, sha256), why });
    }
    const bytes = new Uint8Array(facts.size);
    const found = bytes.subarray(0, await source.read(bytes, 0));
    if (shelf.platform.hashing.sha256Of(found) !== sha256) throw damaged(sha256);
    return found;
  });
}

export interface Restoration {
  readonly sha256: string;
  /** Where there is nothing yet. */
  readonly path: string;
  readonly mode: number;
  readonly activity: Activity | undefined;
}

/** See `ArtifactStore.restore`. */
export function restore(shelf: Shelf, restoration: Restoration): Promise<void> {
  const { sha256, path, activity } = restoration;
  return withObject(shelf, sha256, async (object) => {
    throwIfCancelled(activity?.signal);
    await requireSpace(shelf, path, object.facts.allocated);
    const file = await shelf.platform.disk.create(path, unfinishedMode);
    try {
      await write(shelf, object, file, restoration);
    } catch (error) {
      await discard(shelf.platform.disk, file);
      throw error;
    }
  });
}

async function write(
  shelf: Shelf,
  object: OpenedObject,
  file: WriteHandle,
  { path, mode, activity }: Restoration,
): Promise<void> {
  if (!(await isSound(shelf, object, file, { phase: 'restoring', path, activity }))) {
    throw damaged(object.sha256);
  }
  await shelf.platform.disk.setMode(path, mode);
  await file.sync();
  await file.close();
}

async function requireSpace(shelf: Shelf, path: string, needed: number): Promise<void> {
  const free = await shelf.platform.disk.freeSpace(path);
  if (free !== null && needed > free) throw new Failure('disk-full', { path, needed, free });
}

/** What the disk says of bytes that it cannot give back any more. */
function isLost(error: unknown): boolean {
  return isFailure(error, 'disk-failed') && error.data.errno === 'EIO';
}

/** See `ArtifactStore.check`. */
export async function checkObject(
  shelf: Shelf,
  expected: { sha256: string; size: number },
  full: boolean,
  activity: Activity | undefined,
): Promise<ArtifactState> {
  const { sha256, size } = expected;
  const path = objectPath(shelf, sha256);
  const facts = await shelf.platform.disk.facts(path);
  if (facts?.kind !== 'file') return 'missing';
  if (facts.size !== size) return 'damaged';
  if (!full) return 'sound';
  try {
    const sound = await withObject(shelf, sha256, (object) =>
      isSound(shelf, object, null, { phase: 'checking', path: sha256, activity }),
    );
    return sound ? 'sound' : 'damaged';
  } catch (error) {
    if (isFailure(error, 'artifact-missing')) return 'missing';
    if (isLost(error)) return 'damaged';
    throw error;
  }
}
