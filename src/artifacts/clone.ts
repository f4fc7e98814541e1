import { throwIfCancelled } from '../core/failure';
import type { WriteHandle } from '../platform';
import { discard } from './discard';
import type { Shelf } from './layout';
import type { Restoration } from './outlet';
import { stream } from './stream';

/** Shorter files are written in the time that it takes to try. */
const worthCloning = 1 << 20;

/**
 * Restores an artifact by sharing the blocks of a file that is whole, where the file system can. What
 * lies there is read once, for what a file is likely to hold is no proof.
 * @returns `false` when it cannot, or the file holds other bytes: there is nothing at the path then
 * @throws Cancelled; Failure of the disk
 */
export async function restoreAsClone(
  shelf: Shelf,
  from: string,
  restoration: Restoration,
): Promise<boolean> {
  const { disk } = shelf.platform;
  const facts = await disk.facts(from);
  if (facts?.kind !== 'file' || facts.size < worthCloning) return false;
  const file = await disk.clone(from, restoration.path);
  if (file === null) return false;
  try {
    throwIfCancelled(restoration.activity?.signal);
    const sound = (await digestAt(shelf, restoration)) === restoration.sha256;
    if (sound) await finish(shelf, file, restoration);
    else await discard(disk, file);
    return sound;
  } catch (error) {
    await discard(disk, file);
    throw error;
  }
}

async function finish(shelf: Shelf, file: WriteHandle, { path, mode }: Restoration): Promise<void> {
  await shelf.platform.disk.setMode(path, mode);
  await file.sync();
  await file.close();
}

async function digestAt(shelf: Shelf, { path, activity }: Restoration): Promise<string | null> {
  const { disk, hashing } = shelf.platform;
  const source = await disk.openRead(path);
  if (source === null) return null;
  try {
    const [facts, hash] = [await source.facts(), hashing.sha256()];
    await stream({ source, facts, hash, target: null, phase: 'restoring', path, activity });
    return hash.digest();
  } finally {
    await source.close();
  }
}
