import { countsToPlaces, magnitudeClasses, magnitudeRuns } from './magnitude';
import { type PlaneKernel, planeKernel } from './planeKernel';

/**
 * Byte planes: the first bytes of all elements, then the second ones, … Weights have much in common
 * in their high bytes (sign and exponent) and little in their low ones, so each plane is a stream of
 * its own. Bytes after the last whole element belong to no plane and stay where they are.
 */

const vector = 16;
const page = 1 << 16;

/** Places for the bytes or planes of one chunk each; the last one is the space's own. */
const slots = ['bytes', 'base', 'difference', 'planes', 'between'] as const;
export type Slot = (typeof slots)[number];

/**
 * Memory in which chunks are split, joined and combined, used again for every chunk: fresh memory
 * would cost more than the work that is done in it.
 */
export class PlaneSpace {
  readonly #kernel: PlaneKernel = planeKernel();
  #room = 0;
  #length = 0;

  /** Makes every slot `length` long. What they hold is lost where they were not as long before. */
  resize(length: number): void {
    this.#length = length;
    if (length <= this.#room) return;
    this.#room = Math.ceil(length / page) * page;
    const { memory } = this.#kernel;
    const needed = slots.length * this.#room + 4 * magnitudeClasses;
    const lacking = needed - memory.buffer.byteLength;
    if (lacking > 0) memory.grow(Math.ceil(lacking / page));
  }

  get length(): number {
    return this.#length;
  }

  /** What a slot holds. Not to be kept beyond the next `resize`. */
  view(slot: Slot): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#kernel.memory.buffer, this.#start(slot), this.#length);
  }

