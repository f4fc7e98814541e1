import type { Thread } from '../platform';
import type { Chain } from './chunkCode';
import { type BegunChunk, type Coder, type Encoded, type RunningDigest, rawChunk } from './coder';
import type { CoderReply, CoderRequest } from './coderLetters';
import type { Bytes, PieceMemory } from './pieceMemory';
import { BrokenChunk } from './planeStream';

/** So many chunks are under way for each thread: it works on one while the next one comes. */
const chunksEach = 2;
/** And so many more in all, on their way to the disk. */
const chunksMore = 2;

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
  readonly #startDigester: () => Thread;
  /** Digests of whole files: their bytes can only be taken one after the other. */
  #digester: Worker | null = null;
  #lastId = 0;

  /** @param startDigester starts one more, when it is needed */
  constructor(threads: readonly Thread[], startDigester: () => Thread) {
    this.width = threads.length * chunksEach + chunksMore;
    this.#workers = threads.map(workerOn);
    this.#startDigester = startDigester;
  }

  async begin(bytes: Bytes): Promise<BegunChunk> {
    const worker = this.#idlest();
    const id = ++this.#lastId;
    const { length } = bytes;
    worker.load += 1;
    const reply = await ask(worker, { kind: 'begin', id, bytes }, [bytes.buffer]);
    if (reply.kind !== 'digest') throw unexpected(reply);
    return {
      digest: reply.digest,
      encode: (width, base, memory) => {
        const into = memory.take(length);
        return encode(worker, { kind: 'encode', id, width, base, into }, memory);
      },
      release: () => release(worker, id),
    };
  }

  async decode(chain: Chain, digest: string | null, memory: PieceMemory): Promise<Bytes> {
    // What is written as it is needs no thread, unless it is to be checked.
    const raw = digest === null ? rawChunk(chain) : null;
    if (raw !== null) return raw;
    const worker = this.#idlest();
    const id = ++this.#lastId;
    worker.load += 1;
    try {
      const into = memory.take(chain[0]?.length ?? 0);
      const moved = chain.map(({ payload }) => payload.buffer as ArrayBuffer);
      const request: CoderRequest = { kind: 'decode', id, chain, digest, into };
      const reply = await ask(worker, request, [...moved, into.buffer]);
      if (reply.kind !== 'decoded') throw unexpected(reply);
      for (const payload of reply.payloads) memory.give(payload);
      return reply.bytes;
    } finally {
      worker.load -= 1;
    }
  }

  digest(): RunningDigest {
    this.#digester ??= workerOn(this.#startDigester());
    const worker = this.#digester;
    const running = ++this.#lastId;
    return {
      add: async (bytes, times = 1) => {
        const id = ++this.#lastId;
        const request: CoderRequest = { kind: 'add', id, running, bytes, times };
        const reply = await ask(worker, request, [bytes.buffer]);
        if (reply.kind !== 'added') throw unexpected(reply);
        return reply.bytes;
      },
      end: async () => {
        const reply = await ask(worker, { kind: 'end', id: ++this.#lastId, running });
        if (reply.kind !== 'ended') throw unexpected(reply);
        return reply.digest;
      },
    };
  }

  #idlest(): Worker {
    return this.#workers.reduce((one, other) => (other.load < one.load ? other : one));
  }
}

function workerOn(thread: Thread): Worker {
  const worker: Worker = { thread, waiting: new Map(), load: 0 };
  thread.keepProcess(false);
  thread.onMessage((message) => receive(worker, message as CoderReply));
  thread.onEnd((error) => end(worker, error));
  return worker;
}

async function encode(
  worker: Worker,
  request: Extract<CoderRequest, { kind: 'encode' }>,
  memory: PieceMemory,
): Promise<Encoded> {
  try {
    const moved = (request.base?.chain ?? []).map(({ payload }) => payload.buffer as ArrayBuffer);
    const reply = await ask(worker, request, [...moved, request.into.buffer]);
    if (reply.kind !== 'encoded') throw unexpected(reply);
    const { chunk, bytes, spare } = reply;
    for (const one of spare) memory.give(one);
    return { chunk: { ...chunk, payload: chunk.payload ?? bytes }, bytes };
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
