import { Failure, throwIfCancelled } from '../core/failure';
import type { Activity, Progress } from '../core/progress';
import type { Hash, OpenedReader, WriteHandle } from '../platform';
import { ArtifactReader, LostChunk, readChunk, readPieces } from './artifactReader';
import { ChunkSource, isWhole } from './chunkSource';
import type { Coder } from './coder';
import type { Coders } from './coders';
import { discard } from './discard';
import { recipePath, type Shelf } from './layout';
import type { PackIndex } from './packIndex';
import { damagedRecipe, loadRecipe, type Recipe, type RecipeChunk } from './recipe';
import type { ArtifactChunk, ArtifactState, Damage } from './store';
import { reporter } from './stream';

/** Until the bytes are whole nobody else reads them. */
const unfinishedMode = 0o600;
/** The size of an artifact of which something lacks. */
const partly = -1;
/** Fewer zeros than this make no hole. */
const shortestHole = 4096;

function damaged(sha256: string): Failure {
  return new Failure('artifact-damaged', { sha256, path: null, versions: [] });
}

export interface Restoration {
  readonly sha256: string;
  /** Where there is nothing yet. */
  readonly path: string;
  readonly mode: number;
  readonly activity: Activity | undefined;
}

/** Gives back what an `Intake` stored. All of it says `null` of what has no recipe. */
export class Outlet {
  readonly #shelf: Shelf;
  readonly #index: PackIndex;
  readonly #coders: Coders;

  constructor(shelf: Shelf, index: PackIndex, coders: Coders) {
    this.#shelf = shelf;
    this.#index = index;
    this.#coders = coders;
  }