  /** The planes of the bytes in `from`, one after the other, into `to`. */
  split(from: Slot, to: Slot, width: number): void {
    const [bytes, planes] = [this.view(from), this.view(to)];
    if (width === 1) {
      planes.set(bytes);
      return;
    }
    const count = Math.floor(this.#length / width);
    const done = this.#splitBlocks(this.#start(from), this.#start(to), width, count);
    for (let plane = 0; plane < width; plane += 1) {
      for (let at = done; at < count; at += 1) {
        planes[plane * count + at] = bytes[at * width + plane] as number;
      }
    }
    planes.set(bytes.subarray(count * width), count * width);
  }

  /** What `split` made planes of. */
  join(from: Slot, to: Slot, width: number): void {
    const [planes, bytes] = [this.view(from), this.view(to)];
    if (width === 1) {
      bytes.set(planes);
      return;
    }
    const count = Math.floor(this.#length / width);
    const done = this.#joinBlocks(this.#start(from), this.#start(to), width, count);
    for (let plane = 0; plane < width; plane += 1) {
      for (let at = done; at < count; at += 1) {
        bytes[at * width + plane] = planes[plane * count + at] as number;
      }
    }
    bytes.set(planes.subarray(count * width), count * width);
  }

  /**
   * How far the elements in `bytes` are from those in `base`, into `difference`: for widths 2 and 4
   * as numbers, for others XOR, which is also what bytes after the last vector have.
   */
  difference(width: number): void {
    const blocks = Math.floor(this.#length / vector);
    const [bytes, base, result] = this.#triple();
    const [from, against, to] = this.#starts();
    if (width === 2 && blocks > 0) this.#kernel.difference2(from, against, to, 0, 0, blocks);
    else if (width === 4 && blocks > 0) this.#kernel.difference4(from, against, to, 0, 0, blocks);
    else {
      result.set(bytes);
      if (blocks > 0) this.#kernel.exclusiveOr(to, against, 0, 0, 0, blocks);
    }
    for (let at = blocks * vector; at < this.#length; at += 1) {
      result[at] = (bytes[at] as number) ^ (base[at] as number);
    }
  }

  /** The elements in `base` become those that `difference` was made of. */
  sum(width: number): void {
    const blocks = Math.floor(this.#length / vector);
    const [, base, difference] = this.#triple();
    const [, against, from] = this.#starts();
    if (width === 2 && blocks > 0) this.#kernel.sum2(0, against, from, 0, 0, blocks);
    else if (width === 4 && blocks > 0) this.#kernel.sum4(0, against, from, 0, 0, blocks);
    else if (blocks > 0) this.#kernel.exclusiveOr(against, from, 0, 0, 0, blocks);
    for (let at = blocks * vector; at < this.#length; at += 1) {
      base[at] = (base[at] as number) ^ (difference[at] as number);
    }
  }

  /**
   * Splits the 16-bit elements in `difference` into `planes`, sorted by magnitude in `base`.
   * @returns the lengths of the runs
   */
  sortPairs(): number[] {
    const runs = this.#orderPairs();
    const count = this.#length >> 1;
    const [from, against] = [this.#start('difference'), this.#start('base')];
    const to = this.#start('planes');
    if (count > 0) this.#kernel.sort(from, against, to, this.#table, count, count);
    this.view('planes').set(this.view('difference').subarray(2 * count), 2 * count);
    return runs;
  }

  /** The runs that the planes of a difference from `base` have. */
  pairRuns(): number[] {
    return this.#orderPairs();
  }

  /** The reverse of `sortPairs`, right after `pairRuns`. */
  unsortPairs(): void {
    const count = this.#length >> 1;
    const [to, against] = [this.#start('difference'), this.#start('base')];
    const from = this.#start('planes');
    if (count > 0) this.#kernel.unsort(to, against, from, this.#table, count, count);
    this.view('difference').set(this.view('planes').subarray(2 * count), 2 * count);
  }

  /** Fills the table with where the elements of each class begin. */
  #orderPairs(): number[] {
    const count = this.#length >> 1;
    const table = new Int32Array(this.#kernel.memory.buffer, this.#table, magnitudeClasses);
    table.fill(0);
    if (count > 0) this.#kernel.count(this.#start('base'), this.#table, 0, 0, 0, count);
    const runs = magnitudeRuns(table);
    countsToPlaces(table);
    return runs;
  }

  /** Where the table of classes lies. */
  get #table(): number {
    return slots.length * this.#room;
  }

  #triple() {
    return [this.view('bytes'), this.view('base'), this.view('difference')] as const;
  }

  #starts() {
    return [this.#start('bytes'), this.#start('base'), this.#start('difference')] as const;
  }

  #start(slot: Slot): number {
    return slots.indexOf(slot) * this.#room;
  }

  /** How many vectors of every plane the kernel can do. */
  #blocks(width: number, count: number): number {
    return [2, 4, 8].includes(width) ? Math.floor(count / vector) : 0;
  }

  /** Returns how many bytes of each plane are done. */
  #splitBlocks(from: number, to: number, width: number, count: number): number {
    const blocks = this.#blocks(width, count);
    if (blocks === 0) return 0;
    const at = (plane: number) => to + plane * count;
    const { split2, split4 } = this.#kernel;
    if (width === 2) split2(from, at(0), at(1), 0, 0, blocks);
    else if (width === 4) split4(from, at(0), at(1), at(2), at(3), blocks);
    else {
      const [even, odd] = this.#halves(blocks);
      split2(from, even, odd, 0, 0, 4 * blocks);
      split4(even, at(0), at(2), at(4), at(6), blocks);
      split4(odd, at(1), at(3), at(5), at(7), blocks);
    }
    return blocks * vector;
  }

  #joinBlocks(from: number, to: number, width: number, count: number): number {
    const blocks = this.#blocks(width, count);
    if (blocks === 0) return 0;
    const at = (plane: number) => from + plane * count;
    const { join2, join4 } = this.#kernel;
    if (width === 2) join2(to, at(0), at(1), 0, 0, blocks);
    else if (width === 4) join4(to, at(0), at(1), at(2), at(3), blocks);
    else {
      const [even, odd] = this.#halves(blocks);
      join4(even, at(0), at(2), at(4), at(6), blocks);
      join4(odd, at(1), at(3), at(5), at(7), blocks);
      join2(to, even, odd, 0, 0, 4 * blocks);
    }
    return blocks * vector;
  }

  /** Of eight planes, even and odd bytes lie apart on the way. */
  #halves(blocks: number): [number, number] {
    const even = this.#start('between');
    return [even, even + blocks * vector * 4];
  }
}
