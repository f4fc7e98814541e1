import { type PackedBytes, PackedUnsound } from './packedBytes';

/**
 * Unpacks streams of bzip2, one after another, a block at a time: Huffman codes, moves to the front,
 * the Burrows-Wheeler transform, runs. Checksums are passed over: what is looked for in a damaged
 * stream is still looked for. https://en.wikipedia.org/wiki/Bzip2 (the format has no specification)
 * @throws PackedUnsound
 */
export function* unpackBzip2(input: PackedBytes): Generator<Uint8Array> {
  while (input.left > 0) {
    const head = Buffer.from(input.take(4)).toString('latin1');
    const level = /^BZh([1-9])$/.exec(head)?.[1];
    if (level === undefined) throw new PackedUnsound('what follows a stream of bzip2 is none');
    const bits = new Bits(input);
    for (;;) {
      const magic = bits.take(24) * 2 ** 24 + bits.take(24);
      bits.take(16);
      bits.take(16);
      if (magic === 0x177245385090) break;
      if (magic !== 0x314159265359)
        throw new PackedUnsound('a block of bzip2 does not begin as one');
      yield* unpackBlock(bits, Number(level) * 100_000);
    }
  }
}

/** Bits, the highest of each byte first. */
class Bits {
  #held = 0;
  #count = 0;

  constructor(private readonly input: PackedBytes) {}

  /** At most 24. */
  take(width: number): number {
    while (this.#count < width) {
      this.#held = ((this.#held << 8) | this.input.u8()) >>> 0;
      this.#count += 8;
    }
    this.#count -= width;
    const value = this.#held >>> this.#count;
    this.#held &= 2 ** this.#count - 1;
    return width === 0 ? 0 : value;
  }
}

function* unpackBlock(bits: Bits, most: number): Generator<Uint8Array> {
  if (bits.take(1) === 1)
    throw new PackedUnsound('its blocks are of a kind that is no longer made');
  const origin = bits.take(24);
  const used = usedBytes(bits);
  const { tables, selectors } = readTables(bits, used.length + 2);
  const last = readSymbols(bits, { used, tables, selectors, most });
  if (origin >= last.length) throw new PackedUnsound('a block begins outside itself');
  yield* withoutRuns(turnedBack(last, origin));
}

function usedBytes(bits: Bits): number[] {
  const groups = bits.take(16);
  const used: number[] = [];
  for (let group = 0; group < 16; group++) {
    if ((groups & (0x8000 >> group)) === 0) continue;
    const inside = bits.take(16);
    for (let bit = 0; bit < 16; bit++)
      if ((inside & (0x8000 >> bit)) !== 0) used.push(group * 16 + bit);
  }
  return used;
}

/** For each length of a code: the first code, where its symbols begin, how many there are. */
interface CodeTable {
  readonly counts: readonly number[];
  readonly symbols: readonly number[];
}

const longestCode = 20;

function readTables(bits: Bits, symbols: number): { tables: CodeTable[]; selectors: number[] } {
  const count = bits.take(3);
  const order = Array.from({ length: count }, (_, index) => index);
  const selectors = Array.from({ length: bits.take(15) }, () => {
    let place = 0;
    while (bits.take(1) === 1) place++;
    const [table] = order.splice(place, 1);
    if (table === undefined) throw new PackedUnsound('a block names a table that it does not have');
    order.unshift(table);
    return table;
  });
  const tables = Array.from({ length: count }, () => {
    let length = bits.take(5);
    const lengths = Array.from({ length: symbols }, () => {
      while (bits.take(1) === 1) length += bits.take(1) === 1 ? -1 : 1;
      if (length < 1 || length > longestCode) throw new PackedUnsound('a code is too long');
      return length;
    });
    return tableOf(lengths);
  });
  return { tables, selectors };
}

function tableOf(lengths: readonly number[]): CodeTable {
  const counts = Array.from({ length: longestCode + 1 }, () => 0);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  const symbols = [...lengths.keys()].sort(
    (a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b,
  );
  return { counts, symbols };
}

function nextSymbol(bits: Bits, { counts, symbols }: CodeTable): number {
  let [code, first, index] = [0, 0, 0];
  for (let length = 1; length <= longestCode; length++) {
    code |= bits.take(1);
    const count = counts[length] ?? 0;
    if (code - first < count) return symbols[index + code - first] ?? 0;
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  throw new PackedUnsound('a code is none');
}

interface Coding {
  readonly used: readonly number[];
  readonly tables: readonly CodeTable[];
  readonly selectors: readonly number[];
  readonly most: number;
}

/** The last column of the transform: symbols 0 and 1 are digits of a run's length, the highest ends. */
function readSymbols(bits: Bits, { used, tables, selectors, most }: Coding): Uint8Array {
  const out = new Uint8Array(most);
  const front = [...used];
  const end = used.length + 1;
  let [length, run, digit] = [0, 0, 1];
  for (let count = 0; ; count++) {
    const table = tables[selectors[Math.floor(count / 50)] ?? -1];
    if (table === undefined) throw new PackedUnsound('a block has no table for what follows');
    const symbol = nextSymbol(bits, table);
    if (symbol <= 1) {
      run += digit << symbol;
      digit <<= 1;
      if (run > most) throw new PackedUnsound('a block is longer than it may be');
      continue;
    }
    if (length + run + 1 > most + (symbol === end ? 1 : 0)) {
      throw new PackedUnsound('a block is longer than it may be');
    }
    out.fill(front[0] ?? 0, length, length + run);
    length += run;
    [run, digit] = [0, 1];
    if (symbol === end) return out.subarray(0, length);
    const [byte = 0] = front.splice(symbol - 1, 1);
    front.unshift(byte);
    out[length++] = byte;
  }
}

/** Undoes the Burrows-Wheeler transform. */
function turnedBack(last: Uint8Array, origin: number): Uint8Array {
  const starts = new Uint32Array(257);
  for (const byte of last) starts[byte + 1] = (starts[byte + 1] ?? 0) + 1;
  for (let byte = 0; byte < 256; byte++)
    starts[byte + 1] = (starts[byte + 1] ?? 0) + (starts[byte] ?? 0);
  const next = new Uint32Array(last.length);
  for (let index = 0; index < last.length; index++) {
    const byte = last[index] ?? 0;
    next[starts[byte] ?? 0] = index;
    starts[byte] = (starts[byte] ?? 0) + 1;
  }
  const out = new Uint8Array(last.length);
  let at = next[origin] ?? 0;
  for (let index = 0; index < last.length; index++) {
    out[index] = last[at] ?? 0;
    at = next[at] ?? 0;
  }
  return out;
}

const pieceLength = 1 << 20;

/** After four equal bytes comes how many more there are; a block may become fifty times as long. */
function* withoutRuns(bytes: Uint8Array): Generator<Uint8Array> {
  let out = new Uint8Array(pieceLength);
  let length = 0;
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] ?? 0;
    let count = 1;
    while (count < 4 && at + count < bytes.length && bytes[at + count] === byte) count++;
    at += count;
    if (count === 4) count += bytes[at++] ?? 0;
    if (length + count > pieceLength) {
      yield out.subarray(0, length);
      out = new Uint8Array(pieceLength);
      length = 0;
    }
    out.fill(byte, length, length + count);
    length += count;
  }
  yield out.slice(0, length);
}
