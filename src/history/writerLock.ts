import { Failure, throwIfCancelled } from '../core/failure';
import type { Clock, Randomness } from '../platform';
import { databaseError, isBusy } from './databaseFailure';
import type { Connection } from './driver';
import type { WriterLock } from './history';

const defaultMilliseconds = 15_000;
const shortestWait = 5;
const longestWait = 100;

/**
 * The lock of all writers of a project: an exclusive transaction on a database that never holds
 * anything. The system gives it back when the process ends, however it ends; nothing is ever left
 * to clean up.
 */
export class WriterLockFile {
  readonly path: string;
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #random: Randomness;
  #holder: object | null = null;

  /** `connection` must not wait by itself (a busy timeout of 0). */
  constructor(path: string, connection: Connection, clock: Clock, random: Randomness) {
    this.path = path;
    this.#connection = connection;
    this.#clock = clock;
    this.#random = random;
  }

  get held(): boolean {
    return this.#holder !== null;
  }

  /**
   * Tries again and again, without blocking the thread, with growing and uneven pauses, so that
   * two who wait do not knock in step.
   * @throws Failure `lock-held` after `milliseconds`; Cancelled
   */
  async acquire(milliseconds = defaultMilliseconds, signal?: AbortSignal): Promise<WriterLock> {
    const began = this.#clock.elapsed();
    for (let wait = shortestWait; ; wait = Math.min(wait * 2, longestWait)) {
      throwIfCancelled(signal);
      const lock = this.#attempt();
      if (lock !== null) return lock;
      const waited = Math.round(this.#clock.elapsed() - began);
      if (waited >= milliseconds) throw new Failure('lock-held', { path: this.path, waited });
      const jitter = 0.5 + Number.parseInt(this.#random.token(1), 16) / 256;
      await this.#clock.sleep(Math.min(wait * jitter, milliseconds - waited), signal);
    }
  }

  #attempt(): WriterLock | null {
    if (this.#holder !== null) return null;
    try {
      // It is never written, so its journal has no business on the disk. Even this asks for the lock.
      this.#connection.pragma('journal_mode = MEMORY');
      this.#connection.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      if (isBusy(error)) return null;
      throw databaseError(this.path, error);
    }
    const holder = {};
    this.#holder = holder;
    return { release: () => this.#release(holder) };
  }

  /** A lock that was released, or whose file was closed, is no longer this holder's to give back. */
  #release(holder: object): void {
    if (this.#holder !== holder) return;
    this.#holder = null;
    this.#connection.exec('ROLLBACK');
  }

  close(): void {
    this.#holder = null;
    this.#connection.close();
  }
}
