import {
  advance,
  type Code,
  constant,
  end,
  get,
  i32,
  instantiate,
  loadNumber,
  number,
  set,
  storeNumber,
  tee,
} from './instructions';

/**
 * The inner loops over byte planes as a WebAssembly module of 128-bit vectors, several times as fast
 * as loops in JavaScript.
 */

/** Every function takes addresses in `memory`, the last one a count of blocks, at least 1. */
type Loop = (a: number, b: number, c: number, d: number, e: number, blocks: number) => void;

export interface PlaneKernel {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /** 32 bytes at `a` become 16 at `b` and 16 at `c`: the even ones and the odd ones. */
  readonly split2: Loop;
  /** 64 bytes at `a` become 16 each at `b`, `c`, `d` and `e`. */
  readonly split4: Loop;
  /** The reverse: 16 bytes each at `b` and `c` become 32 at `a`. */
  readonly join2: Loop;
  readonly join4: Loop;
  /** 16 bytes at `a` become themselves XOR those at `b`. */
  readonly exclusiveOr: Loop;
  /** 16 bytes at `c` become how far the elements at `a` are from those at `b`; see `difference`. */
  readonly difference2: Loop;
  readonly difference4: Loop;
  /** 16 bytes at `b` become the elements that are as far from them as those at `c` say. */
  readonly sum2: Loop;
  readonly sum4: Loop;
  /** See `magnitude.ts`; of 16-bit elements at `a`, counts at `b`. One element is a block. */
  readonly count: Loop;
  /** Elements at `a` go, by those at `b`, into two planes at `c`, `e` bytes apart; places at `d`. */
  readonly sort: Loop;
  /** The reverse. */
  readonly unsort: Loop;
}

const count = 5;
const vector = 16;
/** Locals: five addresses, the count of blocks, vectors, two more numbers. */
const firstVector = count + 1;
const vectors = 8;

const v128 = 0x7b;
const exclusiveOrOfVectors: Code = [0xfd, 0x51];

/** Even and odd bytes of two vectors, and two vectors' bytes in turn: which byte each one comes from. */
const lane = (of: (index: number) => number) => Array.from({ length: vector }, (_, i) => of(i));
const evens = lane((i) => 2 * i);
const odds = lane((i) => 2 * i + 1);
const lowerInTurn = lane((i) => (i >> 1) + vector * (i & 1));
const upperInTurn = lane((i) => vector / 2 + (i >> 1) + vector * (i & 1));

const load = (address: number, offset: number): Code => [
  ...get(address),
  ...[0xfd, 0x00, 0x00, ...number(offset)],
];
const store = (address: number, offset: number, value: Code): Code => [
  ...get(address),
  ...value,
  ...[0xfd, 0x0b, 0x00, ...number(offset)],
];
const shuffle = (one: number, other: number, lanes: Code): Code => [
  ...get(one),
  ...get(other),
  ...[0xfd, 0x0d, ...lanes],
];
const v = (index: number) => firstVector + index;

/** A function: the body once for every block. */
function loop(...body: Code[]): Code {
  const code = [
    ...[0x03, 0x40, ...body.flat()],
    // One block less; again while there are some.
    ...[...get(count), ...constant(1), 0x6b, ...tee(count), 0x0d, 0x00, end],
    end,
  ];
  const locals = [2, vectors, v128, 2, i32];
  return [...number(locals.length + code.length), ...locals, ...code];
}

const [a, b, c, d, e] = [0, 1, 2, 3, 4] as const;

const split2 = loop(
  [...load(a, 0), ...set(v(0)), ...load(a, vector), ...set(v(1))],
  store(b, 0, shuffle(v(0), v(1), evens)),
  store(c, 0, shuffle(v(0), v(1), odds)),
  [...advance(a, 2 * vector), ...advance(b, vector), ...advance(c, vector)],
);

const split4 = loop(
  [0, 1, 2, 3].flatMap((index) => [...load(a, index * vector), ...set(v(index))]),
  [...shuffle(v(0), v(1), evens), ...set(v(4)), ...shuffle(v(2), v(3), evens), ...set(v(5))],
  [...shuffle(v(0), v(1), odds), ...set(v(6)), ...shuffle(v(2), v(3), odds), ...set(v(7))],
  [...store(b, 0, shuffle(v(4), v(5), evens)), ...store(d, 0, shuffle(v(4), v(5), odds))],
  [...store(c, 0, shuffle(v(6), v(7), evens)), ...store(e, 0, shuffle(v(6), v(7), odds))],
  [...advance(a, 4 * vector), ...[b, c, d, e].flatMap((address) => advance(address, vector))],
);

const join2 = loop(
  [...load(b, 0), ...set(v(0)), ...load(c, 0), ...set(v(1))],
  store(a, 0, shuffle(v(0), v(1), lowerInTurn)),
  store(a, vector, shuffle(v(0), v(1), upperInTurn)),
  [...advance(a, 2 * vector), ...advance(b, vector), ...advance(c, vector)],
);

const join4 = loop(
  [b, c, d, e].flatMap((address, index) => [...load(address, 0), ...set(v(index))]),
  [...shuffle(v(0), v(2), lowerInTurn), ...set(v(4))],
  [...shuffle(v(0), v(2), upperInTurn), ...set(v(5))],
  [...shuffle(v(1), v(3), lowerInTurn), ...set(v(6))],
  [...shuffle(v(1), v(3), upperInTurn), ...set(v(7))],
  store(a, 0, shuffle(v(4), v(6), lowerInTurn)),
  store(a, vector, shuffle(v(4), v(6), upperInTurn)),
  store(a, 2 * vector, shuffle(v(5), v(7), lowerInTurn)),
  store(a, 3 * vector, shuffle(v(5), v(7), upperInTurn)),
  [...advance(a, 4 * vector), ...[b, c, d, e].flatMap((address) => advance(address, vector))],
);

