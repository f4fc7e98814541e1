import type { Chain, StoredChunk } from './chunkCode';
import type { Base } from './coder';
import type { Bytes } from './pieceMemory';

/** What a coder's thread is asked. `id` names a chunk from its `begin` to its `encode` or `release`. */
export type CoderRequest =
  | { readonly kind: 'begin'; readonly id: number; readonly bytes: Bytes }
  | {
      readonly kind: 'encode';
      readonly id: number;
      readonly width: number;
      readonly base: Base | null;
      /** For the payload, as long as the chunk. */
      readonly into: Bytes;
    }
  | { readonly kind: 'release'; readonly id: number }
  | {
      readonly kind: 'decode';
      readonly id: number;
      readonly chain: Chain;
      readonly digest: string | null;
      /** As long as the chunk. */
      readonly into: Bytes;
    }
  /** More of a running digest; the first of its number begins it. */
  | {
      readonly kind: 'add';
      readonly id: number;
      readonly running: number;
      readonly bytes: Bytes;
      readonly times: number;
    }
  | { readonly kind: 'end'; readonly id: number; readonly running: number };

/** What it answers, once to each request. */
export type CoderReply =
  | { readonly kind: 'digest'; readonly id: number; readonly digest: string }
  | {
      readonly kind: 'encoded';
      readonly id: number;
      /** `payload` `null`: the bytes themselves. */
      readonly chunk: Omit<StoredChunk, 'payload'> & { readonly payload: Uint8Array | null };
      readonly bytes: Bytes;
      /** To be used again. */
      readonly spare: readonly ArrayBuffer[];
    }
  | { readonly kind: 'released'; readonly id: number; readonly memory: ArrayBuffer }
  | {
      readonly kind: 'decoded';
      readonly id: number;
      readonly bytes: Bytes;
      /** To be used again. */
      readonly payloads: readonly ArrayBuffer[];
    }
  | { readonly kind: 'added'; readonly id: number; readonly bytes: Bytes }
  | { readonly kind: 'ended'; readonly id: number; readonly digest: string }
  | { readonly kind: 'broken'; readonly id: number; readonly why: string }
  | { readonly kind: 'bug'; readonly id: number; readonly message: string };
