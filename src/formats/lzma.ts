import { BackWindow, type PackedBytes, PackedUnsound } from './packedBytes';

/** Bytes that are unpacked before they are given out. */
const pieceLength = 1 << 16;
/** Windows of preset 9, the largest that `xz` and Python make. */
const largestWindow = 64 * 1024 * 1024;
const half = 1024;

/**
 * Probabilities of one kind of bits, each 11 bits wide.
 * https://www.7-zip.org/sdk.html (lzma-specification.txt)
 */
const probabilities = (count: number): Uint16Array => new Uint16Array(count).fill(half);

/** Decodes bits by their probabilities, which it adapts. */
class RangeDecoder {
  #range = 0;
  #code = 0;

  constructor(private readonly input: PackedBytes) {}

  begin(): void {
    if (this.input.u8() !== 0) throw new PackedUnsound('its coded bits do not begin with 0');
    this.#range = 0xffffffff;
    this.#code = 0;
    for (let index = 0; index < 4; index++)
      this.#code = ((this.#code << 8) | this.input.u8()) >>> 0;
  }

  bit(models: Uint16Array, index: number): number {
    const probability = models[index] ?? half;
    const bound = (this.#range >>> 11) * probability;
    const zero = this.#code < bound;
    if (zero) {
      this.#range = bound;
      models[index] = probability + ((2048 - probability) >> 5);
    } else {
      this.#range -= bound;
      this.#code -= bound;
      models[index] = probability - (probability >> 5);
    }
    this.#normalize();
    return zero ? 0 : 1;
  }

  /** Bits that are as likely 0 as 1. */
  direct(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index++) {
      this.#range >>>= 1;
      const one = this.#code >= this.#range;
      if (one) this.#code -= this.#range;
      value = value * 2 + (one ? 1 : 0);
      this.#normalize();
    }
    return value;
  }

  /** A number of some bits, the highest first; each has a model of its own by those before it. */
  tree(models: Uint16Array, width: number, from = 0): number {
    let node = 1;
    for (let index = 0; index < width; index++) node = (node << 1) | this.bit(models, from + node);
    return node - (1 << width);
  }

  /** The same with the lowest bit first. */
  reverseTree(models: Uint16Array, width: number, from = 0): number {
    let [node, value] = [1, 0];
    for (let index = 0; index < width; index++) {
      const bit = this.bit(models, from + node);
      node = (node << 1) | bit;
      value |= bit << index;
    }
    return value;
  }

  #normalize(): void {
    if (this.#range >= 0x1000000) return;
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | this.input.u8()) >>> 0;
  }
}

/** Lengths of what is repeated: short, middle, long, by the position. */
class LengthModel {
  readonly #choice = probabilities(2);
  readonly #low = probabilities(16 << 3);
  readonly #middle = probabilities(16 << 3);
  readonly #high = probabilities(256);

