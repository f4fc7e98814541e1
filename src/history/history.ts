import type { Operation, OperationDraft } from '../core/operation';
import type { CurveSet, PrimaryMetric, VersionKind, VersionRecord } from '../core/version';

export interface ModelRow {
  readonly name: string;
  readonly primary: PrimaryMetric | null;
  readonly versions: number;
  readonly backups: number;
  readonly latest: number | null;
  readonly lastAt: string | null;
}

/** Which records to list. Newest first unless `sort`; withdrawn ones are left out unless asked. */
export interface VersionQuery {
  readonly model?: string;
  readonly kind?: VersionKind;
  readonly limit?: number;
  readonly offset?: number;
  /** `number`, `createdAt`, or a metric's or parameter's key. */
  readonly sort?: { readonly key: string; readonly order: 'ascending' | 'descending' };
  /** Free text: in description, label, number, or a parameter's or metric's name. */
  readonly text?: string;
  readonly withdrawn?: boolean;
}

/** One row of a page: the latest living revision of a version. */
export interface VersionPage {
  readonly records: VersionRecord[];
  /** Of all that match, without limit and offset. */
  readonly total: number;
}

/** The version the working files of one worktree came from. */
export interface CurrentRow {
  readonly model: string;
  /** `model@vN.R`; withdrawn versions included. */
  readonly version: string;
}

/** A ref that is to move: written in the transaction that publishes, cleared once the ref moved. */
export interface PendingRef {
  readonly id: number;
  readonly ref: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** A multi-step change of working files: JSON-safe payload, kept until it is done. */
export interface IntentRow {
  readonly id: number;
  readonly kind: string;
  readonly worktree: string;
  readonly payload: unknown;
}

/** What is known of a file that was hashed: facts as strings of integers (nanoseconds). */
export interface KnownFile {
  readonly worktree: string;
  readonly path: string;
  readonly size: number;
  readonly modified: bigint;
  readonly changed: bigint;
  readonly inode: bigint;
  readonly sha256: string;
  /** Clock time in nanoseconds when it was read: a file as young as that is read again. */
  readonly readAt: bigint;
}

/** Where a record comes from when it enters the database. */
export interface NewRecord {
  readonly record: VersionRecord;
  readonly curves: CurveSet;
}

/** The writes of one transaction. Only there while `History.transaction` runs. */
export interface HistoryWriter {
  /** The next free number of a kind; withdrawn numbers are never used again. */
  nextNumber(model: string, kind: VersionKind): number;
  /** Adds a version's first revision or a later one. @throws Failure `label-taken` */
  addRecord(entry: NewRecord): void;
  /** Replaces a record's `withdrawn` mark (the only thing of a record that may change). */
  setWithdrawn(reference: string, withdrawn: VersionRecord['withdrawn'] | null): void;
  setPrimary(model: string, primary: PrimaryMetric | null): void;
  addModel(model: string): void;
  setCurrent(worktree: string, model: string, version: string | null): void;
  /** Remembers the commit that the model's branch was left at; `null` forgets it. */
  setTip(model: string, commit: string | null): void;
  /** Appends to the log; returns the chained entry. */
  appendOperation(draft: OperationDraft): Operation;
  addPendingRef(pending: Omit<PendingRef, 'id'>): number;
  clearPendingRef(id: number): void;
  addIntent(intent: Omit<IntentRow, 'id'>): number;
  clearIntent(id: number): void;
  rememberFile(file: KnownFile): void;
  /** Empties everything, for `rebuild`. */
  clear(): void;
}

export interface WriterLock {
  release(): void;
}

/**
 * The project's database. Reads never wait for writers. Synchronous where SQLite is; the owner
 * keeps it off threads that must not block.
 */
export interface History {
  readonly path: string;
  /** @throws Failure `lock-held` after `milliseconds` (default 15,000) of retries without blocking */
  lock(options?: { milliseconds?: number; signal?: AbortSignal }): Promise<WriterLock>;
  /** One transaction; throws back what `work` throws, with everything undone. */
  transaction<T>(work: (writer: HistoryWriter) => T): T;

  models(): ModelRow[];
  model(name: string): ModelRow | null;
  versions(query: VersionQuery): VersionPage;
  /** The record of a version (latest living revision, or the one named) or backup; also withdrawn. */
  find(model: string, kind: VersionKind, number: number, revision?: number): VersionRecord | null;
  findByLabel(model: string, label: string): VersionRecord | null;
  revisions(model: string, number: number): VersionRecord[];
  curves(model: string, number: number, revision: number): CurveSet;
  current(worktree: string): CurrentRow[];
  /** Where the last publication left the model's branch; `null` before the first. */
  tip(model: string): string | null;
  operations(query: { limit?: number; offset?: number; before?: number }): Operation[];
  operation(id: number): Operation | null;
  logHead(): string;
  pendingRefs(): PendingRef[];
  intents(): IntentRow[];
  knownFile(worktree: string, path: string): KnownFile | null;
  /** Every record, all revisions, backups and withdrawn ones, oldest first. */
  allRecords(): IterableIterator<VersionRecord>;
  /** SHA-256 → references of the living records (of all models) that name it. */
  holdersOf(sha256: string): string[];
  /** Integrity of the file, foreign keys, and the log's chain: what is wrong, in clauses. */
  check(): { code: string; what: string }[];
  /** Changes whenever another connection committed. */
  dataVersion(): number;
  close(): void;
}
