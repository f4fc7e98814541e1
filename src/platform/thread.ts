import { Worker } from 'node:worker_threads';

/** A thread of our own that is spoken to in messages that can be structured-cloned. */
export interface Thread {
  send(message: unknown): void;
  /** Called with each message, in their order. */
  onMessage(handler: (message: unknown) => void): void;
  /** Called once when the thread is over: with the error that ended it, or `null`. */
  onEnd(handler: (error: Error | null) => void): void;
  /** Ends it now, whatever it does. */
  stop(): Promise<void>;
}

/** Starts the script at an absolute path on a thread of its own. */
export function startThread(script: string, name: string): Thread {
  const worker = new Worker(script, { name });
  let error: Error | null = null;
  worker.on('error', (thrown) => {
    error = thrown instanceof Error ? thrown : new Error(String(thrown));
  });
  return {
    send: (message) => worker.postMessage(message),
    onMessage: (handler) => void worker.on('message', handler),
    onEnd: (handler) => void worker.once('exit', () => handler(error)),
    stop: async () => void (await worker.terminate()),
  };
}
