import type { ByteLayout } from '../core/byteLayout';
import type { Activity } from '../core/progress';
import type { FileFacts, OpenedReader } from '../platform';

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

/** What is known of a file that is stored; it makes it smaller on the disk, and changes nothing else. */
export interface PutHints {
  /** Where its tensors lie: each is stored by itself, so that an equal one is stored once. */
  readonly layout?: ByteLayout | null;
  /** An artifact that it probably resembles, the same file of the version before. */
  readonly base?: string | null;
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
   * Streams one file in: read once, hashed, stored, synced. Links are followed, and `facts` are
   * those of the file they lead to: whether they may lead there is the caller's to decide. A file
   * whose size, times or inode change meanwhile, by its path or as it was opened, is not stored.
   * @throws Failure `file-changed`, `no-such-file`, `unreadable` (a directory, a pipe), `disk-full`;
   * Cancelled
   */
  put(path: string, activity?: Activity, hints?: PutHints): Promise<PutResult>;
  putBytes(bytes: Uint8Array): Promise<StoredArtifact>;
  /** Whether it is here; with `size`, whether it also has that length. */
  has(sha256: string, size?: number): Promise<boolean>;
  /** The same, and what is here stays through the grace of whoever collects garbage. */
  retain(sha256: string, size?: number): Promise<boolean>;
  /** Its length; `null` when it is not here, -1 when only a part of it is. */
  size(sha256: string): Promise<number | null>;
  /** @throws Failure `artifact-missing`, `artifact-damaged` (also of what it reads) */
  open(sha256: string): Promise<OpenedReader>;
  /**
   * All bytes, checked against the digest.
   * @throws Failure `artifact-missing`, `artifact-damaged`; `unreadable` over `limit` bytes
   */
  readWhole(sha256: string, limit: number): Promise<Uint8Array>;
  /**
   * Writes the original bytes to a new file at `path` (there must be nothing), checks the digest,
   * sets exactly `mode`, syncs the file (not its directory). On failure the file is gone again.
   * @param likely files that probably have the same bytes: where the file system can, one of them is
   * cloned, and checked
   * @throws Failure `artifact-missing`, `artifact-damaged`, `disk-full`; Cancelled
   */
  restore(
    sha256: string,
    path: string,
    mode: number,
    activity?: Activity,
    likely?: readonly string[],
  ): Promise<void>;
  /** `full` reads every byte; otherwise presence and length. */
  check(sha256: string, size: number, full: boolean, activity?: Activity): Promise<ArtifactState>;
  /** Sorted by digest. */
  list(): AsyncIterable<StoredArtifact>;
  /** What is not there is fine. Its bytes stay until they are collected. */
  remove(sha256: string): Promise<void>;
  /**
   * Removes what an interrupted `put` left: what was not written to for `grace` milliseconds, for
   * another process may be storing at this moment.
   */
  clearUnfinished(grace: number): Promise<void>;

  /** Artifacts that an older store left as files of their own. */
  wholeFiles(): Promise<string[]>;
  /**
   * Puts such a file into packs, and removes it once that is durable. One that is damaged stays as it
   * is, `false`. @throws as `put`
   */
  takeInWholeFile(sha256: string, hints: PutHints, activity?: Activity): Promise<boolean>;
  /** Notes that a project keeps its artifacts here, and tells all that do. */
  users(own: string | null): Promise<string[]>;
  /**
   * Removes the artifacts that are not live and older than the grace, and the chunks that nothing
   * needs any more. Others may store meanwhile; what they stored or retained within the grace stays.
   */
  collect(request: CollectRequest, activity?: Activity): Promise<Collected>;
  /** What groups of artifacts take on the disk. */
  usage(groups: readonly (readonly string[])[]): Promise<Usage>;
  /** The chunks of an artifact in their order; `null` where it has none, or is not here. */
  chunks(sha256: string): Promise<readonly ArtifactChunk[] | null>;
  /** Reads every byte of an artifact that is not sound, and names what is wrong. */
  damage(sha256: string, activity?: Activity): Promise<Damage>;
  /**
   * Nothing is taken any more from where the damage lies: such an artifact is not whole from then on,
   * and whoever puts the same bytes again mends it.
   */
  condemn(damage: Damage): Promise<void>;
  /** Looks again at what was condemned: what is sound after all (a disk had come loose) counts again. */
  reconsider(activity?: Activity): Promise<void>;
}

export interface CollectRequest {
  /** Whether anybody still names the artifact. */
  readonly isLive: (sha256: string) => boolean;
  /** In milliseconds: what is younger stays. */
  readonly grace: number;
  /** Nothing is removed. */
  readonly dryRun: boolean;
}

export interface Collected {
  /** How many artifacts went, or would go. */
  readonly artifacts: number;
  /** By which the store got smaller, or would. */
  readonly bytes: number;
}

export interface Usage {
  /** Of the whole store. */
  readonly bytes: number;
  /** In the order asked for: what only this group needs, and what others need too. */
  readonly groups: readonly { readonly own: number; readonly shared: number }[];
}

/** A stretch of an artifact; equal digests are equal bytes, in whatever artifact. */
export interface ArtifactChunk {
  readonly digest: string;
  readonly length: number;
}

export interface Damage {
  /** Its list of chunks cannot be read: nobody knows which it needs. */
  readonly recipe: boolean;
  /** Digests of chunks that no pack has whole. */
  readonly chunks: readonly string[];
  /** Where bytes are others than they were; none for what is not there at all. */
  readonly places: readonly { readonly pack: string; readonly digest: string }[];
}
