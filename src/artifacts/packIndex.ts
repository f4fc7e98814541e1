import { Failure } from '../core/failure';
import { type Place, placeKey, readCondemned, writeCondemned } from './condemned';
import { indexPath, packName, packPath, packsDirectory, type Shelf } from './layout';
import { endLength, readEnd, recordLength } from './packFormat';
import { type Location, PackTable } from './packTable';

/** So many packs may lie beside those that the index file covers. */
const loosePacks = 32;
/** And so many chunks, or this part of what it covers. */
const looseChunks = 4096;
const loosePart = 1 / 8;
/** So many packs are asked at once. */
const askedAtOnce = 16;
const longestIndex = 1 << 30;
/** A directory as young as this may change again without its time showing it; in nanoseconds. */
const racy = 100_000_000n;

/**
 * Where every chunk lies. What the packs say themselves is the truth; the index file spares reading
 * their ends, one by one, and is made anew when it is lost.
 */
export class PackIndex {
  readonly #shelf: Shelf;
  /** The index file's table first, if there is one, then one for each pack that it does not cover. */
  #tables: PackTable[] | null = null;
  #lengths = new Map<string, number>();
  #condemned: ReadonlySet<string> = new Set();
  #seen: bigint | null = null;

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  /** Sees what other processes have added or removed. To be called before each use. */
  async refresh(): Promise<void> {
    const { disk, clock } = this.#shelf.platform;
    const directory = packsDirectory(this.#shelf);
    const modified = (await disk.facts(directory))?.modified ?? null;
    if (this.#tables !== null && modified === this.#seen) return;
    const now = BigInt(clock.now().getTime()) * 1_000_000n;
    const [tables, entries] = await Promise.all([
      this.#tables ?? this.#loadTables(),
      disk.list(directory),
    ]);
    this.#tables = tables;
    await this.#follow(new Set((entries ?? []).flatMap(({ name }) => packName(name) ?? [])));
    this.#condemned = await readCondemned(this.#shelf);
    const age = modified === null ? racy : now - modified;
    this.#seen = age < racy && age > -racy ? null : modified;
  }

  /**
   * Every place where a chunk lies, of packs that were whole when they were last looked at, and not
   * condemned.
   */
  find(digest: string): Location[] {
    return this.#everyPlace(digest).filter((location) => this.#counts(location));
  }

  *locations(): Generator<Location> {
    for (const table of this.#tables ?? []) {
      for (const location of table) if (this.#counts(location)) yield location;
    }
  }

  /** Places from which nothing is taken. */
  condemned(): Location[] {
    return [...this.#condemned].flatMap((key) => {
      const [pack, digest = ''] = key.split(' ');
      return this.#everyPlace(digest).filter((location) => location.pack === pack);
    });
  }

  /** Takes nothing any more from these places, and again from those. */
  async condemn(places: readonly Place[], pardoned: readonly Place[] = []): Promise<void> {
    const freed = new Set(pardoned.map(placeKey));
    const known = [...(await readCondemned(this.#shelf))].filter(
      (key) => !freed.has(key) && this.#lengths.has(key.slice(0, key.indexOf(' '))),
    );
    this.#condemned = new Set([...known, ...places.map(placeKey)]);
    await writeCondemned(this.#shelf, this.#condemned);
  }

  #everyPlace(digest: string): Location[] {
    const key = Buffer.from(digest, 'hex');
    return (this.#tables ?? []).flatMap((table) => table.find(key));
  }

  #counts(location: Location): boolean {
    if (!this.#lengths.has(location.pack)) return false;
    return this.#condemned.size === 0 || !this.#condemned.has(placeKey(location));
  }

  packs(): { name: string; length: number }[] {
    return [...this.#lengths].map(([name, length]) => ({ name, length }));
  }

  /** Whether a pack is there as long as it was written. */
  async isWhole(pack: string): Promise<boolean> {
    const facts = await this.#shelf.platform.disk.facts(packPath(this.#shelf, pack));
    return facts?.kind === 'file' && facts.size === this.#lengths.get(pack);
  }

  /** Writes the index file once many packs lie beside it. */
  async tidy(): Promise<void> {
    const tables = this.#tables ?? [];
    const [covered, ...loose] = tables;
    const rows = loose.reduce((sum, { length }) => sum + length, 0);
    const many = rows > Math.max(looseChunks, (covered?.length ?? 0) * loosePart);
    if (loose.length <= loosePacks && !many) return;
    const merged = PackTable.merged(tables, ({ name }) => this.#lengths.has(name));
    const { disk } = this.#shelf.platform;
    await disk.writeWhole(indexPath(this.#shelf), merged.write());
    this.#tables = [merged];
  }

  async #loadTables(): Promise<PackTable[]> {
    const { disk } = this.#shelf.platform;
    try {
      const bytes = await disk.readSmall(indexPath(this.#shelf), longestIndex);
      const table = bytes === null ? null : PackTable.read(bytes);
      return table === null ? [] : [table];
    } catch (error) {
      // Only a copy of what the packs say: whatever is wrong with it, they are asked instead.
      if (!(error instanceof Failure)) throw error;
      return [];
    }
  }

  /** Takes up new packs, and lets go of those that are gone. */
  async #follow(present: ReadonlySet<string>): Promise<void> {
    const tables = this.#tables ?? [];
    const lengths = new Map<string, number>();
    for (const { name, length } of tables.flatMap(({ packs }) => packs)) {
      if (present.has(name)) lengths.set(name, length);
    }
    const kept = tables.filter(({ packs }) => packs.some(({ name }) => lengths.has(name)));
    const loose = [...present].filter((name) => !lengths.has(name));
    for (let at = 0; at < loose.length; at += askedAtOnce) {
      const names = loose.slice(at, at + askedAtOnce);
      const found = await Promise.all(names.map((name) => readPackTable(this.#shelf, name)));
      for (const table of found) {
        if (table === null) continue;
        kept.push(table);
        for (const { name, length } of table.packs) lengths.set(name, length);
      }
    }
    this.#tables = kept;
    this.#lengths = lengths;
  }
}

/** What a pack's end says it holds; `null` when it is gone or its end is not what was written. */
async function readPackTable(shelf: Shelf, name: string): Promise<PackTable | null> {
  const { disk, hashing } = shelf.platform;
  const file = await disk.openRead(packPath(shelf, name));
  if (file === null) return null;
  try {
    const { size, kind } = await file.facts();
    if (kind !== 'file' || size < endLength) return null;
    const end = Buffer.alloc(endLength);
    await file.read(end, size - endLength);
    const said = readEnd(end);
    const length = (said?.records ?? 0) * recordLength;
    if (said === null || said.digest !== name || length > size - endLength) return null;
    const records = Buffer.alloc(length);
    await file.read(records, size - endLength - length);
    if (hashing.sha256Of(records) !== name) return null;
    return PackTable.of({ name, length: size }, records);
  } catch (error) {
    // A bad sector in its end: then none of it can be found.
    if (!(error instanceof Failure) || error.code !== 'disk-failed') throw error;
    return null;
  } finally {
    await file.close();
  }
}
