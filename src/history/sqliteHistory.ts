import { Failure } from '../core/failure';
import type { Platform } from '../platform';
import { checkHistory } from './check';
import type { DatabaseFile } from './databaseFile';
import type { History, HistoryWriter, VersionQuery, WriterLock } from './history';
import { allModels, oneModel, tipOf } from './models';
import { logHead, operationById, operationsBefore } from './operationLog';
import { standings } from './ranking';
import {
  curvesOf,
  everyRecord,
  findLabelled,
  findRecord,
  holdersOf,
  listVersions,
  revisionsOf,
} from './reading';
import type { RunHistory } from './runHistory';
import { runHistory } from './runReading';
import type { TableHistory } from './tableHistory';
import { tableHistory } from './tableReading';
import { currentIn, intents, knownFile, knownPaths, pendingRefs, worktrees } from './workTables';
import { transact } from './writer';
import type { WriterLockFile } from './writerLock';

/** What an opened history stands on. */
export interface HistoryGround {
  readonly platform: Platform;
  readonly database: DatabaseFile;
  /** Opens `lock.db`, when it is first needed; `null` where nothing may be written. */
  readonly openLock: (() => WriterLockFile) | null;
  readonly unwritable: History['unwritable'];
}

/** The history of one project, over one connection; owns that and the lock's. */
export class SqliteHistory implements History {
  readonly path: string;
  readonly runs: RunHistory;
  readonly unwritable: History['unwritable'];
  readonly table: TableHistory;
  readonly #platform: Platform;
  readonly #database: DatabaseFile;
  readonly #openLock: (() => WriterLockFile) | null;
  #lockFile: WriterLockFile | null = null;

  constructor({ platform, database, openLock, unwritable }: HistoryGround) {
    this.path = database.path;
    this.runs = runHistory(database);
    this.unwritable = unwritable;
    this.table = tableHistory(database);
    this.#platform = platform;
    this.#database = database;
    this.#openLock = openLock;
  }

  // `async`, so that what opening throws arrives like everything else.
  async lock(options: { milliseconds?: number; signal?: AbortSignal } = {}): Promise<WriterLock> {
    if (this.#openLock === null) throw new Error('a history that is only read takes no lock');
    this.#lockFile ??= this.#openLock();
    return await this.#lockFile.acquire(options.milliseconds, options.signal);
  }

  transaction<T>(work: (writer: HistoryWriter) => T): T {
    if (this.#lockFile?.held !== true) throw new Error('a transaction needs the lock');
    return transact(this.#database, this.#platform.hashing, work);
  }

  models() {
    return allModels(this.#database);
  }

  model(name: string) {
    return oneModel(this.#database, name);
  }

  tip(model: string) {
    return tipOf(this.#database, model);
  }

  versions(query: VersionQuery) {
    return listVersions(this.#database, query);
  }

  standings(model: string, metric: string | null) {
    return standings(this.#database, model, metric);
  }

  find(...[model, kind, number, revision]: Parameters<History['find']>) {
    return findRecord(this.#database, model, kind, number, revision);
  }

  findByLabel(model: string, label: string) {
    return findLabelled(this.#database, model, label);
  }

  revisions(model: string, number: number) {
    return revisionsOf(this.#database, model, number);
  }

  curves(model: string, number: number, revision: number) {
    return curvesOf(this.#database, model, number, revision);
  }

  current(worktree: string) {
    return currentIn(this.#database, worktree);
  }

  worktrees() {
    return worktrees(this.#database);
  }

  operations(query: Parameters<History['operations']>[0]) {
    return operationsBefore(this.#database, query);
  }

  operation(id: number) {
    return operationById(this.#database, id);
  }

  logHead() {
    return logHead(this.#database);
  }

  pendingRefs() {
    return pendingRefs(this.#database);
  }

  intents() {
    return intents(this.#database);
  }

  knownFile(worktree: string, path: string) {
    return knownFile(this.#database, worktree, path);
  }

  knownPaths(worktree: string, sha256: string) {
    return knownPaths(this.#database, worktree, sha256);
  }

  allRecords() {
    return everyRecord(this.#database);
  }

  holdersOf(sha256: string) {
    return holdersOf(this.#database, sha256);
  }

  check(options: { full?: boolean } = {}) {
    return checkHistory(this.#database, this.#platform.hashing, options.full === true);
  }

  dataVersion() {
    return this.#database.pragma<number>('data_version');
  }

  async backupTo(path: string): Promise<void> {
    if ((await this.#platform.disk.facts(path)) !== null) {
      throw new Failure('path-occupied', { path, by: [path] });
    }
    await this.#database.backupTo(path);
  }

  close(): void {
    this.#database.close();
    this.#lockFile?.close();
    this.#lockFile = null;
  }
}
