/** A generator of numbers that a seed decides (mulberry32). */
export function randomness(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;
type Mutator = (bytes: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

const below = (random: Random, limit: number) => Math.floor(random() * limit);
const one = <T>(random: Random, list: readonly T[]): T => list[below(random, list.length)] as T;
const spliced = (bytes: Buffer, at: number, removed: number, added: Buffer) =>
  Buffer.concat([
    bytes.subarray(0, at),
    added,
    bytes.subarray(Math.min(at + removed, bytes.length)),
  ]);

/** Knows nothing of what the bytes mean. */
const byteLevel: readonly Mutator[] = [
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    const at = below(random, copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << below(random, 8));
    return copy;
  },
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    copy[below(random, copy.length)] = below(random, 256);
    return copy;
  },
  (bytes, random) => bytes.subarray(0, below(random, bytes.length)),
  (bytes, random) =>
    spliced(bytes, below(random, bytes.length), below(random, 16), Buffer.alloc(0)),
  (bytes, random) =>
    spliced(
      bytes,
      below(random, bytes.length),
      0,
      Buffer.from([below(random, 256), below(random, 256)]),
    ),
  (bytes, random, others) => {
    const other = one(random, others);
    const from = below(random, other.length);
    return spliced(
      bytes,
      below(random, bytes.length),
      below(random, 64),
      other.subarray(from, from + below(random, 512)),
    );
  },
];

const extremes = [
  '00000000',
  'ffffffff',
  'ffffff7f',
  '00000080',
  'ffffffffffffffff',
  'ffffffffffffff7f',
  '0100000000000000',
  '0000000000000020',
].map((hex) => Buffer.from(hex, 'hex'));
const opcodes = [
  ...'(0.12NIJKLMQRSTUVXabcd}ehgijlopqrstu]GBC\x80\x81\x85\x86\x87\x88\x8a\x8b\x8c\x8d\x8e\x92\x93\x94\x95\x97\x98',
];
const tokens = [
  '{',
  '}',
  '[',
  ']',
  ',',
  '"',
  ':',
  '-1',
  '1e308',
  'null',
  '9007199254740993',
  '"data_offsets":[0,4]',
];

/** Knows where lengths, opcodes and JSON are. */
const structural: readonly Mutator[] = [
  // A number of the headers becomes one at the edge of what fits.
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    const value = one(random, extremes);
    const room = Math.min(copy.length, 4096) - value.length;
    if (room > 0) value.copy(copy, below(random, room));
    return copy;
  },
  // The same at the end, where zip archives and tables have theirs.
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    const value = one(random, extremes);
    if (copy.length > 128) value.copy(copy, copy.length - 8 - below(random, 100));
    return copy;
  },
  // Opcodes come between others.
  (bytes, random) =>
    spliced(
      bytes,
      below(random, Math.min(bytes.length, 2048)),
      below(random, 2),
      Buffer.from(one(random, opcodes) + one(random, opcodes), 'latin1'),
    ),
  (bytes, random) => {
    const at = bytes.indexOf(
      one(random, [...'{[,:"c\x8cR(']),
      below(random, bytes.length),
      'latin1',
    );
    return at < 0 ? bytes : spliced(bytes, at, 1, Buffer.from(one(random, tokens)));
  },
  // A stretch comes twice.
  (bytes, random) => {
    const at = below(random, bytes.length);
    return spliced(bytes, at, 0, bytes.subarray(at, at + below(random, 256)));
  },
];

/** One to four mutations, one after another; never empty. */
export function mutated(bytes: Buffer, random: Random, others: readonly Buffer[]): Buffer {
  let result = bytes;
  for (let count = 1 + below(random, 4); count > 0; count--) {
    const mutators = random() < 0.5 ? byteLevel : structural;
    if (result.length > 0) result = one(random, mutators)(result, random, others);
  }
  return result.length === 0 ? Buffer.from([0]) : Buffer.from(result);
}
