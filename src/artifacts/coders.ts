import { type Coder, OwnThreadCoder } from './coder';
import type { Shelf } from './layout';

/** Chooses who does the work. */
export class Coders {
  readonly #shelf: Shelf;
  #own: Coder | null = null;

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  /** For a file of so many bytes. */
  async for(_size: number): Promise<Coder> {
    this.#own ??= new OwnThreadCoder(this.#shelf.platform.hashing);
    return this.#own;
  }
}
