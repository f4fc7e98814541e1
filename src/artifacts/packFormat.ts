import { type Encoding, encodings } from './chunkCode';
import { writeEnd } from './listing';

/**
 * Packs: many chunks in one file that is written once and never changed.
 *
 *     "CAIRNPK1"
 *     for each chunk: its record, its payload
 *     the records of all chunks again, sorted by digest
 *     "CAIRNEND", their number (32 bits), 4 zero bytes, the SHA-256 of the sorted records
 *
 * That SHA-256 is the pack's name. Numbers are little-endian.
 */
export const packMagic = Buffer.from('CAIRNPK1');
const endMagic = Buffer.from('CAIRNEND');
export const recordLength = 80;
/** A pack that is as long as this takes no more chunks. */
export const fullPack = 256 << 20;

/** Where a chunk lies and what it needs. */
export interface ChunkRecord {
  /** Of the chunk's bytes, hexadecimal. */
  readonly digest: string;
  /** What a delta was made from. */
  readonly base: string | null;
  /** Of the payload in the pack. */
  readonly offset: number;
  readonly stored: number;
  /** Of the chunk's bytes. */
  readonly length: number;
  readonly encoding: Encoding;
  readonly width: number;
  /** How many bases must be read before it. */
  readonly depth: number;
}

const noBase = Buffer.alloc(32);

export function writeRecord(record: ChunkRecord): Buffer {
  const bytes = Buffer.alloc(recordLength);
  bytes.write(record.digest, 0, 'hex');
  if (record.base !== null) bytes.write(record.base, 32, 'hex');
  bytes.writeUInt32LE(record.offset, 64);
  bytes.writeUInt32LE(record.stored, 68);
  bytes.writeUInt32LE(record.length, 72);
  bytes.set([record.encoding, record.width, record.depth], 76);
  return bytes;
}

/** @param bytes at least `recordLength`; checked against its pack by whoever reads the payload */
export function readRecord(bytes: Buffer): ChunkRecord {
  const hasBase = bytes.compare(noBase, 0, 32, 32, 64) !== 0;
  return {
    digest: bytes.toString('hex', 0, 32),
    base: hasBase ? bytes.toString('hex', 32, 64) : null,
    offset: bytes.readUInt32LE(64),
    stored: bytes.readUInt32LE(68),
    length: bytes.readUInt32LE(72),
    encoding: knownEncoding(bytes.readUInt8(76)),
    width: bytes.readUInt8(77),
    depth: bytes.readUInt8(78),
  };
}

/** One that nobody knows will not decode to bytes of its digest either. */
function knownEncoding(value: number): Encoding {
  return Object.values(encodings).find((known) => known === value) ?? encodings.raw;
}

/** The end of a pack: sorted records, then how many and their digest. */
export function packEnd(sorted: Buffer, digest: string): Buffer {
  const start = Buffer.alloc(16);
  endMagic.copy(start);
  start.writeUInt32LE(sorted.length / recordLength, 8);
  return Buffer.concat([sorted, writeEnd(start, digest)]);
}

/** How long the sorted records are that a pack's last bytes speak of; `null` when they are no such. */
export function recordsLength(end: Buffer): number | null {
  return end.subarray(0, 8).equals(endMagic) ? end.readUInt32LE(8) * recordLength : null;
}
