import { noSums, type TensorSums } from '../core/tensorComparison';

/**
 * The sums over two stretches of values, as a WebAssembly module of 128-bit vectors in double
 * precision, put together here instruction by instruction; and the same loop in JavaScript, which
 * adds in the same order and so gives the same figures to the last bit.
 * Instructions: https://webassembly.github.io/spec/core/binary/instructions.html
 */
export type KernelType = 'F32' | 'F64' | 'BF16';

export const kernelBytes: Readonly<Record<KernelType, number>> = { F32: 4, F64: 8, BF16: 2 };

/** Sums over so many groups of four elements at the addresses `a` and `b`; results at `out`. */
type Loop = (a: number, b: number, groups: number, out: number) => void;

export interface TensorKernel {
  /** Room for two pieces of both inputs: while one is worked on, the next is read. */
  readonly memory: Uint8Array;
  readonly loops: Readonly<Record<KernelType, Loop>> | null;
}

/** Bytes of each input that are worked on at once. */
export const pieceLength = 1 << 20;
/** Of one slot: the old values, then the new ones. */
export const slotLength = 2 * pieceLength;
const outAt = 2 * slotLength;
const pages = (outAt >> 16) + 1;

declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

type Code = readonly number[];

const v128 = 0x7b;
const i32 = 0x7f;
const get = (local: number): Code => [0x20, local];
const set = (local: number): Code => [0x21, local];
const simd = (...opcode: Code): Code => [0xfd, ...opcode];
const load = (offset = 0): Code => simd(0x00, 0, offset);
const store = (offset: number): Code => simd(0x0b, 0, ...unsigned(offset));
const promote = simd(0x5f);
const upperHalf = simd(0x0d, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15);
const [add, subtract, multiply] = [simd(0xf0, 1), simd(0xf1, 1), simd(0xf2, 1)];
const [absolute, larger] = [simd(0xec, 1), simd(0xf7, 1)];

/** Parameters 0 to 3; then the sums, lower and upper pair of each group, the counts, the values. */
const [a, b, groups, out] = [0, 1, 2, 3];
const sums = { difference: 4, from: 6, to: 8, product: 10, largest: 12, count: 14 };
const values = { a: 16, b: 18, rawA: 20, rawB: 21, delta: 22 };
const vectors = 19;

/** Both pairs of doubles of a group, from the four elements at an address. */
function widened(type: KernelType, address: number, raw: number, to: number): number[] {
  if (type === 'F64') {
    return [...get(address), ...load(), ...set(to), ...get(address), ...load(16), ...set(to + 1)];
  }
  if (type === 'F32') {
    // Two floats at a time: cheaper than to load four and move two of them down.
    const pair = (offset: number) => [...get(address), ...simd(0x5d, 0, offset), ...promote];
    return [...pair(0), ...set(to), ...pair(8), ...set(to + 1)];
  }
  // The sixteen bits are the upper half of a float.
  return [
    ...[...get(address), ...simd(0x04, 0, 0), 0x41, 16, ...simd(0xab, 1), ...set(raw)],
    ...[...get(raw), ...promote, ...set(to)],
    ...[...get(raw), ...get(raw), ...upperHalf, ...promote, ...set(to + 1)],
  ];
}

/** `sum += one * other`. */
const accumulate = (sum: number, one: number, other: number): Code => [
  ...[...get(sum), ...get(one), ...get(other), ...multiply, ...add, ...set(sum)],
];

function body(type: KernelType): number[] {
  const step = 4 * kernelBytes[type];
  const half = (upper: 0 | 1): number[] => {
    const [x, y] = [values.a + upper, values.b + upper];
    return [
      ...[...get(y), ...get(x), ...subtract, ...set(values.delta)],
      ...accumulate(sums.difference + upper, values.delta, values.delta),
      ...accumulate(sums.from + upper, x, x),
      ...accumulate(sums.to + upper, y, y),
      ...accumulate(sums.product + upper, x, y),
      ...[...get(sums.largest + upper), ...get(values.delta), ...absolute, ...larger],
      ...set(sums.largest + upper),
      // Lanes that differ are -1.
      ...[...get(sums.count + upper), ...get(x), ...get(y), ...simd(0x48), ...simd(0xd1, 1)],
      ...set(sums.count + upper),
    ];
  };
  const advance = (address: number): Code => [...get(address), 0x41, step, 0x6a, ...set(address)];
  const loop = [
    ...[0x03, 0x40],
    ...widened(type, a, values.rawA, values.a),
    ...widened(type, b, values.rawB, values.b),
    ...half(0),
    ...half(1),
    ...advance(a),
    ...advance(b),
    ...[...get(groups), 0x41, 1, 0x6b, 0x22, groups, 0x0d, 0, 0x0b],
  ];
  const results = Array.from({ length: 12 }, (_, index) => [
    ...get(out),
    ...get(sums.difference + index),
    ...store(16 * index),
  ]).flat();
  return [1, vectors, v128, ...loop, ...results, 0x0b];
}

/** LEB128. */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

const sized = (bytes: Code): number[] => [...unsigned(bytes.length), ...bytes];
const section = (id: number, content: Code): number[] => [id, ...sized(content)];
const text = (name: string): number[] => sized([...Buffer.from(name)]);

