import { join } from 'node:path';
import type { Platform } from '../platform';
import { Intake, makeYoung } from './chunkedIntake';
import { Outlet } from './chunkedOutlet';
import { restoreAsClone } from './clone';
import { Coders } from './coders';
import { collect } from './collect';
import { digestsIn, objectPath, objectSize, recipePath, type Shelf } from './layout';
import { checkObject, openObject, readWhole, restore } from './outlet';
import { PackIndex } from './packIndex';
import { damagedRecipe, loadRecipe } from './recipe';
import type { ArtifactStore, StoredArtifact } from './store';
import { clearUnfinished } from './unfinished';
import { usageOf } from './usage';
import { users } from './users';
import { takeInWholeFile } from './wholeFiles';

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
  const outlet = new Outlet(shelf, index, coders);
  const intake = new Intake(shelf, index, coders, (sha256, length, activity) =>
    outlet.condemnDamage(sha256, length, activity),
  );
  const size = async (sha256: string) => {
    const found = await outlet.size(sha256);
    return found !== null && found >= 0 ? found : ((await objectSize(shelf, sha256)) ?? found);
  };
  const has = async (sha256: string, wanted?: number) => {
    const found = await size(sha256);
    return found !== null && found >= 0 && (wanted === undefined || found === wanted);
  };
  return Object.freeze<ArtifactStore>({
    directory,
    put: (path, activity, hints) => intake.put(path, activity, hints),
    putBytes: (bytes) => intake.putBytes(bytes),
    has,
    retain: async (sha256, wanted) => {
      const path = await placeOf(shelf, sha256);
      if (path === null) return false;
      await makeYoung(shelf, path);
      return has(sha256, wanted);
    },
    size,
    open: async (sha256) => (await outlet.open(sha256)) ?? openObject(shelf, sha256),
    readWhole: async (sha256, limit) =>
      (await outlet.readWhole(sha256, limit)) ?? readWhole(shelf, sha256, limit),
    restore: async (sha256, path, mode, activity, likely = []) => {
      const restoration = { sha256, path, mode, activity };
      for (const from of [...likely, objectPath(shelf, sha256)]) {
        if (await restoreAsClone(shelf, from, restoration)) return;
      }
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
    wholeFiles: () => digestsIn(shelf, directory),
    takeInWholeFile: (sha256, hints, activity) =>
      takeInWholeFile(shelf, intake, sha256, { hints, activity }),
    users: (own) => users(shelf, own),
    collect: (request, activity) => collect(shelf, index, request, activity),
    usage: (groups) => usageOf(shelf, index, groups),
    chunks: (sha256) => outlet.chunks(sha256),
    damage: (sha256, activity) => outlet.damage(sha256, activity),
    condemn: (damage) => outlet.condemn(damage),
    reconsider: (activity) => outlet.reconsider(activity),
  });
}

/** The file that makes an artifact be here; `null` when it is not. */
async function placeOf(shelf: Shelf, sha256: string): Promise<string | null> {
  for (const path of [recipePath(shelf, sha256), objectPath(shelf, sha256)]) {
    if ((await shelf.platform.disk.facts(path)) !== null) return path;
  }
  return null;
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
