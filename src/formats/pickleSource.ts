import type { RangeReader } from '../platform';
import { latin1, viewOf } from './bytes';
import { EndOfFile } from './cursor';

/** More bytes must be read before the opcode can be taken. Thrown within the machine alone. */
export class NeedsMore {
  constructor(readonly length: number) {}
}

const blockLength = 65_536;
/** The first block: much that is tried as a pickle proves to be none after a few bytes. */
const firstLength = 4096;
/** A line of a textual opcode: names, and numbers in decimal. Python's own have no limit. */
const longestLine = 1 << 20;

/**
 * The bytes of a pickle, a block at a time, taken without waiting: an opcode that runs over the end
 * of the block throws `NeedsMore`, and is taken again when the block has been read.
 */
export class PickleSource {
  #block: Uint8Array = new Uint8Array(0);
  #start: number;
  #at = 0;
  #wanted = firstLength;

  constructor(
    private readonly reader: RangeReader,
    position: number,
  ) {
    this.#start = position;
  }

  get position(): number {
    return this.#start + this.#at;
  }

  /** Goes to a place that was taken before, or behind bytes that were passed over. */
  goTo(position: number): void {
    const at = position - this.#start;
    if (at >= 0 && at <= this.#block.length) {
      this.#at = at;
      return;
    }
    this.#start = position;
    this.#block = new Uint8Array(0);
    this.#at = 0;
  }

  /** Reads so that at least `length` bytes can be taken. @throws EndOfFile */
  async fill(length: number): Promise<void> {
    const start = this.position;
    if (start + length > this.reader.size) throw new EndOfFile(start + length);
    const wanted = Math.min(Math.max(length, this.#wanted), this.reader.size - start);
    this.#wanted = Math.min(blockLength, this.#wanted * 4);
    this.#block = await this.reader.read(start, wanted);
    this.#start = start;
    this.#at = 0;
  }

  take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#block.length) throw new NeedsMore(length);
    const bytes = this.#block.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  u8(): number {
    if (this.#at >= this.#block.length) throw new NeedsMore(1);
    return this.#block[this.#at++] ?? 0;
  }

  /** An unsigned little-endian number; one of eight bytes is as exact as a double. */
  unsigned(width: 1 | 2 | 4 | 8): number {
    const bytes = this.take(width);
    if (width === 8) return Number(viewOf(bytes).getBigUint64(0, true));
    let value = 0;
    for (let index = width - 1; index >= 0; index--) value = value * 256 + (bytes[index] ?? 0);
    return value;
  }

  /** Up to the next line feed, which is passed over; each byte one character. */
  line(): string {
    const rest = this.#block.subarray(this.#at, this.#at + longestLine);
    const end = rest.indexOf(10);
    if (end >= 0) {
      this.#at += end + 1;
      return latin1(rest.subarray(0, end));
    }
    const left = this.reader.size - this.position;
    if (rest.length >= Math.min(longestLine, left)) throw new EndOfFile(this.position + left + 1);
    throw new NeedsMore(Math.min(longestLine, Math.max(rest.length * 4, blockLength * 2), left));
  }

  /** Passes over bytes that may lie far beyond the block. @throws EndOfFile */
  skip(length: number): void {
    const end = this.position + length;
    if (!(end <= this.reader.size)) throw new EndOfFile(end);
    this.goTo(end);
  }
}
