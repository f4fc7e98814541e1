import { Failure, isFailure, throwIfCancelled } from '../core/failure';
import type { Activity, Progress } from '../core/progress';
import type { OpenedReader, WriteHandle } from '../platform';
import {
  ArtifactReader,
  type ChunkTools,
  LostChunk,
  type RepeatedPiece,
  readPieces,
} from './artifactReader';
import { ChunkSource, SharedSource } from './chunkSource';
import type { Coders } from './coders';
import type { Place } from './condemned';
import { discard } from './discard';
import { findDamage, isSoundPlace } from './findDamage';
import { recipePath, type Shelf } from './layout';
import type { Restoration } from './outlet';
import type { PackIndex } from './packIndex';
import { type Bytes, PieceMemory } from './pieceMemory';
import { damagedRecipe, loadRecipe, type Recipe } from './recipe';
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

/** Gives back what an `Intake` stored. All of it says `null` of what has no recipe. */
export class Outlet {
  readonly #shelf: Shelf;
  readonly #index: PackIndex;
  readonly #coders: Coders;
  readonly #shared: SharedSource;

  constructor(shelf: Shelf, index: PackIndex, coders: Coders) {
    this.#shelf = shelf;
    this.#index = index;
    this.#shared = new SharedSource(shelf, index);
    this.#coders = coders;
  }

