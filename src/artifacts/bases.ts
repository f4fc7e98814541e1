import { ChunkList, type RecipeChunk } from './chunkList';
import type { ChunkSource } from './chunkSource';
import type { Shelf } from './layout';
import type { Location } from './packTable';
import { damagedRecipe, loadRecipe } from './recipe';

/** A chunk that rests on so many others is no base any more: restoring must stay quick. */
const deepest = 8;

/** Finds, for each chunk of a new file, what it may be held against in an older one. */
export class Bases {
  readonly #source: ChunkSource;
  readonly #chunks: ChunkList;
  /** Places in the older file. */
  readonly #byRole = new Map<string, number>();

  private constructor(source: ChunkSource, chunks: ChunkList) {
    this.#source = source;
    this.#chunks = chunks;
    let place = 0;
    for (const { role } of chunks) {
      if (role !== null) this.#byRole.set(role, place);
      place += 1;
    }
  }

  /** @param artifact `null`, or one that is not here: there are no bases */
  static async of(shelf: Shelf, source: ChunkSource, artifact: string | null): Promise<Bases> {
    const recipe = artifact === null ? null : await loadRecipe(shelf, artifact);
    const chunks = recipe === null || recipe === damagedRecipe ? null : recipe.chunks;
    return new Bases(source, chunks ?? new ChunkList());
  }

  /**
   * The same part of the same tensor; of one that has another name now, what has its place.
   * @param place of the chunk in the new file
   * @returns the base and all that it rests on, not too deep; `null` when there is none
   */
  async find(chunk: RecipeChunk, place: number): Promise<Location[] | null> {
    if (chunk.role === null) return null;
    const known = this.#chunks.at(this.#byRole.get(chunk.role) ?? place);
    if (known === undefined || known.role === null || known.length !== chunk.length) return null;
    if (known.digest === chunk.digest) return null;
    const chain = await this.#source.locate(known.digest);
    return chain === null ? null : shallow(chain);
  }
}

/** Something further back in the chain where its end is too deep. */
function shallow(chain: Location[]): Location[] | null {
  const from = chain.findIndex(({ depth }) => depth < deepest);
  const rest = from < 0 ? [] : chain.slice(from);
  return rest.length === 0 || rest.length > deepest ? null : rest;
}
