import type { RangeReader } from '../platform';
import { utf8, viewOf } from './bytes';

/** Reading went past the end of the file: it is torn, or a length in it is wrong. */
export class EndOfFile extends Error {
  override readonly name = 'EndOfFile';
  constructor(readonly needed: number) {
    super(`needs ${needed} bytes`);
  }
}

const blockLength = 65_536;

/**
 * Reads a file from front to back, a block at a time; skipping costs nothing. Lengths that a file
 * states are checked against its end before anything is allocated: @throws EndOfFile
 */
export class Cursor {
  #block: Uint8Array = new Uint8Array(0);
  #blockStart = 0;

  constructor(
    private readonly reader: RangeReader,
    public position = 0,
    private readonly littleEndian = true,
  ) {}

  get left(): number {
    return this.reader.size - this.position;
  }

  skip(length: number): void {
    this.#require(length);
    this.position += length;
  }

  /** The next bytes; they may be overwritten by nobody, but are a view of a larger block. */
  async bytes(length: number): Promise<Uint8Array> {
    this.#require(length);
    await this.#load(length);
    const start = this.position - this.#blockStart;
    this.position += length;
    return this.#block.subarray(start, start + length);
  }

  async u8(): Promise<number> {
    return (await this.bytes(1))[0] ?? 0;
  }

  async u32(): Promise<number> {
    return viewOf(await this.bytes(4)).getUint32(0, this.littleEndian);
  }

  async u64(): Promise<bigint> {
    return viewOf(await this.bytes(8)).getBigUint64(0, this.littleEndian);
  }

  /** A view of the next bytes and the byte order to read them with. */
  async number<T>(length: number, take: (view: DataView, littleEndian: boolean) => T): Promise<T> {
    return take(viewOf(await this.bytes(length)), this.littleEndian);
  }

  /** UTF-8 text; of one longer than `limit` bytes only the beginning. */
  async text(length: number, limit: number): Promise<string> {
    const text = utf8(await this.bytes(Math.min(length, limit)));
    if (length > limit) this.skip(length - limit);
    return text;
  }

  /** Everything up to the next line feed, which is passed over. @throws EndOfFile also over `limit` */
  async line(limit = blockLength): Promise<string> {
    await this.#load(Math.min(limit, this.left));
    const start = this.position - this.#blockStart;
    const end = this.#block.subarray(start, start + limit).indexOf(10);
    if (end < 0) throw new EndOfFile(this.position + Math.min(limit, this.left) + 1);
    this.position += end + 1;
    return utf8(this.#block.subarray(start, start + end));
  }

  #require(length: number): void {
    if (!(length <= this.left)) throw new EndOfFile(this.position + length);
  }

  async #load(length: number): Promise<void> {
    const start = this.position - this.#blockStart;
    if (start >= 0 && start + length <= this.#block.length) return;
    const wanted = Math.min(Math.max(length, blockLength), this.left);
    this.#block = await this.reader.read(this.position, wanted);
    this.#blockStart = this.position;
  }
}