const exclusiveOr = loop(store(a, 0, [...load(a, 0), ...load(b, 0), ...exclusiveOrOfVectors]), [
  ...advance(a, vector),
  ...advance(b, vector),
]);

/** Instructions on vectors of 16-bit and of 32-bit elements. */
const lanes = {
  2: {
    bits: 16,
    add: 0x8e,
    subtract: 0x91,
    left: 0x8b,
    right: 0x8c,
    rightUnsigned: 0x8d,
    fill: 0x10,
  },
  4: {
    bits: 32,
    add: 0xae,
    subtract: 0xb1,
    left: 0xab,
    right: 0xac,
    rightUnsigned: 0xad,
    fill: 0x11,
  },
} as const;
const simd = (instruction: number): Code => [0xfd, ...number(instruction)];
const not = simd(0x4d);
const or = simd(0x50);
const xor = exclusiveOrOfVectors;

/**
 * Floats become integers in the same order, so that neighbours differ by 1 also where sign or
 * exponent change: negative ones are inverted, of the others the sign bit is. The difference of two
 * of these, as a number whose lowest bit is its sign, is small where the values are close.
 */
function arithmetic(width: 2 | 4) {
  const { bits, add, subtract, left, right, rightUnsigned, fill } = lanes[width];
  const shifted = (by: number, instruction: number): Code => [
    ...constant(by),
    ...simd(instruction),
  ];
  const one: Code = [...constant(1), ...simd(fill)];
  const signBit: Code = [...one, ...shifted(bits - 1, left)];
  const ordered = (local: number): Code => [
    ...get(local),
    ...[...get(local), ...shifted(bits - 1, right), ...signBit, ...or],
    ...xor,
  ];
  const difference = loop(
    [...load(a, 0), ...set(v(0)), ...load(b, 0), ...set(v(1))],
    [...ordered(v(0)), ...ordered(v(1)), ...simd(subtract), ...set(v(2))],
    store(c, 0, [
      ...[...get(v(2)), ...shifted(1, left)],
      ...[...get(v(2)), ...shifted(bits - 1, right), ...xor],
    ]),
    [a, b, c].flatMap((address) => advance(address, vector)),
  );
  const sum = loop(
    [...load(b, 0), ...set(v(1)), ...load(c, 0), ...set(v(2))],
    // Half of it, negative where its lowest bit is set.
    [...get(v(2)), ...shifted(1, rightUnsigned)],
    [...get(v(2)), ...shifted(bits - 1, left), ...shifted(bits - 1, right), ...xor],
    [...ordered(v(1)), ...simd(add), ...set(v(0))],
    store(b, 0, [
      ...get(v(0)),
      ...[...get(v(0)), ...shifted(bits - 1, right), ...not, ...signBit, ...or],
      ...xor,
    ]),
    [b, c].flatMap((address) => advance(address, vector)),
  );
  return { difference, sum };
}

const { difference: difference2, sum: sum2 } = arithmetic(2);
const { difference: difference4, sum: sum4 } = arithmetic(4);

/** The address of the entry of a table of 32-bit numbers that the element at `element` belongs to. */
const entryOf = (element: number, table: number): Code => [
  ...[...get(element), 0x2f, 0x01, 0x00],
  // Without its lowest 7 bits and its sign, times 4.
  ...[...constant(7), 0x76, 0x41, 0xff, 0x01, 0x71, ...constant(2), 0x74],
  ...[...get(table), 0x6a],
];
const loadByte: Code = [0x2d, 0x00, 0x00];
const storeByte: Code = [0x3a, 0x00, 0x00];
/** Locals for addresses that are computed on the way. */
const [entry, place] = [firstVector + vectors, firstVector + vectors + 1];

const countLoop = loop(
  [...entryOf(a, b), ...tee(entry), ...get(entry), ...loadNumber(0), ...constant(1), 0x6a],
  storeNumber(0),
  advance(a, 2),
);

/** Takes the next place of the element's class. */
const takePlace: Code = [
  ...[...entryOf(b, d), ...tee(entry), ...get(entry), ...loadNumber(0), ...tee(place)],
  ...[...constant(1), 0x6a, ...storeNumber(0)],
  ...[...get(place), ...get(c), 0x6a, ...set(place)],
];
const nextElements: Code = [...advance(a, 2), ...advance(b, 2)];
const other = (address: Code): Code => [...address, ...get(e), 0x6a];

const sort = loop(
  takePlace,
  [...get(place), ...get(a), ...loadByte, ...storeByte],
  [...other(get(place)), ...get(a), 0x2d, 0x00, 0x01, ...storeByte],
  nextElements,
);

const unsort = loop(
  takePlace,
  [...get(a), ...get(place), ...loadByte],
  [...other(get(place)), ...loadByte, ...constant(8), 0x74, 0x72, 0x3b, 0x01, 0x00],
  nextElements,
);

const functions = {
  ...{ count: countLoop, sort, unsort },
  ...{ split2, split4, join2, join4, exclusiveOr },
  ...{ difference2, difference4, sum2, sum4 },
};

/** A kernel with a memory of its own. */
export function planeKernel(): PlaneKernel {
  return instantiate(functions, { takes: count + 1, gives: 0 }, 1) as PlaneKernel;
}
