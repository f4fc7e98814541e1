import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { throwIfCancelled } from '../core/failure';
import type { Clock, Hash, Hashing, Randomness } from './platform';

async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await wait(milliseconds, undefined, signal ? { signal } : {});
  } catch (error) {
    throwIfCancelled(signal);
    throw error;
  }
}

/** The machine's clock. */
export const nodeClock: Clock = Object.freeze({
  now: () => new Date(),
  elapsed: () => performance.now(),
  sleep,
});

/** The machine's cryptographic randomness. */
export const nodeRandomness: Randomness = Object.freeze({
  token: (bytes: number) => randomBytes(bytes).toString('hex'),
});

function sha256(): Hash {
  const hash = createHash('sha256');
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    digest: () => hash.digest('hex'),
  };
}

/** SHA-256 through the machine's own code, with its instructions for it where it has them. */
export const nodeHashing: Hashing = Object.freeze({
  sha256,
  sha256Of: (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex'),
});