  /** See `ArtifactStore.size`. */
  async size(sha256: string): Promise<number | null> {
    const recipe = await loadRecipe(this.#shelf, sha256);
    if (recipe === null) return null;
    if (recipe === damagedRecipe || !(await this.#isWhole(recipe))) return partly;
    return recipe.size;
  }

  async open(sha256: string): Promise<OpenedReader | null> {
    const recipe = await this.#recipe(sha256);
    if (recipe === null) return null;
    return new ArtifactReader(recipe, await this.#tools(0), () => damaged(sha256));
  }

  readWhole(sha256: string, limit: number): Promise<Uint8Array | null> {
    return this.#twice(() => this.#readWhole(sha256, limit));
  }

  async #readWhole(sha256: string, limit: number): Promise<Uint8Array | null> {
    const recipe = await this.#recipe(sha256);
    if (recipe === null) return null;
    if (recipe.size > limit) {
      const why = `${recipe.size} bytes, more than the limit of ${limit}`;
      throw new Failure('unreadable', { path: recipePath(this.#shelf, sha256), why });
    }
    const whole = new Uint8Array(recipe.size);
    let done = 0;
    const sound = await this.#stream(sha256, recipe, async ({ bytes, times }) => {
      for (let time = 0; time < times; time += 1) {
        whole.set(bytes.subarray(0, recipe.size - done), done);
        done += bytes.length;
      }
    });
    if (!sound) throw damaged(sha256);
    return whole;
  }

  restore(restoration: Restoration): Promise<true | null> {
    return this.#twice(() => this.#restore(restoration));
  }

  async #restore(restoration: Restoration): Promise<true | null> {
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
    const since = this.#index.refusals;
    const state = await this.#check(expected, full, activity);
    const worthAgain = state === 'damaged' && (await this.#index.doubt(since));
    return worthAgain ? this.#check(expected, full, activity) : state;
  }

  async #check(
    expected: { sha256: string; size: number },
    full: boolean,
    activity: Activity | undefined,
  ): Promise<ArtifactState> {
    const { sha256, size } = expected;
    const recipe = await loadRecipe(this.#shelf, sha256);
    if (recipe === null) return 'missing';
    if (recipe === damagedRecipe || recipe.size !== size) return 'damaged';
    if (!(await this.#isWhole(recipe))) return 'damaged';
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
    const chunks = (await this.#recipe(sha256))?.chunks ?? null;
    return chunks === null ? null : [...chunks];
  }

  /** See `ArtifactStore.damage`. */
  async damage(sha256: string, activity: Activity | undefined): Promise<Damage> {
    const recipe = await loadRecipe(this.#shelf, sha256);
    if (recipe === null || recipe === damagedRecipe)
      return { recipe: true, chunks: [], places: [] };
    const tools = await this.#tools(0);
    try {
      return await findDamage(tools, recipe, activity);
    } finally {
      await tools.source.close();
    }
  }

  /** See `ArtifactStore.condemn`. */
  async condemn({ places }: Damage): Promise<void> {
    if (places.length === 0) return;
    await this.#index.refresh();
    await this.#index.condemn(places);
  }

  /** See `ArtifactStore.reconsider`. */
  async reconsider(activity: Activity | undefined): Promise<void> {
    const tools = await this.#tools(0);
    try {
      const pardoned: Place[] = [];
      for (const place of await tools.source.condemned()) {
        throwIfCancelled(activity?.signal);
        if (await isSoundPlace(tools, place)) pardoned.push(place);
      }
      if (pardoned.length > 0) await this.#index.condemn([], pardoned);
    } finally {
      await tools.source.close();
    }
  }

  /**
   * Looks whether an artifact that is said to be here has other bytes, and condemns them; `true`
   * where there was anything to condemn.
   */
  async condemnDamage(sha256: string, size: number, activity?: Activity): Promise<boolean> {
    if ((await this.check({ sha256, size }, true, activity)) === 'sound') return false;
    const damage = await this.damage(sha256, activity);
    await this.condemn(damage);
    return damage.places.length > 0;
  }

  /** What is damaged is read again when a table turns out to have told where it is not. */
  async #twice<T>(read: () => Promise<T>): Promise<T> {
    const since = this.#index.refusals;
    try {
      return await read();
    } catch (error) {
      const damaged = isFailure(error, 'artifact-damaged');
      if (!damaged || !(await this.#index.doubt(since))) throw error;
      return read();
    }
  }

  /** Whether all of it is here, as it is now. */
  #isWhole(recipe: Recipe): Promise<boolean> {
    return this.#shared.isWhole(recipe);
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
    use: (piece: RepeatedPiece, done: number) => Promise<void>,
  ): Promise<boolean> {
    const tools = await this.#tools(recipe.size);
    try {
      return (await digestOf(tools, recipe, use)) === sha256;
    } catch (error) {
      if (error instanceof LostChunk) return false;
      throw error;
    } finally {
      await tools.source.close();
    }
  }

  /** For an artifact of so many bytes. Whoever asks closes the source. */
  async #tools(size: number): Promise<ChunkTools> {
    await this.#index.refresh();
    return {
      source: new ChunkSource(this.#shelf, this.#index),
      coder: await this.#coders.for(size),
      memory: new PieceMemory(),
    };
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

/**
 * Reads all of an artifact, and gives its digest. Three things are under way at a time, each in its
 * own thread: chunks are read and decoded, the digest goes on, and what it has taken in is used.
 * @param use is called with the pieces in their order, also before it is done with those before
 */
async function digestOf(
  tools: ChunkTools,
  recipe: Recipe,
  use: (piece: RepeatedPiece, done: number) => Promise<void>,
): Promise<string> {
  const digest = tools.coder.digest();
  const underWay: Promise<void>[] = [];
  let [begun, used, done] = [0, 0, 0];
  const useOnce = async (added: Promise<Bytes>, times: number) => {
    const place = begun++;
    const bytes = await added;
    // The digest gives them back in their order. Were it ever another one, the file would be wrong and
    // its digest right.
    if (place !== used++) throw new Error(`piece ${place} of an artifact came in another's turn`);
    done += bytes.length * times;
    await use({ bytes, times }, done);
    tools.memory.give(bytes.buffer);
  };
  try {
    for await (const { bytes, times } of readPieces(tools, recipe)) {
      const using = useOnce(digest.add(bytes, times), times);
      using.catch(() => undefined);
      underWay.push(using);
      if (underWay.length >= tools.coder.width) await underWay.shift();
    }
    while (underWay.length > 0) await underWay.shift();
  } catch (error) {
    await Promise.allSettled(underWay);
    await digest.end();
    throw error;
  }
  return digest.end();
}

/** Holes stay holes: a sparse file of many GB costs no more where it is restored to. */
async function writeOrSkip(
  file: WriteHandle,
  { bytes, times }: RepeatedPiece,
  sparse: boolean,
): Promise<void> {
  const { length } = bytes;
  if (sparse && length >= shortestHole && isEmpty(bytes)) return file.skip(length * times);
  await Promise.all(Array.from({ length: times }, () => file.write(bytes)));
}

const zeros = Buffer.alloc(1 << 20);

function isEmpty(piece: Uint8Array): boolean {
  return piece[0] === 0 && zeros.subarray(0, piece.length).equals(piece);
}
