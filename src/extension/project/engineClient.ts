import { Cancelled, Failure } from '../../core/failure';
import type { Activity, Progress } from '../../core/progress';
import type { EngineQuestion, EngineReply, EngineRequest } from '../../wire/engine';

/** The thread that the engine runs on, as far as its client must know it. */
export interface EngineThread {
  send(request: EngineRequest): void;
  onMessage(handler: (reply: unknown) => void): void;
  onEnd(handler: (error: Error | null) => void): void;
  stop(): Promise<void>;
}

/** The engine's thread ended while it owed an answer. The next request starts a new one. */
export class EngineStopped extends Error {
  override readonly name = 'EngineStopped';
}

/** After so many ends in a row without an answer, a new thread waits for this long. */
const mostCrashes = 3;
const restMilliseconds = 30_000;

/** A bug in the engine: its message here, its stack on the engine's side. */
export class EngineBug extends Error {
  override readonly name = 'EngineBug';
  constructor(message: string, stack: string) {
    super(message);
    this.stack = stack;
  }
}

interface Pending {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (reason: Error) => void;
  readonly progress: ((progress: Progress) => void) | undefined;
  readonly done: () => void;
}

type WithoutId<T> = T extends { id: number } ? Omit<T, 'id'> : never;
type Question = WithoutId<EngineQuestion>;

/**
 * The engine as seen from the extension host: starts its thread with the first question, starts a
 * new one after a crash, and turns replies into answers and failures.
 */
export class EngineClient {
  private thread: EngineThread | null = null;
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private started = 0;
  private disposed = false;
  private crashes = 0;
  private lastCrash = 0;

  /**
   * @param start starts the thread
   * @param ended told that it ended unasked
   * @param elapsed milliseconds that never go backwards
   */
  constructor(
    private readonly start: () => EngineThread,
    private readonly ended: (error: Error | null) => void,
    private readonly elapsed: () => number,
  ) {}

  /** Changes with every thread: what an earlier one knew (opened projects) is gone. */
  get generation(): number {
    return this.started;
  }

  /** Whether the thread runs now. */
  get running(): boolean {
    return this.thread !== null;
  }

  /** @throws Failure, Cancelled, EngineStopped, EngineBug */
  ask(question: Question, activity: Activity = {}): Promise<unknown> {
    if (this.disposed) return Promise.reject(new EngineStopped('the engine has been shut down'));
    if (activity.signal?.aborted) return Promise.reject(new Cancelled('cancelled'));
    if (this.thread === null && this.isResting()) {
      return Promise.reject(new EngineStopped('the engine keeps ending and rests for a while'));
    }
    const thread = this.thread ?? this.begin();
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const cancel = () => thread.send({ kind: 'cancel', id });
      activity.signal?.addEventListener('abort', cancel, { once: true });
      const done = () => activity.signal?.removeEventListener('abort', cancel);
      this.pending.set(id, { resolve, reject, progress: activity.progress, done });
      thread.send({ ...question, id });
    });
  }

  /** Ends the thread; the next question starts a new one. What it owed fails as after a crash. */
  async restart(): Promise<void> {
    await this.thread?.stop();
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    await this.thread?.stop();
  }

  private isResting(): boolean {
    return this.crashes >= mostCrashes && this.elapsed() - this.lastCrash < restMilliseconds;
  }

  private begin(): EngineThread {
    const thread = this.start();
    this.thread = thread;
    this.started++;
    // Every message comes from our own build's engine: see wire/engine.ts.
    thread.onMessage((message) => this.receive(message as EngineReply));
    thread.onEnd((error) => this.end(thread, error));
    return thread;
  }

  private receive(reply: EngineReply): void {
    const pending = this.pending.get(reply.id);
    if (pending === undefined) return;
    if (reply.kind === 'progress') {
      pending.progress?.(reply.progress);
      return;
    }
    this.crashes = 0;
    this.pending.delete(reply.id);
    pending.done();
    if (reply.kind === 'answer') pending.resolve(reply.answer);
    else pending.reject(errorOf(reply));
  }

  private end(thread: EngineThread, error: Error | null): void {
    if (this.thread !== thread) return;
    this.thread = null;
    this.crashes++;
    this.lastCrash = this.elapsed();
    const owed = [...this.pending.values()];
    this.pending.clear();
    for (const { reject, done } of owed) {
      done();
      reject(new EngineStopped('the engine stopped before it answered', { cause: error }));
    }
    if (!this.disposed) this.ended(error);
  }
}

function errorOf(reply: Exclude<EngineReply, { kind: 'answer' | 'progress' }>): Error {
  if (reply.kind === 'failure') return new Failure(reply.code, reply.data);
  if (reply.kind === 'cancelled') return new Cancelled('cancelled');
  return new EngineBug(reply.message, reply.stack);
}