  /** See `ArtifactStore.size`. */
  async size(sha256: string): Promise<number | null> {
    const recipe = await loadRecipe(this.#shelf, sha256);
    if (recipe === null) return null;
    if (recipe === damagedRecipe || !(await isWhole(this.#shelf, this.#index, recipe)))
      return partly;
    return recipe.size;
  }

  async open(sha256: string): Promise<OpenedReader | null> {
    const recipe = await this.#recipe(sha256);
    if (recipe === null) return null;
    await this.#index.refresh();
    const source = new ChunkSource(this.#shelf, this.#index);
    return new ArtifactReader(recipe, source, await this.#coders.for(0), () => damaged(sha256));
  }

  async readWhole(sha256: string, limit: number): Promise<Uint8Array | null> {
    const recipe = await this.#recipe(sha256);
    if (recipe === null) return null;
    if (recipe.size > limit) {
      const why = `${recipe.size} bytes, more than the limit of ${limit}`;
      throw new Failure('unreadable', { path: recipePath(this.#shelf, sha256), why });
    }
    const whole = new Uint8Array(recipe.size);
    let done = 0;
    const sound = await this.#stream(sha256, recipe, async (piece) => {
      whole.set(piece.subarray(0, recipe.size - done), done);
      done += piece.length;
    });
    if (!sound) throw damaged(sha256);
    return whole;
  }

  async restore(restoration: Restoration): Promise<true | null> {
    const { sha256, path, mode, activity } = restoration;
    const recipe = await this.#recipe(sha256);
    if (recipe === null) return null;
    throwIfCancelled(activity?.signal);
    const { disk } = this.#shelf.platform;
    await this.#requireSpace(path, recipe);
    const file = await disk.create(path, unfinishedMode);
    try {
      const report = this.#reporter(recipe, 'restoring', path, activity);
      const sound = await this.#stream(sha256, recipe, async (piece, done) => {
        throwIfCancelled(activity?.signal);
        await writeOrSkip(file, piece, recipe.sparse);
        report(done);
      });
      if (!sound) throw damaged(sha256);
      throwIfCancelled(activity?.signal);
      await disk.setMode(path, mode);
      await file.sync();
      await file.close();
      return true;
    } catch (error) {
      await discard(disk, file);
      throw error;
    }
  }

  /** See `ArtifactStore.check`. */
  async check(
    expected: { sha256: string; size: number },
    full: boolean,
    activity: Activity | undefined,
  ): Promise<ArtifactState> {
    const { sha256, size } = expected;
    const recipe = await loadRecipe(this.#shelf, sha256);
    if (recipe === null) return 'missing';
    if (recipe === damagedRecipe || recipe.size !== size) return 'damaged';
    if (!(await isWhole(this.#shelf, this.#index, recipe))) return 'damaged';
    if (!full) return 'sound';
    throwIfCancelled(activity?.signal);
    const report = this.#reporter(recipe, 'checking', sha256, activity);
    const sound = await this.#stream(sha256, recipe, async (_, done) => {
      throwIfCancelled(activity?.signal);
      report(done);
    });
    return sound ? 'sound' : 'damaged';
  }

  async chunks(sha256: string): Promise<readonly ArtifactChunk[] | null> {
    return (await this.#recipe(sha256))?.chunks ?? null;
  }

  /** See `ArtifactStore.damage`. */
  async damage(sha256: string, activity: Activity | undefined): Promise<Damage> {
    const recipe = await loadRecipe(this.#shelf, sha256);
    if (recipe === null || recipe === damagedRecipe) return { recipe: true, chunks: [] };
    await this.#index.refresh();
    const source = new ChunkSource(this.#shelf, this.#index);
    const coder = await this.#coders.for(0);
    const lost = new Set<string>();
    try {
      const chunks = new Map((recipe.chunks ?? []).map((chunk) => [chunk.digest, chunk]));
      for (const chunk of chunks.values()) {
        throwIfCancelled(activity?.signal);
        if (!(await isReadable(source, coder, chunk))) lost.add(chunk.digest);
      }
    } finally {
      await source.close();
    }
    return { recipe: false, chunks: [...lost] };
  }

  /** @throws Failure `artifact-damaged` */
  async #recipe(sha256: string): Promise<Recipe | null> {
    const recipe = await loadRecipe(this.#shelf, sha256);
    if (recipe === damagedRecipe) throw damaged(sha256);
    return recipe;
  }

  /** Reads an artifact from its beginning; whether its bytes are those of its name. */
  async #stream(
    sha256: string,
    recipe: Recipe,
    use: (piece: Uint8Array, done: number) => Promise<void>,
  ): Promise<boolean> {
    await this.#index.refresh();
    const source = new ChunkSource(this.#shelf, this.#index);
    const hash = this.#shelf.platform.hashing.sha256();
    try {
      await this.#streamInto({ recipe, source, hash, use });
      return hash.digest() === sha256;
    } catch (error) {
      if (error instanceof LostChunk) return false;
      throw error;
    } finally {
      await source.close();
    }
  }

  async #streamInto(request: {
    recipe: Recipe;
    source: ChunkSource;
    hash: Hash;
    use: (piece: Uint8Array, done: number) => Promise<void>;
  }): Promise<void> {
    const { recipe, source, hash, use } = request;
    const coder: Coder = await this.#coders.for(recipe.size);
    let done = 0;
    for await (const piece of readPieces(source, coder, recipe)) {
      done += piece.length;
      const using = use(piece, done);
      // The write is on its way in another thread while this one hashes.
      hash.update(piece);
      await using;
    }
  }

  #reporter(
    { size }: Recipe,
    phase: Progress['phase'],
    path: string,
    activity: Activity | undefined,
  ) {
    return reporter({ activity, facts: { size }, phase, path });
  }

  async #requireSpace(path: string, { size, sparse }: Recipe): Promise<void> {
    const free = await this.#shelf.platform.disk.freeSpace(path);
    if (free === null || sparse || size <= free) return;
    throw new Failure('disk-full', { path, needed: size, free });
  }
}

async function isReadable(source: ChunkSource, coder: Coder, chunk: RecipeChunk): Promise<boolean> {
  try {
    await readChunk(source, coder, chunk, true);
    return true;
  } catch (error) {
    if (!(error instanceof LostChunk)) throw error;
    return false;
  }
}

/** Holes stay holes: a sparse file of many GB costs no more where it is restored to. */
function writeOrSkip(file: WriteHandle, piece: Uint8Array, sparse: boolean): Promise<void> {
  const empty = sparse && piece.length >= shortestHole && isEmpty(piece);
  return empty ? file.skip(piece.length) : file.write(piece);
}

const zeros = Buffer.alloc(1 << 20);

function isEmpty(piece: Uint8Array): boolean {
  return piece[0] === 0 && zeros.subarray(0, piece.length).equals(piece);
}
