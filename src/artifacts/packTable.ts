import { crc32 } from 'node:zlib';
import { type ChunkRecord, readRecord, recordLength } from './packFormat';

/** A pack as the index knows it. */
export interface PackFacts {
  readonly name: string;
  /** Of the whole file: one of another length is damaged. */
  readonly length: number;
}

/** A chunk and the pack that it lies in. */
export interface Location extends ChunkRecord {
  readonly pack: string;
}

/** A record and, in 32 bits, the number of its pack. */
const rowLength = recordLength + 4;
const checkLength = 4;

/**
 * Records of one or more packs, sorted by digest, as they lie on the disk:
 *
 *     "CAIRNIX1", packs (32 bits), rows (32 bits)
 *     for each pack: its name (32 bytes), its file's length (32 bits)
 *     for each chunk, sorted by digest: its record (80 bytes), its pack's place in the list (32 bits)
 *     the CRC-32 of all this (32 bits)
 */
export class PackTable {
  readonly packs: readonly PackFacts[];
  readonly #rows: Buffer;
  /** Without the pack's number where there is one pack. */
  readonly #rowLength: number;

  private constructor(packs: readonly PackFacts[], rows: Buffer, length: number) {
    this.packs = packs;
    this.#rows = rows;
    this.#rowLength = length;
  }

  /** The table of one pack. */
  static of(pack: PackFacts, sortedRecords: Buffer): PackTable {
    return new PackTable([pack], sortedRecords, recordLength);
  }

  get length(): number {
    return this.#rows.length / this.#rowLength;
  }

  /** Every place where a chunk lies. */
  find(digest: Buffer): Location[] {
    let [low, high] = [0, this.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(middle, digest) < 0) low = middle + 1;
      else high = middle;
    }
    const found: Location[] = [];
    for (let row = low; row < this.length && this.#compare(row, digest) === 0; row += 1) {
      found.push(this.at(row));
    }
    return found;
  }

  at(row: number): Location {
    const start = row * this.#rowLength;
    const record = readRecord(this.#rows.subarray(start, start + recordLength));
    return { ...record, pack: this.packs[this.#packOf(row)]?.name ?? '' };
  }

  #packOf(row: number): number {
    if (this.#rowLength === recordLength) return 0;
    return this.#rows.readUInt32LE(row * this.#rowLength + recordLength);
  }

  *[Symbol.iterator](): Generator<Location> {
    for (let row = 0; row < this.length; row += 1) yield this.at(row);
  }

  #compare(row: number, digest: Buffer): number {
    const start = row * this.#rowLength;
    return this.#rows.compare(digest, 0, 32, start, start + 32);
  }

  /** One table of several, without the packs that `keeps` does not want. */
  static merged(tables: readonly PackTable[], keeps: (pack: PackFacts) => boolean): PackTable {
    const packs: PackFacts[] = [];
    const rows: Buffer[] = [];
    for (const table of tables) {
      const places = table.packs.map((pack) => (keeps(pack) ? packs.push(pack) - 1 : null));
      for (let row = 0; row < table.length; row += 1) {
        const place = places[table.#packOf(row)] ?? null;
        if (place === null) continue;
        const copy = Buffer.alloc(rowLength);
        table.#rows.copy(copy, 0, row * table.#rowLength, row * table.#rowLength + recordLength);
        copy.writeUInt32LE(place, recordLength);
        rows.push(copy);
      }
    }
    return new PackTable(packs, Buffer.concat(rows.sort(Buffer.compare)), rowLength);
  }

  /** As it lies on the disk; of a merged table. */
  write(): Buffer {
    const head = Buffer.alloc(16);
    magic.copy(head);
    head.writeUInt32LE(this.packs.length, 8);
    head.writeUInt32LE(this.length, 12);
    const packs = Buffer.alloc(this.packs.length * packLength);
    for (const [index, { name, length }] of this.packs.entries()) {
      packs.write(name, index * packLength, 'hex');
      packs.writeUInt32LE(length, index * packLength + 32);
    }
    const all = Buffer.concat([head, packs, this.#rows]);
    const check = Buffer.alloc(checkLength);
    check.writeUInt32LE(crc32(all));
    return Buffer.concat([all, check]);
  }

  /** The table of these bytes; `null` when they are not what was written. */
  static read(bytes: Uint8Array): PackTable | null {
    const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const end = all.length - checkLength;
    if (end < 16 || !all.subarray(0, 8).equals(magic)) return null;
    if (crc32(all.subarray(0, end)) !== all.readUInt32LE(end)) return null;
    const count = all.readUInt32LE(8);
    const packs = Array.from({ length: count }, (_, index) => {
      const start = 16 + index * packLength;
      return {
        name: all.toString('hex', start, start + 32),
        length: all.readUInt32LE(start + 32),
      };
    });
    return new PackTable(packs, all.subarray(16 + count * packLength, end), rowLength);
  }
}

const magic = Buffer.from('CAIRNIX1');
const packLength = 36;
