import { join } from 'node:path';
import type { Platform } from '../platform';
import { Intake } from './intake';
import { isDigest, objectPath, objectSize, type Shelf, unfinishedPrefix } from './layout';
import { checkObject, openObject, readWhole, restore } from './outlet';
import type { ArtifactStore, StoredArtifact } from './store';

/**
 * A store of whole files: `directory/<first two hexadecimal digits>/<SHA-256>`, read-only. Nothing
 * is made before the first `put`; reading where nothing is yet finds nothing.
 * @param temporaryDirectory for unfinished writes, on the same file system as `directory`; others
 * may use it too
 */
export function openArtifactStore(
  platform: Platform,
  directory: string,
  temporaryDirectory: string,
): ArtifactStore {
  const shelf: Shelf = Object.freeze({ platform, directory, temporaryDirectory });
  const intake = new Intake(shelf);
  return Object.freeze<ArtifactStore>({
    directory,
    put: (path, activity) => intake.put(path, activity),
    putBytes: (bytes) => intake.putBytes(bytes),
    has: async (sha256, size) => {
      const found = await objectSize(shelf, sha256);
      return found !== null && (size === undefined || found === size);
    },
    size: (sha256) => objectSize(shelf, sha256),
    open: (sha256) => openObject(shelf, sha256),
    readWhole: (sha256, limit) => readWhole(shelf, sha256, limit),
    restore: (sha256, path, mode, activity) => restore(shelf, { sha256, path, mode, activity }),
    check: (sha256, size, full, activity) => checkObject(shelf, { sha256, size }, full, activity),
    list: () => list(shelf),
    remove: (sha256) => platform.disk.remove(objectPath(shelf, sha256)),
    clearUnfinished: (grace) => clearUnfinished(shelf, grace),
  });
}

async function* list(shelf: Shelf): AsyncGenerator<StoredArtifact> {
  const { disk } = shelf.platform;
  for (const shard of (await disk.list(shelf.directory)) ?? []) {
    for (const { name } of (await disk.list(join(shelf.directory, shard.name))) ?? []) {
      if (!isDigest(name) || !name.startsWith(shard.name)) continue;
      // Another process may just have removed it.
      const size = await objectSize(shelf, name);
      if (size !== null) yield { sha256: name, size };
    }
  }
}

async function clearUnfinished(shelf: Shelf, grace: number): Promise<void> {
  const { disk, clock } = shelf.platform;
  const before = BigInt(clock.now().getTime() - grace) * 1_000_000n;
  for (const { name, kind } of (await disk.list(shelf.temporaryDirectory)) ?? []) {
    if (kind !== 'file' || !name.startsWith(unfinishedPrefix)) continue;
    const path = join(shelf.temporaryDirectory, name);
    const facts = await disk.facts(path);
    // One that is being written is written to all the time.
    if (facts !== null && facts.modified <= before) await disk.remove(path);
  }
}
