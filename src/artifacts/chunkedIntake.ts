import { Failure, throwIfCancelled } from '../core/failure';
import type { Activity } from '../core/progress';
import { Bases } from './bases';
import { ChunkIntake } from './chunkIntake';
import { ChunkList } from './chunkList';
import { ChunkSource } from './chunkSource';
import type { Coders } from './coders';
import { type Stretch, stretches } from './cutting';
import { discard } from './discard';
import { Gear } from './gear';
import { beginFile, LastingDirectories } from './lasting';
import { recipePath, recipeShard, type Shelf } from './layout';
import type { PackIndex } from './packIndex';
import { PackWriter } from './packWriter';
import { PieceMemory } from './pieceMemory';
import { ahead, EndedEarly, type PieceSource, pieces } from './pieces';
import { RecentChunks } from './recentChunks';
import { damagedRecipe, inlineLimit, loadRecipe, type Recipe, writeRecipe } from './recipe';
import { missingSpace, requireUnchanged, type SourceFile, withSourceFile } from './sourceFile';
import type { PutHints, PutResult, StoredArtifact } from './store';
import { reporter } from './stream';

/** One may be replaced by another for the same bytes, which Windows allows of writable files only. */
const recipeMode = 0o644;

/** Nobody collects garbage that often. */
const mostAttempts = 5;

/** Bytes to store, wherever they come from. */
interface Incoming {
  readonly size: number;
  readonly sparse: boolean;
  readonly source: PieceSource;
  readonly hints: PutHints;
  readonly limit: { readonly bytes: number; readonly failure: Failure } | null;
  readonly activity: Activity | undefined;
  readonly progress: (done: number) => void;
  /** Once all is read, and nothing published: throws when what was read is not to be kept. */
  readonly confirm: () => Promise<void>;
}

interface Stored {
  readonly sha256: string;
  readonly added: number;
}

/** Whoever collects garbage leaves alone what is young. */
export async function makeYoung(shelf: Shelf, path: string): Promise<void> {
  const now = BigInt(shelf.platform.clock.now().getTime()) * 1_000_000n;
  await shelf.platform.disk.setTimes(path, now);
}

/** Looks for damage in an artifact; whether there was some, and nothing is taken from it any more. */
type Examine = (sha256: string, size: number, activity?: Activity) => Promise<boolean>;

/** Puts artifacts into a store, one at a time: each of them uses all the machine. */
export class Intake {
  readonly #shelf: Shelf;
  readonly #index: PackIndex;
  readonly #coders: Coders;
  readonly #directories: LastingDirectories;
  readonly #examine: Examine;
  readonly #recent = new RecentChunks();
  #gear: Gear | null = null;
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(shelf: Shelf, index: PackIndex, coders: Coders, examine: Examine) {
    this.#shelf = shelf;
    this.#index = index;
    this.#coders = coders;
    this.#examine = examine;
    this.#directories = new LastingDirectories(shelf);
  }

  async put(path: string, activity?: Activity, hints: PutHints = {}): Promise<PutResult> {
    throwIfCancelled(activity?.signal);
    return withSourceFile(this.#shelf, path, (file) =>
      this.#inTurn(() => this.#putFile(file, hints, activity)),
    );
  }

