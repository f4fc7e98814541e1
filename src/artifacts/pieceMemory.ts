import { longestCut } from './gear';

/** Bytes in memory that can be handed from thread to thread. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Rooms of memory: for the longest pieces, and for the many that are much shorter. */
const rooms = [longestCut / 16, longestCut] as const;

/**
 * Memory for pieces, used again: fresh memory for each would be gone only when it is collected, and
 * the system takes longer to hand it out than a disk's cache to fill it.
 */
export class PieceMemory {
  readonly #free: ArrayBuffer[] = [];

  take(length: number): Bytes {
    const room = rooms.find((one) => one >= length) ?? length;
    const found = this.#free.findLastIndex(({ byteLength }) => byteLength === room);
    const [buffer] = found < 0 ? [] : this.#free.splice(found, 1);
    // Not from the pool that Node keeps for small buffers: this memory goes over to other threads.
    return new Uint8Array(buffer ?? Buffer.allocUnsafeSlow(room).buffer, 0, length);
  }

  give(buffer: ArrayBuffer): void {
    if (rooms.some((room) => room === buffer.byteLength)) this.#free.push(buffer);
  }
}
