import type { Failure } from '../core/failure';
import type { Filter } from '../core/filter';
import type { Operation, OperationDraft } from '../core/operation';
import type { Standing } from '../core/primaryMetric';
import type { CurveSet, PrimaryMetric, VersionKind, VersionRecord } from '../core/version';
import type { RunHistory, RunWriter } from './runHistory';
import type { TableHistory } from './tableHistory';

/** A model at a glance; what is withdrawn does not count. */
export interface ModelRow {
  readonly name: string;
  readonly primary: PrimaryMetric | null;
  readonly versions: number;
  readonly backups: number;
  /** The highest number of a version; `null` when there is none. */
  readonly latest: number | null;
  /** When that version was made. */
  readonly lastAt: string | null;
}

/**
 * Which records to list, each by the revision that stands for it. Without `sort` the newest first:
 * by number in one model's versions or backups, else by time. Withdrawn ones are left out unless
 * asked for.
 */
export interface VersionQuery {
  /** Ignoring case. */
  readonly model?: string;
  /** Versions unless said otherwise. */
  readonly kind?: VersionKind | 'any';
  readonly limit?: number;
  readonly offset?: number;
  /**
   * `number`, `createdAt`, `label`, `description`, `creator`, `metric:NAME`, `parameter:NAME`; any
   * other key is a metric's name and, in versions without such a metric, a parameter's. Records
   * without a value, with NaN, or with a stale metric come last in both orders; equal ones newest
   * first.
   */
  readonly sort?: { readonly key: string; readonly order: 'ascending' | 'descending' };
  /**
   * Every word must be found, ignoring case, in the number (`v3`), label, description, creator, or
   * the name of a parameter or metric.
   */
  readonly text?: string;
  /** A version without the key of a clause does not match it. */
  readonly where?: Filter;
  readonly withdrawn?: boolean;
}

/** A part of a listing. */
export interface VersionPage {
  /** Of each version the latest living revision; of a withdrawn one the last. */
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
  /**
   * Adds a version's first revision or a later one, with its withdrawn mark; adds the model when it
   * is new. @throws Failure `name-invalid`; `record-invalid` when the revision is there already
   */
  addRecord(entry: NewRecord): void;
  /**
   * Sets (or with `null` takes away) the withdrawn mark, the only thing of a record that may change.
   * With a revision (`digits@v3.2`) of that one, otherwise (`digits@v3`, `digits@b1`) of all that
   * are not so already. Returns the references, with revision, of those that changed: what undoing
   * it needs. @throws Failure `no-such-version`
   */
  setWithdrawn(reference: string, withdrawn: VersionRecord['withdrawn'] | null): string[];
  /** Adds the model when it is new. */
  setPrimary(model: string, primary: PrimaryMetric | null): void;
  /** Fine when it is there. @throws Failure `name-invalid` where only the case differs */
  addModel(model: string): void;
  /** `version` with revision (`digits@v3.1`); `null` forgets. @throws Failure `no-such-version` */
  setCurrent(worktree: string, model: string, version: string | null): void;
  /** Where the model's branch was left. Adds the model when it is new. */
  setTip(model: string, commit: string | null): void;
  /** Appends to the log; returns the chained entry. */
  appendOperation(draft: OperationDraft): Operation;
  addPendingRef(pending: Omit<PendingRef, 'id'>): number;
  clearPendingRef(id: number): void;
  addIntent(intent: Omit<IntentRow, 'id'>): number;
  clearIntent(id: number): void;
  rememberFile(file: KnownFile): void;
  readonly runs: RunWriter;
  /** Empties everything but the runs, the log too, for `rebuild`. */
  clear(): void;
}

export interface WriterLock {
  /** Fine when it was released already. */
  release(): void;
}

/**
 * The project's database. Reads never wait for writers. Synchronous where SQLite is; the owner
 * keeps it off threads that must not block. Every method may throw Failure `database-damaged`,
 * `disk-full`, `disk-failed`, and `lock-held` where SQLite itself is busy.
 */
export interface History {
  readonly path: string;
  /** Why nothing can be written where it lies, though it was asked for; then it is read as it was. */
  readonly unwritable: Failure<'disk-failed'> | null;
  /**
   * Takes the writer's lock, which dies with this process. `milliseconds: 0` tries once.
   * @throws Failure `lock-held` after `milliseconds` (default 15,000) of retries without blocking
   */
  lock(options?: { milliseconds?: number; signal?: AbortSignal }): Promise<WriterLock>;
  /**
   * One transaction, while this History holds the lock; throws back what `work` throws, with
   * everything undone. Reads inside it see its writes.
   * @throws Failure `label-taken` when at its end two living versions of a model show one label
   */
  transaction<T>(work: (writer: HistoryWriter) => T): T;

  /** Sorted by name, ignoring case. */
  models(): ModelRow[];
  /** Ignoring case. */
  model(name: string): ModelRow | null;
  /** The commit at which the model's branch was left; `null` before the first. */
  tip(model: string): string | null;
  versions(query: VersionQuery): VersionPage;
  /** How every living version of a model stands, by number: without reading the records. */
  standings(model: string, metric: string | null): Standing[];
  /** The record of a version (latest living revision, or the one named) or backup; also withdrawn. */
  find(model: string, kind: VersionKind, number: number, revision?: number): VersionRecord | null;
  /** Of living versions. */
  findByLabel(model: string, label: string): VersionRecord | null;
  /** Of a version, oldest first, withdrawn ones too. */
  revisions(model: string, number: number): VersionRecord[];
  curves(model: string, number: number, revision: number): CurveSet;
  /** Sorted by model. */
  current(worktree: string): CurrentRow[];
  /** The worktrees in which any version is current, sorted. */
  worktrees(): string[];
  /** Newest first; `before` an id. */
  operations(query: { limit?: number; offset?: number; before?: number }): Operation[];
  operation(id: number): Operation | null;
  /** The SHA-256 of the log's last entry; `logRoot` when it is empty. */
  logHead(): string;
  /** In the order in which they were added. */
  pendingRefs(): PendingRef[];
  /** In the order in which they were added. */
  intents(): IntentRow[];
  knownFile(worktree: string, path: string): KnownFile | null;
  /** Paths of a worktree where a file had these bytes when it was last read. */
  knownPaths(worktree: string, sha256: string): string[];
  readonly runs: RunHistory;
  readonly table: TableHistory;
  /** Every record, all revisions, backups and withdrawn ones, in the order they were added. */
  allRecords(): IterableIterator<VersionRecord>;
  /** References, with revision, of the living records (of all models) that name the artifact. */
  holdersOf(sha256: string): string[];
  /**
   * Integrity of the file, foreign keys, the log's chain, records against what was extracted from
   * them, curves: what is wrong, in clauses. `full` also checks every index against its table.
   */
  check(options?: { full?: boolean }): HistoryProblem[];
  /** Changes whenever another connection committed. */
  dataVersion(): number;
  /** A copy as of now at a path where there is nothing yet, by SQLite's own backup. */
  backupTo(path: string): Promise<void>;
  /** Gives everything back; an open transaction is undone, the lock released. */
  close(): void;
}

/** Something that `History.check` found. */
export interface HistoryProblem {
  readonly code:
    | 'database-damaged'
    | 'foreign-key-broken'
    | 'log-broken'
    | 'record-disagrees'
    | 'curves-damaged';
  /** A clause that names the place. */
  readonly what: string;
}
