/** A chunk of an artifact, as its recipe has it. */
export interface RecipeChunk {
  readonly digest: string;
  readonly length: number;
  /** Bytes of an element; 0: nobody knew. */
  readonly width: number;
  /** See `Stretch.role`. */
  readonly role: string | null;
}

const rowLength = 48;
const noRole = '0'.repeat(16);

/**
 * The chunks of an artifact in their order, as a recipe's body has them: digest (32 bytes), length (32
 * bits), width (8 bits), 3 zero bytes, role (64 bits, zeros for none). They become objects one by one:
 * a file of 20 GB has some 80,000, which as objects would take many times as much memory.
 */
export class ChunkList implements Iterable<RecipeChunk> {
  #rows: Buffer;
  #length: number;

  /** @param rows as `rows` gave them; what follows the last whole one is left out */
  constructor(rows: Buffer = Buffer.alloc(0)) {
    this.#rows = rows;
    this.#length = Math.floor(rows.length / rowLength);
  }

  get length(): number {
    return this.#length;
  }

  get rows(): Uint8Array {
    return this.#rows.subarray(0, this.#length * rowLength);
  }

  push({ digest, length, width, role }: RecipeChunk): void {
    const at = this.#length * rowLength;
    if (at + rowLength > this.#rows.length) {
      const larger = Buffer.alloc(Math.max(64 * rowLength, this.#rows.length * 2));
      this.#rows.copy(larger);
      this.#rows = larger;
    }
    this.#rows.write(digest, at, 'hex');
    this.#rows.writeUInt32LE(length, at + 32);
    this.#rows.writeUInt8(width, at + 36);
    if (role !== null) this.#rows.write(role, at + 40, 'hex');
    this.#length += 1;
  }

  at(place: number): RecipeChunk | undefined {
    if (place < 0 || place >= this.#length) return undefined;
    const at = place * rowLength;
    const role = this.#rows.toString('hex', at + 40, at + 48);
    return {
      digest: this.#rows.toString('hex', at, at + 32),
      length: this.#rows.readUInt32LE(at + 32),
      width: this.#rows.readUInt8(at + 36),
      role: role === noRole ? null : role,
    };
  }

  /** Whether the same bytes are in two places. */
  isSame(place: number, other: number): boolean {
    const digest = (of: number) => this.#rows.subarray(of * rowLength, of * rowLength + 32);
    const both = place < this.#length && other < this.#length;
    return both && digest(place).equals(digest(other));
  }

  *[Symbol.iterator](): Generator<RecipeChunk, undefined> {
    for (let place = 0; place < this.#length; place += 1) yield this.at(place) as RecipeChunk;
  }
}
