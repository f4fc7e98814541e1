import { dirname } from 'node:path';
import type { WriteHandle } from '../platform';
import { type Shelf, unfinishedPath } from './layout';

/** Makes directories whose entries last, and remembers which ones do. */
export class LastingDirectories {
  readonly #shelf: Shelf;
  readonly #known = new Set<string>();

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  /** One that is there may be a crashed process's, so its entry is synced once too. */
  async make(path: string): Promise<void> {
    const { disk } = this.#shelf.platform;
    const first = await disk.makeDirectory(path);
    if (first === null && this.#known.has(path)) return;
    const uppermost = first ?? path;
    for (let made = path; made.length >= uppermost.length; made = dirname(made)) {
      await disk.syncDirectory(dirname(made));
    }
    this.#known.add(path);
  }
}

/** A new file among the unfinished ones; whoever begins it finishes or discards it. */
export async function beginFile(shelf: Shelf, mode: number): Promise<WriteHandle> {
  const { disk } = shelf.platform;
  await disk.makeDirectory(shelf.temporaryDirectory);
  return disk.create(unfinishedPath(shelf), mode);
}
