import { crc32 } from 'node:zlib';
import { Failure } from '../core/failure';
import type { Hashing } from '../platform';
import { type Shelf, tablePath } from './layout';
import { endLength, readListing, writeEnd } from './listing';
import type { OpenFiles } from './openFiles';
import { recordLength } from './packFormat';
import {
  compareRow,
  firstRow,
  type Location,
  locationAt,
  type PackFacts,
  PackTable,
  packAt,
  rowLength,
} from './packTable';
import type { TablePages } from './tablePages';

/**
 * Tables: the records of many packs in one file that is searched on the disk, written once and never
 * changed. A copy of what the packs say themselves.
 *
 *     "CAIRNTB1"
 *     for each chunk, sorted by digest: its record, its pack's place in the list (32 bits)
 *     for each page of 195 rows: the first 8 bytes of its first digest, the CRC-32 of the page
 *     for each pack: its name (32 bytes), its file's length (32 bits)
 *     "CAIRNTBE", rows (32 bits), packs (32 bits), the SHA-256 of what is listed of pages and packs
 *
 * That SHA-256 is the table's name. Numbers are little-endian.
 */
export const tableMagic = Buffer.from('CAIRNTB1');
const endMagic = Buffer.from('CAIRNTBE');
export const pageRows = 195;
const pageLength = pageRows * rowLength;
const prefixLength = 8;
const entryLength = prefixLength + 4;
const packLength = 36;

/** A table that is gone, or has other bytes than were written: the packs are asked instead. */
export class BrokenTable extends Error {
  override readonly name = 'BrokenTable';

  constructor(readonly table: string) {
    super(table);
  }
}

export class TableFile {
  readonly name: string;
  readonly packs: readonly PackFacts[];
  /** In rows. */
  readonly length: number;
  readonly #path: string;
  readonly #entries: Buffer;

  constructor(
    shelf: Shelf,
    name: string,
    { rows, packs, entries }: { rows: number; packs: readonly PackFacts[]; entries: Buffer },
  ) {
    this.name = name;
    this.packs = packs;
    this.length = rows;
    this.#path = tablePath(shelf, name);
    this.#entries = entries;
  }

  /** The table of that name; `null` when it is gone or not what was written. */
  static async read(shelf: Shelf, files: OpenFiles, name: string): Promise<TableFile | null> {
    const { hashing } = shelf.platform;
    try {
      const file = { path: tablePath(shelf, name), name };
      const listing = await readListing({ files, hashing }, file, listingLength);
      if (listing === null) return null;
      const rows = listing.end.readUInt32LE(8);
      const expected = tableMagic.length + rows * rowLength + listing.bytes.length + endLength;
      if (listing.size !== expected) return null;
      const pages = Math.ceil(rows / pageRows) * entryLength;
      const packs = readPacks(listing.bytes.subarray(pages));
      return new TableFile(shelf, name, { rows, packs, entries: listing.bytes.subarray(0, pages) });
    } catch (error) {
      // Only a copy: whatever is wrong with it, the packs are asked instead.
      if (!(error instanceof Failure)) throw error;
      return null;
    }
  }

  /** Every place where a chunk lies. @throws BrokenTable */
  async find(digest: Buffer, files: OpenFiles, pages: TablePages): Promise<Location[]> {
    const found: Location[] = [];
    const count = this.#entries.length / entryLength;
    for (let at = this.#firstPage(digest); at < count; at += 1) {
      if (this.#compare(at, digest) > 0) break;
      const page = await pages.get(`${this.name} ${at}`, () => this.page(at, files));
      const end = page.length / rowLength;
      let row = firstRow(page, digest);
      for (; row < end && compareRow(page, row, digest) === 0; row += 1) {
        found.push(locationAt(page, row, this.packs));
      }
      if (row < end) break;
    }
    return found;
  }

  /** The rows of a page, as they were written. @throws BrokenTable */
  async page(at: number, files: OpenFiles): Promise<Buffer> {
    const start = at * pageLength;
    const bytes = Buffer.allocUnsafeSlow(Math.min(pageLength, this.length * rowLength - start));
    try {
      await files.read(this.#path, bytes, tableMagic.length + start);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      throw new BrokenTable(this.name);
    }
    const check = this.#entries.readUInt32LE(at * entryLength + prefixLength);
    if (crc32(bytes) !== check) throw new BrokenTable(this.name);
    return bytes;
  }

  /** All rows, page by page. @throws BrokenTable */
  async *batches(files: OpenFiles): AsyncGenerator<Buffer> {
    const count = this.#entries.length / entryLength;
    for (let at = 0; at < count; at += 1) yield await this.page(at, files);
  }

  /**
   * All of it in memory, held against the names of its packs, which are made of their records.
   * @throws BrokenTable, also when it says something else than the packs do
   */
  async inMemory(files: OpenFiles, hashing: Hashing): Promise<PackTable> {
    const rows: Buffer[] = [];
    for await (const page of this.batches(files)) rows.push(page);
    const all = new PackTable(this.packs, Buffer.concat(rows));
    const hashes = this.packs.map(() => hashing.sha256());
    for (let row = 0; row < all.length; row += 1) {
      const start = row * rowLength;
      hashes[packAt(all.rows, row)]?.update(all.rows.subarray(start, start + recordLength));
    }
    const isTrue = hashes.every((hash, place) => hash.digest() === this.packs[place]?.name);
    if (!isTrue) throw new BrokenTable(this.name);
    return all;
  }

  /** The page before the first one that begins at a digest or behind it. */
  #firstPage(digest: Buffer): number {
    let [low, high] = [0, this.#entries.length / entryLength];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(middle, digest) < 0) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }

  #compare(page: number, digest: Buffer): number {
    const start = page * entryLength;
    return this.#entries.compare(digest, 0, prefixLength, start, start + prefixLength);
  }
}

function listingLength(end: Buffer): number | null {
  if (!end.subarray(0, 8).equals(endMagic)) return null;
  return (
    Math.ceil(end.readUInt32LE(8) / pageRows) * entryLength + end.readUInt32LE(12) * packLength
  );
}

export function pageEntry(page: Buffer): Buffer {
  const entry = Buffer.alloc(entryLength);
  page.copy(entry, 0, 0, prefixLength);
  entry.writeUInt32LE(crc32(page), prefixLength);
  return entry;
}

/** What is listed of the packs. */
export function writePacks(packs: readonly PackFacts[]): Buffer {
  const bytes = Buffer.alloc(packs.length * packLength);
  for (const [index, { name, length }] of packs.entries()) {
    bytes.write(name, index * packLength, 'hex');
    bytes.writeUInt32LE(length, index * packLength + 32);
  }
  return bytes;
}

function readPacks(bytes: Buffer): PackFacts[] {
  return Array.from({ length: bytes.length / packLength }, (_, index) => {
    const start = index * packLength;
    return {
      name: bytes.toString('hex', start, start + 32),
      length: bytes.readUInt32LE(start + 32),
    };
  });
}

export function tableEnd(rows: number, packs: number, digest: string): Buffer {
  const start = Buffer.alloc(16);
  endMagic.copy(start);
  start.writeUInt32LE(rows, 8);
  start.writeUInt32LE(packs, 12);
  return writeEnd(start, digest);
}
