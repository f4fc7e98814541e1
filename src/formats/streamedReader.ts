import type { RangeReader } from '../platform';

/** Kept of the stream's beginning and end, where formats are told by. */
const endsLength = 1024 * 1024 + 4096;
/** Kept behind the furthest byte that was read: readers go back a little. */
const keptBehind = 4 * 1024 * 1024;
/** So often the stream is begun anew: a scan of a sound file goes over it a few times. */
const mostPasses = 24;

/**
 * A stream that can only be had from front to back, as a reader: what was read last stays in memory,
 * and for what lies before that the stream is begun anew. Not for reads that overlap in time.
 */
export class StreamedReader implements RangeReader {
  #pieces: AsyncIterator<Uint8Array> | null = null;
  #window: Uint8Array[] = [];
  /** Where the window begins and ends. */
  #start = 0;
  #end = 0;
  #passes = 0;
  #first: Uint8Array | null = null;
  #last: Uint8Array | null = null;

  constructor(
    private readonly open: () => AsyncIterable<Uint8Array>,
    readonly size: number,
  ) {}

  /** @throws RangeError outside the stream, and where it was begun anew too often */
  async read(offset: number, length: number): Promise<Uint8Array> {
    const end = offset + length;
    if (!(offset >= 0 && length >= 0 && end <= this.size)) {
      throw new RangeError(`bytes ${offset} to ${end} of ${this.size}`);
    }
    if (end <= endsLength) {
      this.#first ??= await this.#taken(0, Math.min(endsLength, this.size));
      return this.#first.slice(offset, end);
    }
    const tail = Math.max(0, this.size - endsLength);
    if (offset >= tail) {
      this.#last ??= await this.#taken(tail, this.size - tail);
      return this.#last.slice(offset - tail, end - tail);
    }
    return await this.#taken(offset, length);
  }

  async #taken(offset: number, length: number): Promise<Uint8Array> {
    if (this.#pieces === null || offset < this.#start) await this.#begin();
    while (this.#end < offset + length) await this.#advance(offset);
    const out = new Uint8Array(length);
    let at = this.#start;
    for (const piece of this.#window) {
      const from = Math.max(offset, at);
      const to = Math.min(offset + length, at + piece.length);
      if (from < to) out.set(piece.subarray(from - at, to - at), from - offset);
      at += piece.length;
    }
    return out;
  }

  async #begin(): Promise<void> {
    if (++this.#passes > mostPasses) {
      throw new RangeError(`what is packed was gone over more than ${mostPasses} times`);
    }
    await this.#pieces?.return?.();
    this.#pieces = this.open()[Symbol.asyncIterator]();
    this.#window = [];
    this.#start = 0;
    this.#end = 0;
  }

  async #advance(wanted: number): Promise<void> {
    const next = await this.#pieces?.next();
    if (next === undefined || next.done === true)
      throw new RangeError('what is packed became shorter');
    this.#window.push(next.value);
    this.#end += next.value.length;
    const keep = Math.min(wanted, this.#end - keptBehind);
    for (let first = this.#window[0]; first !== undefined; first = this.#window[0]) {
      if (this.#start + first.length > keep) break;
      this.#start += first.length;
      this.#window.shift();
    }
  }
}
