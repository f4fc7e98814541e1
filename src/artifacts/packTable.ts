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

/** A record and, in 32 bits, its pack's place in a list. */
export const rowLength = recordLength + 4;
export const digestLength = 32;

/** Records of one or more packs in memory, sorted by digest. */
export class PackTable {
  readonly packs: readonly PackFacts[];
  /** One after the other. */
  readonly rows: Buffer;

  constructor(packs: readonly PackFacts[], rows: Buffer) {
    this.packs = packs;
    this.rows = rows;
  }

  /** The table of one pack. */
  static of(pack: PackFacts, sortedRecords: Buffer): PackTable {
    const count = sortedRecords.length / recordLength;
    const rows = Buffer.alloc(count * rowLength);
    for (let row = 0; row < count; row += 1) {
      sortedRecords.copy(rows, row * rowLength, row * recordLength, (row + 1) * recordLength);
    }
    return new PackTable([pack], rows);
  }

  get length(): number {
    return this.rows.length / rowLength;
  }

  /** Every place where a chunk lies. */
  find(digest: Buffer): Location[] {
    const found: Location[] = [];
    for (let row = firstRow(this.rows, digest); row < this.length; row += 1) {
      if (compareRow(this.rows, row, digest) !== 0) break;
      found.push(locationAt(this.rows, row, this.packs));
    }
    return found;
  }

  *[Symbol.iterator](): Generator<Location> {
    for (let row = 0; row < this.length; row += 1) yield locationAt(this.rows, row, this.packs);
  }
}

/** The first of some rows that is not before a digest; their number where all are. */
export function firstRow(rows: Buffer, digest: Buffer): number {
  let [low, high] = [0, rows.length / rowLength];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareRow(rows, middle, digest) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function compareRow(rows: Buffer, row: number, digest: Buffer): number {
  const start = row * rowLength;
  // Their beginnings tell almost always, and cost less.
  const begins = rows.readUInt32BE(start) - digest.readUInt32BE(0);
  return begins || rows.compare(digest, 0, digestLength, start, start + digestLength);
}

export function locationAt(rows: Buffer, row: number, packs: readonly PackFacts[]): Location {
  const start = row * rowLength;
  const record = readRecord(rows.subarray(start, start + recordLength));
  return { ...record, pack: packs[packAt(rows, row)]?.name ?? '' };
}

/** The place of a row's pack in the list of packs. */
export function packAt(rows: Buffer, row: number): number {
  return rows.readUInt32LE(row * rowLength + recordLength);
}
