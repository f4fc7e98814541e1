import { Failure } from '../core/failure';
import { type Place, placeKey, readCondemned, writeCondemned } from './condemned';
import { indexPath, packPath, packsDirectory, type Shelf, tablePath } from './layout';
import { OpenFiles } from './openFiles';
import { type Known, type PackRows, rowsInMemory, type Teller } from './packRows';
import { survey } from './packSurvey';
import type { Location, PackTable } from './packTable';
import { BrokenTable, TableFile } from './tableFile';
import { TablePages } from './tablePages';
import { writeTable } from './tableWriter';

/** So many packs may lie beside those that tables tell of, and so many chunks in them. */
const loosePacks = 8;
const looseChunks = 256;
/** A table as short as this is written anew with whatever comes, */
const shortTable = 4096;
/** and one that is at most so many times as long as what is shorter. */
const timesLonger = 4;
/** A directory as young as this may change again without its time showing it; in nanoseconds. */
const racy = 100_000_000n;

const nothing: Known = { tables: [], loose: [], packs: new Map(), useless: [] };

/**
 * Where every chunk lies. What the packs say themselves is the truth; tables spare reading their ends,
 * one by one, are searched on the disk, and are made anew when they are lost. Each is several times as
 * long as all shorter ones together, so that a chunk is looked for in few, and written anew a few times.
 */