function moduleBytes(): Uint8Array {
  const types = Object.keys(kernelBytes) as KernelType[];
  const functions = types.map((_, index) => index);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 4, i32, i32, i32, i32, 0]),
    ...section(3, [types.length, ...functions.map(() => 0)]),
    ...section(5, [1, 0x00, ...unsigned(pages)]),
    ...section(7, [
      types.length + 1,
      ...[...text('memory'), 2, 0],
      ...types.flatMap((type, index) => [...text(type), 0, index]),
    ]),
    ...section(10, [types.length, ...types.flatMap((type) => sized(body(type)))]),
  ]);
}

/** A kernel with memory of its own; `scripted`, or where there are no vectors, in JavaScript. */
export function openKernel(scripted = false): TensorKernel {
  if (!scripted) {
    try {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes()));
      const found = exports as { memory: { buffer: ArrayBuffer } } & Record<KernelType, Loop>;
      return { memory: new Uint8Array(found.memory.buffer), loops: found };
    } catch (error) {
      // A processor without 128-bit vectors refuses the module; anything else is a bug.
      if ((error as Error).name !== 'CompileError') throw error;
    }
  }
  return { memory: new Uint8Array(pages << 16), loops: null };
}

/** The sums over `count` elements of the slot that begins at `slot`. */
export function pieceSums(
  kernel: TensorKernel,
  type: KernelType,
  slot: number,
  count: number,
): TensorSums {
  const groupCount = count >> 2;
  const lanes = new Float64Array(24);
  if (kernel.loops !== null && groupCount > 0) {
    kernel.loops[type](slot, slot + pieceLength, groupCount, outAt);
    const found = kernel.memory.slice(outAt, outAt + 192);
    lanes.set(new Float64Array(found.buffer));
    const counts = new BigInt64Array(found.buffer, 160, 4);
    for (const [index, value] of counts.entries()) lanes[20 + index] = Number(value);
  }
  const from = kernel.loops === null ? 0 : groupCount * 4;
  const inputs = [
    valuesAt(kernel, type, slot),
    valuesAt(kernel, type, slot + pieceLength),
  ] as const;
  const finite = addScripted(inputs, from, count, lanes);
  const total = (at: number) =>
    (lanes[at] ?? 0) + (lanes[at + 1] ?? 0) + ((lanes[at + 2] ?? 0) + (lanes[at + 3] ?? 0));
  // Sums of what is not finite are not finite: such a piece is gone through once more, with care.
  if (!finite || !Number.isFinite(total(4)) || !Number.isFinite(total(8))) {
    return carefulSums(inputs, count);
  }
  return {
    ...noSums,
    elements: count,
    difference: total(0),
    from: total(4),
    to: total(8),
    product: total(12),
    largest: Math.max(...lanes.subarray(16, 20)),
    changed: total(20),
  };
}

type Values = (index: number) => number;
type Inputs = readonly [old: Values, now: Values];

function valuesAt(kernel: TensorKernel, type: KernelType, at: number): Values {
  const { buffer } = kernel.memory;
  if (type === 'F32') {
    const floats = new Float32Array(buffer, at, pieceLength >> 2);
    return (index) => floats[index] ?? 0;
  }
  if (type === 'F64') {
    const doubles = new Float64Array(buffer, at, pieceLength >> 3);
    return (index) => doubles[index] ?? 0;
  }
  const halves = new Uint16Array(buffer, at, pieceLength >> 1);
  return (index) => {
    bits[0] = (halves[index] ?? 0) << 16;
    return float[0] ?? 0;
  };
}

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** Goes on from an element where the vectors end, each in its lane. `false` where one is not finite. */
function addScripted(
  [old, now]: Inputs,
  from: number,
  count: number,
  lanes: Float64Array,
): boolean {
  for (let index = from; index < count; index++) {
    const [x, y] = [old(index), now(index)];
    const delta = y - x;
    const lane = index & 3;
    lanes[lane] = (lanes[lane] ?? 0) + delta * delta;
    lanes[4 + lane] = (lanes[4 + lane] ?? 0) + x * x;
    lanes[8 + lane] = (lanes[8 + lane] ?? 0) + y * y;
    lanes[12 + lane] = (lanes[12 + lane] ?? 0) + x * y;
    const size = Math.abs(delta);
    if ((lanes[16 + lane] ?? 0) < size) lanes[16 + lane] = size;
    if (x !== y) lanes[20 + lane] = (lanes[20 + lane] ?? 0) + 1;
    if (Number.isNaN(x) || Number.isNaN(y)) return false;
  }
  return true;
}

/** Element by element: what is NaN or infinite is counted, and left out of the sums. */
function carefulSums([old, now]: Inputs, count: number): TensorSums {
  const found = { ...noSums, elements: count };
  for (let index = 0; index < count; index++) {
    const [x, y] = [old(index), now(index)];
    if (x !== y) found.changed++;
    if (Number.isNaN(x)) found.fromNan++;
    if (Number.isNaN(y)) found.toNan++;
    if (Math.abs(x) === Number.POSITIVE_INFINITY) found.fromInfinite++;
    if (Math.abs(y) === Number.POSITIVE_INFINITY) found.toInfinite++;
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    found.difference += (y - x) ** 2;
    found.from += x * x;
    found.to += y * y;
    found.product += x * y;
    found.largest = Math.max(found.largest, Math.abs(y - x));
  }
  return found;
}
