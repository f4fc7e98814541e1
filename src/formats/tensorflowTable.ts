import type { RangeReader } from '../platform';
import { EndOfFile } from './cursor';
import { isCount } from './modelHeader';

/**
 * A LevelDB table: data blocks, an index block of theirs, a footer that says where the index is. Keys
 * share their beginning with the one before. TensorFlow writes it uncompressed.
 * https://github.com/google/leveldb/blob/main/doc/table_format.md
 */
export interface TableEntry {
  readonly key: string;
  readonly value: Uint8Array;
}

const footerLength = 48;
const longestBlock = 64 * 1024 * 1024;
const mostEntries = 2_000_000;

/** All entries in their order. @throws EndOfFile where the table is not sound */
export async function tableEntries(reader: RangeReader): Promise<TableEntry[]> {
  const footer = new Bytes(await reader.read(reader.size - footerLength, footerLength));
  footer.handle();
  const index = await blockAt(reader, footer.handle());
  const entries: TableEntry[] = [];
  for (const { value } of entriesIn(index)) {
    const block = await blockAt(reader, new Bytes(value).handle());
    for (const entry of entriesIn(block)) entries.push(entry);
    if (entries.length > mostEntries) throw new EndOfFile(reader.size);
  }
  return entries;
}

interface Handle {
  readonly offset: number;
  readonly size: number;
}

/** A block is followed by a byte that names its compression, and a checksum. */
async function blockAt(reader: RangeReader, { offset, size }: Handle): Promise<Uint8Array> {
  const end = offset + size + 5;
  if (!isCount(end) || end > reader.size || size > longestBlock) throw new EndOfFile(end);
  const bytes = await reader.read(offset, size + 1);
  if (bytes[size] !== 0) throw new EndOfFile(end);
  return bytes.subarray(0, size);
}

function* entriesIn(block: Uint8Array): Generator<TableEntry> {
  const restarts = new DataView(block.buffer, block.byteOffset, block.byteLength);
  if (block.length < 4) throw new EndOfFile(4);
  const end = block.length - 4 - 4 * restarts.getUint32(block.length - 4, true);
  if (end < 0) throw new EndOfFile(block.length);
  const bytes = new Bytes(block.subarray(0, end));
  let key = Buffer.alloc(0);
  while (bytes.left > 0) {
    const shared = bytes.varint();
    const own = bytes.varint();
    const length = bytes.varint();
    key = Buffer.concat([key.subarray(0, shared), bytes.take(own)]);
    yield { key: key.toString('utf8'), value: bytes.take(length) };
  }
}

class Bytes {
  #at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get left(): number {
    return this.bytes.length - this.#at;
  }

  take(length: number): Uint8Array {
    if (!isCount(length) || length > this.left) throw new EndOfFile(length);
    this.#at += length;
    return this.bytes.subarray(this.#at - length, this.#at);
  }

  varint(): number {
    let [value, factor] = [0, 1];
    for (let count = 0; count < 8; count++) {
      const byte = this.take(1)[0] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
    throw new EndOfFile(this.#at);
  }

  handle(): Handle {
    return { offset: this.varint(), size: this.varint() };
  }
}
