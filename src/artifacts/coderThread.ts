/**
 * A thread that digests, encodes and decodes chunks for `CoderPool`. It answers each request once, in
 * their order, and must not know files, packs or artifacts.
 */
import { nodeHashing, thisThread } from '../platform';
import { OwnThreadCoder, type RunningDigest } from './coder';
import type { CoderReply, CoderRequest } from './coderLetters';
import type { Bytes } from './pieceMemory';
import { BrokenChunk } from './planeStream';

const thread = thisThread();
const coder = new OwnThreadCoder(nodeHashing);
const begun = new Map<number, Bytes>();
const running = new Map<number, RunningDigest>();

function runningDigest(number: number): RunningDigest {
  const digest = running.get(number) ?? coder.digest();
  running.set(number, digest);
  return digest;
}

function take(id: number) {
  const found = begun.get(id);
  if (found === undefined) throw new Error(`no chunk ${id} was begun`);
  begun.delete(id);
  return found;
}

async function answer(request: CoderRequest): Promise<[CoderReply, ArrayBuffer[]]> {
  const { id } = request;
  switch (request.kind) {
    case 'begin': {
      const chunk = await coder.begin(request.bytes);
      begun.set(id, request.bytes);
      return [{ kind: 'digest', id, digest: chunk.digest }, []];
    }
    case 'encode': {
      const bytes = take(id);
      const { width, base, into } = request;
      const chunk = coder.encodeInto(bytes, width, base, into);
      const payload = chunk.payload === bytes ? null : chunk.payload;
      const spare = (base?.chain ?? []).map((one) => one.payload.buffer as ArrayBuffer);
      if (payload === null) spare.push(into.buffer);
      const moved = payload === null ? spare : [...spare, into.buffer];
      return [
        { kind: 'encoded', id, chunk: { ...chunk, payload }, bytes, spare },
        [bytes.buffer, ...moved],
      ];
    }
    case 'release': {
      const { buffer } = take(id);
      return [{ kind: 'released', id, memory: buffer }, [buffer]];
    }
    case 'decode': {
      const { chain, digest, into } = request;
      const bytes = coder.decodeInto(chain, into);
      if (digest !== null && nodeHashing.sha256Of(bytes) !== digest) {
        throw new BrokenChunk('another digest');
      }
      const payloads = chain.map(({ payload }) => payload.buffer as ArrayBuffer);
      return [{ kind: 'decoded', id, bytes, payloads }, [bytes.buffer, ...payloads]];
    }
    case 'add': {
      const bytes = await runningDigest(request.running).add(request.bytes, request.times);
      return [{ kind: 'added', id, bytes }, [bytes.buffer]];
    }
    case 'end': {
      const digest = await runningDigest(request.running).end();
      running.delete(request.running);
      return [{ kind: 'ended', id, digest }, []];
    }
  }
}

function failed(id: number, error: unknown): CoderReply {
  if (error instanceof BrokenChunk) return { kind: 'broken', id, why: error.message };
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { kind: 'bug', id, message };
}

thread.onMessage((message) => {
  const request = message as CoderRequest;
  answer(request).then(
    ([reply, moved]) => thread.send(reply, moved),
    (error: unknown) => thread.send(failed(request.id, error)),
  );
});
