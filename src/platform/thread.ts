import { availableParallelism } from 'node:os';
import { parentPort, Worker } from 'node:worker_threads';

/** A thread of our own that is spoken to in messages that can be structured-cloned. */
export interface Thread {
  /** @param moved memory that goes over to the thread, and is here no more */
  send(message: unknown, moved?: readonly ArrayBuffer[]): void;
  /** Called with each message, in their order. */
  onMessage(handler: (message: unknown) => void): void;
  /** Called once when the thread is over: with the error that ended it, or `null`. */
  onEnd(handler: (error: Error | null) => void): void;
  /** Whether the process waits for it; it does unless told otherwise. */
  keepProcess(keep: boolean): void;
  /** Ends it now, whatever it does. */
  stop(): Promise<void>;
}

/** Room for a thread's objects; what works on buffers needs little, and takes much of what it may. */
export interface ThreadRoom {
  /** How much new objects take before they are collected. */
  readonly youngMegabytes?: number;
  /**
   * What the others may take at most. Buffers that nobody needs any more are let go of once they take
   * half of this, in place of 64 MB: V8 counts them from one collection to the next.
   */
  readonly oldMegabytes?: number;
}

/**
 * Starts the script at an absolute path on a thread of its own.
 * @param room what its objects may take. Left out: what the system thinks
 */
export function startThread(script: string, name: string, room: ThreadRoom = {}): Thread {
  const { youngMegabytes, oldMegabytes } = room;
  const resourceLimits = {
    ...(youngMegabytes === undefined ? {} : { maxYoungGenerationSizeMb: youngMegabytes }),
    ...(oldMegabytes === undefined ? {} : { maxOldGenerationSizeMb: oldMegabytes }),
  };
  const worker = new Worker(script, { name, resourceLimits });
  let error: Error | null = null;
  worker.on('error', (thrown) => {
    error = thrown instanceof Error ? thrown : new Error(String(thrown));
  });
  let kept = true;
  const keep = () => (kept ? worker.ref() : worker.unref());
  // A thread that starts takes its ports to be waited for, whatever was said before.
  worker.once('online', keep);
  return {
    send: (message, moved = []) => worker.postMessage(message, moved),
    onMessage: (handler) => {
      worker.on('message', handler);
      keep();
    },
    onEnd: (handler) => void worker.once('exit', () => handler(error)),
    keepProcess: (wanted) => {
      kept = wanted;
      keep();
    },
    stop: async () => void (await worker.terminate()),
  };
}

/** The other side: how a script that was started so speaks with whoever started it. */
export function thisThread(): Pick<Thread, 'send' | 'onMessage'> {
  if (parentPort === null) throw new Error('this script runs on a thread that the product starts');
  const port = parentPort;
  return {
    send: (message, moved = []) => port.postMessage(message, moved),
    onMessage: (handler) => void port.on('message', handler),
  };
}

/** How many threads this machine runs at the same time. */
export function threadsAtOnce(): number {
  return availableParallelism();
}
