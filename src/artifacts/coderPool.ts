import type { Thread } from '../platform';
import type { Chain } from './chunkCode';
import type { BegunChunk, Bytes, Coder, Encoded } from './coder';
import type { CoderReply, CoderRequest } from './coderLetters';
import { BrokenChunk } from './planeStream';

/** So many chunks are under way for each thread: it works on one while others come and go. */
const chunksEach = 3;

interface Worker {
  readonly thread: Thread;
  readonly waiting: Map<
    number,
    { resolve: (reply: CoderReply) => void; reject: (error: Error) => void }
  >;
  /** Chunks that it holds or works on. */
  load: number;
}

/**
 * Hands the work to threads, each chunk to the one with the least to do. The process does not wait
 * for threads that have nothing to do.
 */
export class CoderPool implements Coder {
  readonly width: number;
  readonly #workers: readonly Worker[];
  #lastId = 0;

  constructor(threads: readonly Thread[]) {
    this.width = threads.length * chunksEach;
    this.#workers = threads.map((thread) => {
      const worker: Worker = { thread, waiting: new Map(), load: 0 };
      thread.keepProcess(false);
      thread.onMessage((message) => receive(worker, message as CoderReply));
      thread.onEnd((error) => end(worker, error));
      return worker;
    });
  }

  async begin(bytes: Bytes): Promise<BegunChunk> {
    const worker = this.#idlest();
    const id = ++this.#lastId;
    worker.load += 1;
    const reply = await ask(worker, { kind: 'begin', id, bytes }, [bytes.buffer]);
    if (reply.kind !== 'digest') throw unexpected(reply);
    return {
      digest: reply.digest,
      encode: (width, base) => encode(worker, { kind: 'encode', id, width, base }),
      release: () => release(worker, id),
    };
  }

  async decode(chain: Chain, digest: string | null): Promise<Bytes> {
    // What is written as it is needs no thread, unless it is to be checked.
    const [chunk] = chain;
    if (chunk?.encoding === 0 && digest === null && chunk.payload.length === chunk.length) {
      return chunk.payload as Bytes;
    }
    const worker = this.#idlest();
    const id = ++this.#lastId;
    worker.load += 1;
    try {
      const moved = chain.map(({ payload }) => payload.buffer as ArrayBuffer);
      const reply = await ask(worker, { kind: 'decode', id, chain, digest }, moved);
      if (reply.kind !== 'decoded') throw unexpected(reply);
      return reply.bytes;
    } finally {
      worker.load -= 1;
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.map(({ thread }) => thread.stop()));
  }

  #idlest(): Worker {
    return this.#workers.reduce((one, other) => (other.load < one.load ? other : one));
  }
}

async function encode(
  worker: Worker,
  request: Extract<CoderRequest, { kind: 'encode' }>,
): Promise<Encoded> {
  try {
    const moved = (request.base ?? []).map(({ payload }) => payload.buffer as ArrayBuffer);
    const reply = await ask(worker, request, moved);
    if (reply.kind !== 'encoded') throw unexpected(reply);
    const { chunk, bytes } = reply;
    return { chunk: { ...chunk, payload: chunk.payload ?? bytes }, memory: bytes.buffer };
  } finally {
    worker.load -= 1;
  }
}

async function release(worker: Worker, id: number): Promise<ArrayBuffer> {
  try {
    const reply = await ask(worker, { kind: 'release', id });
    if (reply.kind !== 'released') throw unexpected(reply);
    return reply.memory;
  } finally {
    worker.load -= 1;
  }
}

function ask(worker: Worker, request: CoderRequest, moved?: ArrayBuffer[]): Promise<CoderReply> {
  return new Promise((resolve, reject) => {
    worker.waiting.set(request.id, { resolve, reject });
    worker.thread.keepProcess(true);
    worker.thread.send(request, moved);
  });
}

function receive(worker: Worker, reply: CoderReply): void {
  const waiting = worker.waiting.get(reply.id);
  worker.waiting.delete(reply.id);
  if (worker.waiting.size === 0) worker.thread.keepProcess(false);
  waiting?.resolve(reply);
}

/** Threads end only by mistake: whoever waits for one is told. */
function end(worker: Worker, error: Error | null): void {
  for (const { reject } of worker.waiting.values()) {
    reject(error ?? new Error('a thread of the store ended'));
  }
  worker.waiting.clear();
}

function unexpected(reply: CoderReply): Error {
  if (reply.kind === 'broken') return new BrokenChunk(reply.why);
  return new Error(reply.kind === 'bug' ? reply.message : `the answer "${reply.kind}"`);
}
