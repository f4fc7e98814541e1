import type { Activity } from '../core/progress';
import type { FileFacts } from '../platform/disk';
import type { RangeReader } from '../platform/rangeReader';

export interface StoredArtifact {
  readonly sha256: string;
  readonly size: number;
}

export interface PutResult extends StoredArtifact {
  /** The file's facts, the same before and after it was read. */
  readonly facts: FileFacts;
  /** Bytes newly on disk: 0 when it was there. */
  readonly added: number;
}

export type ArtifactState = 'sound' | 'missing' | 'damaged';

/**
 * Content-addressed bytes. What `put` returned stays, whole and durable (bytes and directory
 * entries are synced before it returns), until `remove`.
 */
export interface ArtifactStore {
  /** Where it lies. */
  readonly directory: string;
  /**
   * Streams one file in: read once, hashed, stored, synced. A file whose size, times or inode
   * change meanwhile is not stored. @throws Failure `file-changed`, `no-such-file`, `disk-full`
   */
  put(path: string, activity?: Activity): Promise<PutResult>;
  putBytes(bytes: Uint8Array): Promise<StoredArtifact>;
  /** Whether it is here with its right length. */
  has(sha256: string): Promise<boolean>;
  /** Its length; `null` when it is not here. */
  size(sha256: string): Promise<number | null>;
  /** @throws Failure `artifact-missing` */
  open(sha256: string): Promise<RangeReader & { close(): Promise<void> }>;
  /** All bytes, checked against the digest. @throws Failure `artifact-missing`, `artifact-damaged` */
  readWhole(sha256: string, limit: number): Promise<Uint8Array>;
  /**
   * Writes the original bytes to a new file at `path` (there must be nothing), checks the digest,
   * syncs. On failure the file is gone again. @throws Failure `artifact-missing`, `artifact-damaged`
   */
  restore(sha256: string, path: string, mode: number, activity?: Activity): Promise<void>;
  /** `full` reads every byte; otherwise presence and length. */
  check(sha256: string, size: number, full: boolean, activity?: Activity): Promise<ArtifactState>;
  list(): AsyncIterable<StoredArtifact>;
  remove(sha256: string): Promise<void>;
  /** Removes what an interrupted `put` left. Call under the writer's lock. */
  clearUnfinished(): Promise<void>;
}