  decode(coder: RangeDecoder, position: number): number {
    if (coder.bit(this.#choice, 0) === 0) return coder.tree(this.#low, 3, position << 3);
    if (coder.bit(this.#choice, 1) === 0) return 8 + coder.tree(this.#middle, 3, position << 3);
    return 16 + coder.tree(this.#high, 8);
  }
}

/** All that adapts; made anew where the stream says so. */
class Models {
  readonly isMatch = probabilities(12 << 4);
  readonly isRepeat = probabilities(12);
  readonly isRepeat0 = probabilities(12);
  readonly isRepeat1 = probabilities(12);
  readonly isRepeat2 = probabilities(12);
  readonly isShort = probabilities(12 << 4);
  readonly slots = probabilities(4 << 6);
  readonly special = probabilities(128);
  readonly align = probabilities(16);
  readonly length = new LengthModel();
  readonly repeatLength = new LengthModel();
  readonly literals: Uint16Array;

  constructor(literalBits: number) {
    this.literals = probabilities(0x300 << literalBits);
  }
}

/** Unpacks LZMA: what was seen before is told by its distance and length. */
export class LzmaDecoder {
  readonly #coder: RangeDecoder;
  #window = new BackWindow(pieceLength);
  #models = new Models(0);
  #properties = { context: 0, place: 0, position: 0 };
  #state = 0;
  #repeats: [number, number, number, number] = [0, 0, 0, 0];

  constructor(input: PackedBytes) {
    this.#coder = new RangeDecoder(input);
  }

  /** @throws PackedUnsound for a byte of properties that is none */
  properties(byte: number): void {
    if (byte >= 225) throw new PackedUnsound('its properties are none');
    const [context, rest] = [byte % 9, Math.floor(byte / 9)];
    this.#properties = { context, place: rest % 5, position: Math.floor(rest / 5) };
    this.resetState();
  }

  resetState(): void {
    const { context, place } = this.#properties;
    this.#models = new Models(context + place);
    this.#state = 0;
    this.#repeats = [0, 0, 0, 0];
  }

  resetWindow(size: number): void {
    this.#window = new BackWindow(Math.min(Math.max(size, 4096), largestWindow) + 2 * pieceLength);
  }

  /** Bytes that are not packed. */
  plain(bytes: Uint8Array): Uint8Array {
    for (const byte of bytes) this.#window.put(byte);
    return this.#window.give();
  }

  /**
   * Unpacks `length` bytes (`null`: to the mark at the end), a piece at a time.
   * @throws PackedUnsound
   */
  *unpack(length: number | null): Generator<Uint8Array> {
    this.#coder.begin();
    const end = length === null ? Number.POSITIVE_INFINITY : this.#window.total + length;
    try {
      while (this.#window.total < end && this.#step()) {
        if (this.#window.total > end) throw new PackedUnsound('it is longer than it states');
        if (this.#window.waiting >= pieceLength) yield this.#window.give();
      }
    } finally {
      // What comes before damage is looked at, too.
      if (this.#window.waiting > 0) yield this.#window.give();
    }
  }

  /** One byte or one repetition; `false` at the mark of the end. */
  #step(): boolean {
    const [coder, models, window] = [this.#coder, this.#models, this.#window];
    const position = window.total & ((1 << this.#properties.position) - 1);
    const at = (this.#state << 4) + position;
    if (coder.bit(models.isMatch, at) === 0) {
      this.#literal();
      return true;
    }
    if (coder.bit(models.isRepeat, this.#state) === 0) return this.#match(position);
    if (coder.bit(models.isRepeat0, this.#state) === 0) {
      if (coder.bit(models.isShort, at) === 0) {
        this.#state = this.#state < 7 ? 9 : 11;
        window.put(window.back(this.#repeats[0] + 1));
        return true;
      }
    } else this.#rotate();
    const length = models.repeatLength.decode(coder, position) + 2;
    this.#state = this.#state < 7 ? 8 : 11;
    window.copy(this.#repeats[0] + 1, length);
    return true;
  }

  #rotate(): void {
    const [first, second, third, fourth] = this.#repeats;
    const { isRepeat1, isRepeat2 } = this.#models;
    if (this.#coder.bit(isRepeat1, this.#state) === 0)
      this.#repeats = [second, first, third, fourth];
    else if (this.#coder.bit(isRepeat2, this.#state) === 0) {
      this.#repeats = [third, first, second, fourth];
    } else this.#repeats = [fourth, first, second, third];
  }

  #literal(): void {
    const { context, place } = this.#properties;
    const window = this.#window;
    const before = window.total === 0 ? 0 : window.back(1);
    const low = window.total & ((1 << place) - 1);
    const from = 0x300 * ((low << context) + (before >> (8 - context)));
    const { literals } = this.#models;
    let symbol = 1;
    if (this.#state >= 7) {
      let matched = window.back(this.#repeats[0] + 1);
      while (symbol < 0x100) {
        const expected = (matched >> 7) & 1;
        matched <<= 1;
        const bit = this.#coder.bit(literals, from + ((1 + expected) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (bit !== expected) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#coder.bit(literals, from + symbol);
    window.put(symbol & 0xff);
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  #match(position: number): boolean {
    const [first, second, third] = this.#repeats;
    const length = this.#models.length.decode(this.#coder, position);
    const distance = this.#distance(Math.min(length, 3));
    this.#repeats = [distance, first, second, third];
    if (distance === 0xffffffff) return false;
    this.#state = this.#state < 7 ? 7 : 10;
    this.#window.copy(distance + 1, length + 2);
    return true;
  }

  #distance(lengthClass: number): number {
    const [coder, models] = [this.#coder, this.#models];
    const slot = coder.tree(models.slots, 6, lengthClass << 6);
    if (slot < 4) return slot;
    const width = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** width;
    if (slot < 14) return base + coder.reverseTree(models.special, width, base - slot);
    return base + coder.direct(width - 4) * 16 + coder.reverseTree(models.align, 4);
  }
}

/**
 * Unpacks a file of LZMA alone: properties, the window's size, the length, the coded bits.
 * @throws PackedUnsound
 */
export function* unpackLzma(input: PackedBytes): Generator<Uint8Array> {
  const properties = input.u8();
  const decoder = new LzmaDecoder(input);
  decoder.resetWindow(input.little(4));
  decoder.properties(properties);
  const length = input.little(8);
  yield* decoder.unpack(length > Number.MAX_SAFE_INTEGER ? null : length);
}
