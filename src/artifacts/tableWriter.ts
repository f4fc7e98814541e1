import type { WriteHandle } from '../platform';
import { discard } from './discard';
import { beginFile, LastingDirectories } from './lasting';
import { type Shelf, tablePath, tablesDirectory } from './layout';
import type { OpenFiles } from './openFiles';
import { recordLength } from './packFormat';
import { digestLength, type PackFacts, PackTable, packAt, rowLength } from './packTable';
import { pageEntry, pageRows, type TableFile, tableEnd, tableMagic, writePacks } from './tableFile';

/** One may be replaced by another with the same bytes, which Windows allows of writable files only. */
const tableMode = 0o644;

/** Rows to go into a new table: those of the packs that are told from here. */
export interface RowSource {
  readonly table: TableFile | PackTable;
  readonly keeps: (pack: PackFacts) => boolean;
}

/**
 * Writes the rows of several tables into a new one, page by page. It is not synced: whatever a crash
 * leaves of it does not have its name's digest, and the packs are asked again.
 * @returns its name; `null` when there is nothing to tell
 * @throws BrokenTable, Failure of the disk: nothing is left then
 */
export async function writeTable(
  shelf: Shelf,
  files: OpenFiles,
  sources: readonly RowSource[],
): Promise<string | null> {
  const { disk, hashing } = shelf.platform;
  const packs: PackFacts[] = [];
  const cursors = sources.map((source) => new RowCursor(source, files, packs));
  if (packs.length === 0) return null;
  const file = await beginFile(shelf, tableMode);
  try {
    await file.write(tableMagic);
    const pages = new Pages(file);
    await mergeRows(cursors, pages);
    await pages.flush();
    const listing = Buffer.concat([...pages.entries, writePacks(packs)]);
    const name = hashing.sha256Of(listing);
    await file.write(Buffer.concat([listing, tableEnd(pages.rows, packs.length, name)]));
    await file.close();
    await new LastingDirectories(shelf).make(tablesDirectory(shelf));
    await disk.rename(file.path, tablePath(shelf, name));
    return name;
  } catch (error) {
    await discard(disk, file);
    throw error;
  }
}

async function mergeRows(cursors: readonly RowCursor[], pages: Pages): Promise<void> {
  const open: RowCursor[] = [];
  for (const cursor of cursors) if (await cursor.next()) open.push(cursor);
  while (open.length > 0) {
    const first = open.reduce((one, other) => (other.isBefore(one) ? other : one));
    if (pages.add(first)) await pages.flush();
    if (!first.step() && !(await first.next())) open.splice(open.indexOf(first), 1);
  }
}

/** Goes through the rows of one source that are kept. */
class RowCursor {
  readonly #batches: AsyncIterator<Buffer>;
  /** Where each of its packs is in the new table's list. */
  readonly #places: readonly (number | null)[];
  rows: Buffer = Buffer.alloc(0);
  row = 0;

  /** @param packs the new table's: those that it keeps come to it */
  constructor({ table, keeps }: RowSource, files: OpenFiles, packs: PackFacts[]) {
    this.#places = table.packs.map((pack) => (keeps(pack) ? packs.push(pack) - 1 : null));
    this.#batches = (table instanceof PackTable ? oneBatch(table) : table.batches(files))[
      Symbol.asyncIterator
    ]();
  }

  /** The place of the row's pack in the new list. */
  get place(): number | null {
    return this.#places[packAt(this.rows, this.row)] ?? null;
  }

  isBefore(other: RowCursor): boolean {
    const [own, its] = [this.row * rowLength, other.row * rowLength];
    const order = this.rows.compare(other.rows, its, its + digestLength, own, own + digestLength);
    return order < 0;
  }

  /** To the next row of those in memory; `false` when there is none. */
  step(): boolean {
    this.row += 1;
    return this.#settle();
  }

  /** To the first row of the next batch that has one. */
  async next(): Promise<boolean> {
    for (;;) {
      const { value, done } = await this.#batches.next();
      if (done) return false;
      this.rows = value;
      this.row = 0;
      if (this.#settle()) return true;
    }
  }

  #settle(): boolean {
    const end = this.rows.length / rowLength;
    while (this.row < end && this.place === null) this.row += 1;
    return this.row < end;
  }
}

async function* oneBatch(table: PackTable): AsyncGenerator<Buffer> {
  yield table.rows;
}

/** The pages of a table that is being written. */
class Pages {
  readonly entries: Buffer[] = [];
  rows = 0;
  readonly #file: WriteHandle;
  readonly #page = Buffer.alloc(pageRows * rowLength);
  #length = 0;

  constructor(file: WriteHandle) {
    this.#file = file;
  }

  /** Whether the page is full now. */
  add({ rows, row, place }: RowCursor): boolean {
    const start = row * rowLength;
    rows.copy(this.#page, this.#length, start, start + recordLength);
    this.#page.writeUInt32LE(place ?? 0, this.#length + recordLength);
    this.#length += rowLength;
    this.rows += 1;
    return this.#length === this.#page.length;
  }

  async flush(): Promise<void> {
    if (this.#length === 0) return;
    const page = this.#page.subarray(0, this.#length);
    this.#length = 0;
    this.entries.push(pageEntry(page));
    await this.#file.write(page);
  }
}
