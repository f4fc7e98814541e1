import type { Rooms } from './rooms';

/** For so long what lies in the files may be what a rollback or its undo put there; milliseconds. */
const settling = 15_000;

/**
 * Tells what Cairn itself wrote into the working files from what a training wrote: a rollback and
 * its undo change files just so.
 */
export class OwnChanges {
  #last: number | null = null;
  #until = 0;

  constructor(private readonly rooms: Rooms) {}

  /** Looks whether there was another one. */
  look(): void {
    const operations = this.rooms.history.operations({ limit: 5 });
    const last = operations.find(({ kind }) => kind === 'rollback' || kind === 'undo');
    const isRecent = last !== undefined && Math.abs(this.#now() - Date.parse(last.at)) < settling;
    const id = last?.id ?? 0;
    if (id !== this.#last && (this.#last !== null || isRecent))
      this.#until = this.#now() + settling;
    this.#last = id;
  }

  /** Whether one is so fresh that files are told to have changed by it; a clock may be set back. */
  get isSettling(): boolean {
    const left = this.#until - this.#now();
    return left > 0 && left <= settling;
  }

  #now(): number {
    return this.rooms.platform.clock.now().getTime();
  }
}
