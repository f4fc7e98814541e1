import { throwIfCancelled } from '../core/failure';
import type { Activity } from '../core/progress';
import { type ChunkTools, isSoundChain, LostChunk, readChunk } from './artifactReader';
import type { RecipeChunk } from './chunkList';
import { type Place, placeKey } from './condemned';
import type { Location } from './packTable';
import type { Recipe } from './recipe';
import type { Damage } from './store';

/** Reads every chunk of a recipe, and names what cannot be had and where bytes are wrong. */
export async function findDamage(
  tools: ChunkTools,
  recipe: Recipe,
  activity: Activity | undefined,
): Promise<Damage> {
  const lost = new Set<string>();
  const places = new Map<string, Place>();
  const read = new Set<string>();
  for (const chunk of recipe.chunks ?? []) {
    throwIfCancelled(activity?.signal);
    if (read.has(chunk.digest)) continue;
    read.add(chunk.digest);
    if (await isReadable(tools, chunk)) continue;
    lost.add(chunk.digest);
    for (const place of await wrongPlaces(tools, chunk.digest)) places.set(placeKey(place), place);
  }
  return { recipe: false, chunks: [...lost], places: [...places.values()] };
}

/** The places of a chunk, or of what it rests on, that hold other bytes than they should. */
async function wrongPlaces(tools: ChunkTools, digest: string): Promise<Place[]> {
  const wrong: Place[] = [];
  for await (const chain of tools.source.chains(digest)) {
    // From what rests on nothing upwards: behind a wrong one nobody can tell.
    for (let at = chain.length - 1; at >= 0; at -= 1) {
      const part = chain.slice(at);
      if (await isSoundChain(tools, part)) continue;
      wrong.push(part[0] as Place);
      break;
    }
  }
  return wrong;
}

/** One that rests on something lost cannot be told to be sound. */
export async function isSoundPlace(tools: ChunkTools, place: Location): Promise<boolean> {
  if (place.base === null) return isSoundChain(tools, [place]);
  const rest = await tools.source.locate(place.base);
  return rest !== null && isSoundChain(tools, [place, ...rest]);
}

async function isReadable(tools: ChunkTools, chunk: RecipeChunk): Promise<boolean> {
  try {
    const { buffer } = await readChunk(tools, chunk, true);
    tools.memory.give(buffer);
    return true;
  } catch (error) {
    if (!(error instanceof LostChunk)) throw error;
    return false;
  }
}
