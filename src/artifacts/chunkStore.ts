import { join } from 'node:path';
import type { Platform } from '../platform';
import { Intake } from './chunkedIntake';
import { Outlet } from './chunkedOutlet';
import { Coders } from './coders';
import {
  isDigest,
  objectPath,
  objectSize,
  recipePath,
  type Shelf,
  unfinishedPrefix,
} from './layout';
import { checkObject, openObject, readWhole, restore } from './outlet';
import { PackIndex } from './packIndex';
import { damagedRecipe, loadRecipe } from './recipe';
import type { ArtifactStore, StoredArtifact } from './store';

/**
 * A store of chunks: recipes say how artifacts are made of them, packs hold them. What a store of
 * whole files left is read as it is. Nothing is made before the first `put`; reading where nothing is
 * yet finds nothing.
 * @param temporaryDirectory for unfinished writes, on the same file system as `directory`; others
 * may use it too
 * @param coderScript what the store's threads run; left out: what was built beside this code
 */
export function openArtifactStore(
  platform: Platform,
  directory: string,
  temporaryDirectory: string,
  coderScript?: string,
): ArtifactStore {
  const shelf: Shelf = Object.freeze({ platform, directory, temporaryDirectory });
  const index = new PackIndex(shelf);
  const coders = new Coders(shelf, coderScript);
  const intake = new Intake(shelf, index, coders);
  const outlet = new Outlet(shelf, index, coders);
  const size = async (sha256: string) => {
    const found = await outlet.size(sha256);
    return found !== null && found >= 0 ? found : ((await objectSize(shelf, sha256)) ?? found);
  };
  return Object.freeze<ArtifactStore>({
    directory,
    put: (path, activity, hints) => intake.put(path, activity, hints),
    putBytes: (bytes) => intake.putBytes(bytes),
    has: async (sha256, wanted) => {
      const found = await size(sha256);
      return found !== null && found >= 0 && (wanted === undefined || found === wanted);
    },
    size,
    open: async (sha256) => (await outlet.open(sha256)) ?? openObject(shelf, sha256),
    readWhole: async (sha256, limit) =>
      (await outlet.readWhole(sha256, limit)) ?? readWhole(shelf, sha256, limit),
    restore: async (sha256, path, mode, activity) => {
      const restoration = { sha256, path, mode, activity };
      if ((await outlet.restore(restoration)) === null) await restore(shelf, restoration);
    },
    check: async (sha256, length, full, activity) => {
      const state = await outlet.check({ sha256, size: length }, full, activity);
      if (state === 'sound') return state;
      const whole = await checkObject(shelf, { sha256, size: length }, full, activity);
      return whole === 'missing' ? state : whole;
    },
    list: () => list(shelf),
    remove: async (sha256) => {
      await platform.disk.remove(recipePath(shelf, sha256));
      await platform.disk.remove(objectPath(shelf, sha256));
    },
    clearUnfinished: (grace) => clearUnfinished(shelf, grace),
  });
}

async function* list(shelf: Shelf): AsyncGenerator<StoredArtifact> {
  const recipes = await digestsIn(shelf, join(shelf.directory, 'recipes'));
  const objects = await digestsIn(shelf, shelf.directory);
  for (const sha256 of [...new Set([...recipes, ...objects])].sort()) {
    const recipe = await loadRecipe(shelf, sha256);
    const known = recipe === null || recipe === damagedRecipe ? null : recipe.size;
    // Another process may just have removed it.
    const size = known ?? (await objectSize(shelf, sha256));
    if (size !== null) yield { sha256, size };
  }
}

/** What lies in a directory under its digest, in the shard of its first two digits. */
async function digestsIn(shelf: Shelf, directory: string): Promise<string[]> {
  const { disk } = shelf.platform;
  const found: string[] = [];
  for (const shard of (await disk.list(directory)) ?? []) {
    if (!/^[0-9a-f]{2}$/.test(shard.name)) continue;
    for (const { name, kind } of (await disk.list(join(directory, shard.name))) ?? []) {
      if (kind === 'file' && isDigest(name) && name.startsWith(shard.name)) found.push(name);
    }
  }
  return found;
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