  async #putFile(file: SourceFile, hints: PutHints, activity?: Activity): Promise<PutResult> {
    const { facts, path, source } = file;
    const lacking = await missingSpace(this.#shelf, facts.allocated);
    const incoming: Incoming = {
      size: facts.size,
      sparse: facts.allocated < facts.size,
      source,
      hints,
      // It may be here already, or get so small that it fits.
      limit: lacking === null ? null : { bytes: lacking.data.free ?? 0, failure: lacking },
      activity,
      progress: reporter({ activity, facts, phase: 'storing', path }),
      confirm: () => requireUnchanged(this.#shelf, file),
    };
    try {
      const { sha256, added } = await this.#store(incoming);
      return { sha256, size: facts.size, facts, added };
    } catch (error) {
      if (error instanceof EndedEarly) throw new Failure('file-changed', { path });
      throw error;
    }
  }

  async putBytes(bytes: Uint8Array): Promise<StoredArtifact> {
    const source: PieceSource = {
      read: async (into, offset) => {
        const part = bytes.subarray(offset, offset + into.length);
        into.set(part);
        return part.length;
      },
    };
    const nothing = () => undefined;
    const incoming = { size: bytes.length, sparse: false, source, hints: {}, limit: null };
    const { sha256 } = await this.#inTurn(() =>
      this.#store({
        ...incoming,
        activity: undefined,
        progress: nothing,
        confirm: async () => undefined,
      }),
    );
    return { sha256, size: bytes.length };
  }

  /** Stores until all of it is there: garbage may be collected at the same time. */
  async #store(incoming: Incoming): Promise<Stored> {
    const { size, activity } = incoming;
    if (size <= inlineLimit) return this.#storeInline(incoming);
    for (let attempt = 1; ; attempt += 1) {
      const stored = await this.#storeOnce(incoming);
      if (attempt === mostAttempts) return stored;
      if (!stored.whole) continue;
      // All of it was here: who stores it again may do so because it is damaged.
      const mends = stored.added === 0 && (await this.#examine(stored.sha256, size, activity));
      if (!mends) return stored;
    }
  }

  async #storeOnce(incoming: Incoming): Promise<Stored & { whole: boolean }> {
    const packs = new PackWriter(this.#shelf, this.#directories);
    const source = new ChunkSource(this.#shelf, this.#index);
    try {
      await packs.begin();
      await this.#index.refresh();
      const { recipe, sha256 } = await this.#chunks(incoming, packs, source);
      await incoming.confirm();
      throwIfCancelled(incoming.activity?.signal);
      const published = await packs.publish();
      this.#index.add(published);
      const added = await this.#publish(sha256, recipe, published.length > 0);
      const names = published.flatMap((table) => table.packs.map(({ name }) => name));
      const whole = await source.areStill(names);
      if (published.length > 0) await this.#index.tidy();
      return { sha256, added: added + packs.written, whole };
    } catch (error) {
      await packs.drop();
      throw error;
    } finally {
      await source.close();
    }
  }

  async #chunks(incoming: Incoming, packs: PackWriter, source: ChunkSource) {
    const { size, sparse, hints, limit, activity, progress } = incoming;
    const plan = this.#plan(size, hints);
    this.#gear ??= new Gear(this.#shelf.platform.hashing);
    const bases = await Bases.of(this.#shelf, source, hints.base ?? null);
    const coder = await this.#coders.for(size);
    const memory = new PieceMemory();
    const intake = new ChunkIntake({
      ...{ shelf: this.#shelf, coder, source, packs, bases, limit, memory },
      recent: this.#recent.fits(size) ? this.#recent : null,
    });
    const read = ahead(pieces(incoming.source, plan, this.#gear, memory));
    const whole = coder.digest();
    let sha256 = '';
    let chunks = new ChunkList();
    try {
      chunks = await intake.take(read, whole, progress, activity);
    } finally {
      sha256 = await whole.end();
    }
    const recipe: Recipe = { size, sparse, chunks, inline: null };
    return { sha256, recipe };
  }

  #plan(size: number, { layout }: PutHints): Stretch[] {
    return stretches(size, layout ?? null, this.#shelf.platform.hashing);
  }

  async #storeInline(incoming: Incoming): Promise<Stored> {
    const { size, sparse, source, limit } = incoming;
    const inline = new Uint8Array(size);
    if ((await source.read(inline, 0)) < size) throw new EndedEarly();
    await incoming.confirm();
    throwIfCancelled(incoming.activity?.signal);
    const sha256 = this.#shelf.platform.hashing.sha256Of(inline);
    const here = await this.#isHere(sha256, size);
    if (!here && limit !== null) throw limit.failure;
    const added = await this.#publish(sha256, { size, sparse, chunks: null, inline }, false);
    incoming.progress(size);
    return { sha256, added };
  }

  async #isHere(sha256: string, size: number): Promise<boolean> {
    const recipe = await loadRecipe(this.#shelf, sha256);
    return recipe !== null && recipe !== damagedRecipe && recipe.size === size;
  }

  /**
   * Gives an artifact its recipe, whole and synced before it gets its name.
   * @param changed its chunks are new, and so may be the way they are cut
   * @returns the bytes newly on disk; 0 when it was there
   */
  async #publish(sha256: string, recipe: Recipe, changed: boolean): Promise<number> {
    const { disk, hashing } = this.#shelf.platform;
    const shard = recipeShard(this.#shelf, sha256);
    if (!changed && (await this.#isHere(sha256, recipe.size))) {
      // One that another process has just renamed may not be synced yet.
      await this.#directories.make(shard);
      await disk.syncDirectory(shard);
      await makeYoung(this.#shelf, recipePath(this.#shelf, sha256));
      return 0;
    }
    const file = await beginFile(this.#shelf, recipeMode);
    try {
      const bytes = writeRecipe(recipe, hashing);
      await file.write(bytes);
      await file.sync();
      await file.close();
      await this.#directories.make(shard);
      await disk.rename(file.path, recipePath(this.#shelf, sha256));
      await disk.syncDirectory(shard);
      return bytes.length;
    } catch (error) {
      await discard(disk, file);
      throw error;
    }
  }

  /** Puts wait for each other. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#lastTurn.then(work, work);
    this.#lastTurn = turn;
    return turn;
  }
}
