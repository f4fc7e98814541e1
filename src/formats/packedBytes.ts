/** A packed stream is not as its format says, or ends within. */
export class PackedUnsound extends Error {
  override readonly name = 'PackedUnsound';
}

/** Bytes of a packed stream from front to back. @throws PackedUnsound behind the end */
export class PackedBytes {
  position = 0;

  constructor(readonly bytes: Uint8Array) {}

  get left(): number {
    return this.bytes.length - this.position;
  }

  u8(): number {
    const value = this.bytes[this.position++];
    if (value === undefined) throw new PackedUnsound('it ends within');
    return value;
  }

  /** An unsigned number of some bytes, the lowest first; exact below 2^53. */
  little(width: number): number {
    let value = 0;
    for (let index = 0; index < width; index++) value += this.u8() * 2 ** (8 * index);
    return value;
  }

  take(length: number): Uint8Array {
    if (length > this.left) throw new PackedUnsound('it ends within');
    this.position += length;
    return this.bytes.subarray(this.position - length, this.position);
  }
}

/**
 * The last bytes that were unpacked, which what follows refers back to. Grows up to `limit`, so that
 * a stream that states a large one takes no memory that it does not fill.
 */
export class BackWindow {
  #bytes: Uint8Array;
  /** All that was ever put. */
  total = 0;
  /** From where on nothing was given out yet. */
  #given = 0;

  constructor(private readonly limit: number) {
    this.#bytes = new Uint8Array(Math.min(limit, 1 << 16));
  }

  put(byte: number): void {
    if (this.total === this.#bytes.length && this.#bytes.length < this.limit) this.#grow();
    this.#bytes[this.total % this.#bytes.length] = byte;
    this.total++;
  }

  /** `distance` 1 is the last byte. @throws PackedUnsound before the beginning */
  back(distance: number): number {
    if (distance > this.total || distance > this.#bytes.length) {
      throw new PackedUnsound('it refers to bytes before its beginning');
    }
    return this.#bytes[(this.total - distance) % this.#bytes.length] ?? 0;
  }

  /** Repeats what lies `distance` back; what is repeated may overlap what it gives. */
  copy(distance: number, length: number): void {
    this.back(distance);
    while (this.total + length > this.#bytes.length && this.#bytes.length < this.limit)
      this.#grow();
    const size = this.#bytes.length;
    const from = this.total - distance;
    for (let done = 0; done < length; ) {
      const [source, target] = [from % size, this.total % size];
      // The longer it is repeated, the more there is to repeat at once.
      const count = Math.min(length - done, distance + done, size - source, size - target);
      this.#bytes.copyWithin(target, source, source + count);
      this.total += count;
      done += count;
      if (count < distance) {
        this.copy(distance, length - done);
        return;
      }
    }
  }

  /** How many bytes wait to be given out. */
  get waiting(): number {
    return this.total - this.#given;
  }

  /** What was put since the last time: call it before as many bytes wait as the window has. */
  give(): Uint8Array {
    const size = this.#bytes.length;
    const from = this.#given % size;
    const length = this.waiting;
    this.#given = this.total;
    if (from + length <= size) return this.#bytes.slice(from, from + length);
    const out = new Uint8Array(length);
    out.set(this.#bytes.subarray(from));
    out.set(this.#bytes.subarray(0, length - (size - from)), size - from);
    return out;
  }

  /** Only before the window went round, so that places stay. */
  #grow(): void {
    const larger = new Uint8Array(Math.min(this.limit, this.#bytes.length * 4));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}