export class PackIndex {
  readonly #shelf: Shelf;
  readonly #pages = new TablePages();
  /** Tables that were found to lie or to be broken. */
  readonly #refused = new Set<string>();
  /** Tables that were found to say what their packs do. */
  readonly #proven = new Set<string>();
  #known: Known | null = null;
  #condemned: ReadonlySet<string> = new Set();
  #seen: bigint | null = null;

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  /** Sees what other processes have added or removed. To be called before each use. */
  async refresh(): Promise<void> {
    const { disk, clock } = this.#shelf.platform;
    const modified = (await disk.facts(packsDirectory(this.#shelf)))?.modified ?? null;
    if (this.#known !== null && modified === this.#seen) return;
    const now = BigInt(clock.now().getTime()) * 1_000_000n;
    const [known, condemned] = await Promise.all([this.#survey(), readCondemned(this.#shelf)]);
    this.#known = known;
    this.#condemned = condemned;
    const age = modified === null ? racy : now - modified;
    this.#seen = age < racy && age > -racy ? null : modified;
  }

  /** Takes up packs that were just published. */
  add(written: readonly PackTable[]): void {
    const known = this.#known ?? nothing;
    const packs = new Map(known.packs);
    const added = written.filter((table) => table.packs.every(({ name }) => !packs.has(name)));
    for (const teller of added) {
      for (const { name, length } of teller.packs) packs.set(name, { teller, length });
    }
    this.#known = { ...known, loose: [...known.loose, ...added], packs };
    this.#seen = null;
  }

  /**
   * Every place where a chunk lies, of packs that were whole when they were last looked at, and not
   * condemned.
   */
  async find(digest: string, files: OpenFiles): Promise<Location[]> {
    const found = await this.#everyPlace(digest, files);
    return this.#condemned.size === 0
      ? found
      : found.filter((location) => !this.#condemned.has(placeKey(location)));
  }

  /** Places from which nothing is taken. */
  async condemned(files: OpenFiles): Promise<Location[]> {
    const places: Location[] = [];
    for (const key of this.#condemned) {
      const [pack, digest = ''] = key.split(' ');
      for (const place of await this.#everyPlace(digest, files)) {
        if (place.pack === pack) places.push(place);
      }
    }
    return places;
  }

  /** Takes nothing any more from these places, and again from those. */
  async condemn(places: readonly Place[], pardoned: readonly Place[] = []): Promise<void> {
    const freed = new Set(pardoned.map(placeKey));
    const packs = this.#known?.packs;
    const known = [...(await readCondemned(this.#shelf))].filter(
      (key) => !freed.has(key) && packs?.has(key.slice(0, key.indexOf(' '))),
    );
    this.#condemned = new Set([...known, ...places.map(placeKey)]);
    await writeCondemned(this.#shelf, this.#condemned);
  }

  packs(): { name: string; length: number }[] {
    return [...(this.#known ?? nothing).packs].map(([name, { length }]) => ({ name, length }));
  }

  /** Whether a pack is there as long as it was written. */
  async isWhole(pack: string): Promise<boolean> {
    const facts = await this.#shelf.platform.disk.facts(packPath(this.#shelf, pack));
    return facts?.kind === 'file' && facts.size === this.#known?.packs.get(pack)?.length;
  }

  /**
   * All rows in memory, for whoever goes through all of them: what tables say is held against the
   * packs' names first, for what is not told might be thrown away.
   */
  inMemory(): Promise<PackRows> {
    return this.#trying(async () => {
      const files = new OpenFiles(this.#shelf.platform.disk);
      try {
        const { hashing } = this.#shelf.platform;
        return await rowsInMemory(this.#known ?? nothing, { files, hashing }, this.#condemned);
      } finally {
        await files.close();
      }
    });
  }

  /** How many tables turned out to be none. */
  get refusals(): number {
    return this.#refused.size;
  }

  /**
   * Something is not as it should be: whether that was because a table says something else than the
   * packs do. It is not used any more then.
   * @param since `refusals` when it was looked for
   */
  async doubt(since = this.refusals): Promise<boolean> {
    const { disk, hashing } = this.#shelf.platform;
    const files = new OpenFiles(disk);
    try {
      for (const table of (this.#known ?? nothing).tables) {
        if (this.#proven.has(table.name)) continue;
        try {
          await table.inMemory(files, hashing);
          this.#proven.add(table.name);
        } catch (error) {
          if (!(error instanceof BrokenTable)) throw error;
          await this.#refuse(error);
        }
      }
      return this.refusals > since;
    } finally {
      await files.close();
    }
  }

  /** Writes a table once many packs lie beside those that there are. */
  async tidy(): Promise<void> {
    const known = this.#known ?? nothing;
    const chunks = known.loose.reduce((sum, { length }) => sum + length, 0);
    if (known.loose.length <= loosePacks && chunks <= looseChunks) return;
    await this.#replace(known, [...known.loose, ...outgrown(known.tables.toReversed(), chunks)]);
  }

  /** The same with all tables: packs have gone that they tell of. */
  async tidyAll(): Promise<void> {
    const known = this.#known ?? nothing;
    if (known.tables.length + known.useless.length === 0) return this.tidy();
    await this.#replace(known, [...known.loose, ...known.tables]);
  }

  /** Writes what these tell into one table, and removes those that are not needed any more. */
  async #replace(known: Known, taken: readonly Teller[]): Promise<void> {
    const { disk } = this.#shelf.platform;
    const files = new OpenFiles(disk);
    try {
      const sources = taken.map((table) => ({
        table,
        keeps: ({ name }: { name: string }) => known.packs.get(name)?.teller === table,
      }));
      const written = await writeTable(this.#shelf, files, sources);
      const replaced = taken.flatMap((table) => (table instanceof TableFile ? table.name : []));
      for (const name of [...replaced, ...known.useless]) {
        // The very same may have been written again.
        if (name !== written) await disk.remove(tablePath(this.#shelf, name));
      }
      await disk.remove(indexPath(this.#shelf));
      this.#known = await this.#survey();
    } catch (error) {
      // The packs tell the same, more slowly, and the next one that stores tries again.
      if (!(error instanceof BrokenTable) && !isRefused(error)) throw error;
    } finally {
      this.#seen = null;
      await files.close();
    }
  }

  async #everyPlace(digest: string, files: OpenFiles): Promise<Location[]> {
    const key = Buffer.from(digest, 'hex');
    return this.#trying(async () => {
      const known = this.#known ?? nothing;
      const asked = known.tables.map((table) => table.find(key, files, this.#pages));
      const places: Location[] = [];
      const take = (teller: Teller, found: readonly Location[]) => {
        for (const one of found) if (known.packs.get(one.pack)?.teller === teller) places.push(one);
      };
      const told = asked.length === 0 ? [] : await Promise.all(asked);
      for (const [place, table] of known.tables.entries()) take(table, told[place] ?? []);
      for (const table of known.loose) take(table, table.find(key));
      return places;
    });
  }

  #survey(): Promise<Known> {
    return survey(this.#shelf, this.#known ?? nothing, this.#refused);
  }

  /** Does without each table that turns out to be none. */
  async #trying<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof BrokenTable)) throw error;
        await this.#refuse(error);
      }
    }
  }

  async #refuse({ table }: BrokenTable): Promise<void> {
    this.#refused.add(table);
    this.#known = await this.#survey();
  }
}

/**
 * The tables that are not much longer than all shorter ones and what is new together.
 * @param tables shortest first
 * @param rows that are new
 */
function outgrown(tables: readonly TableFile[], rows: number): TableFile[] {
  let [together, taken] = [rows, 0];
  for (const [place, { length }] of tables.entries()) {
    if (length <= Math.max(shortTable, timesLonger * together)) taken = place + 1;
    together += length;
  }
  return tables.slice(0, taken);
}

/** What the disk says where nothing more can be written, or not by this user. */
function isRefused(error: unknown): boolean {
  return (
    error instanceof Failure && ['disk-full', 'disk-failed', 'unreadable'].includes(error.code)
  );
}
