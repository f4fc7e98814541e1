import type BetterSqlite3 from 'better-sqlite3';
import type { WriteKind, WriteSeam } from '../platform';
import { asDatabase, databaseError } from './databaseFailure';
import type { Connection } from './driver';

export type Value = string | number | bigint | null | Uint8Array;
type Statement = BetterSqlite3.Statement<Value[], unknown>;

/** One statement and the values of each of its runs. */
export interface Step {
  readonly sql: string;
  readonly rows: readonly (readonly Value[])[];
}

/** Statements kept prepared; those of listings differ with every filter, so there is a bound. */
const statementsKept = 200;

/**
 * One connection. Every statement that changes something passes the write seam under its name,
 * every error arrives as a failure, and a transaction is committed or undone in one place.
 */
export class DatabaseFile {
  readonly path: string;
  readonly #connection: Connection;
  readonly #seam: WriteSeam;
  readonly #prepared = new Map<string, Statement>();

  constructor(path: string, connection: Connection, seam: WriteSeam) {
    this.path = path;
    this.#connection = connection;
    this.#seam = seam;
  }

  get inTransaction(): boolean {
    return this.#connection.inTransaction;
  }

  /** @param exact integers are `bigint`; said once, for a statement that is told again begins anew */
  #statement(sql: string, exact = false): Statement {
    const key = exact ? `exact ${sql}` : sql;
    const known = this.#prepared.get(key);
    if (known !== undefined) return known;
    if (this.#prepared.size >= statementsKept) this.#prepared.clear();
    const prepared = this.#connection.prepare<Value[], unknown>(sql).safeIntegers(exact);
    this.#prepared.set(key, prepared);
    return prepared;
  }

  #pass(kind: WriteKind, target: string): void {
    const fault = this.#seam.before({ kind, target });
    if (fault !== null) throw fault.error;
  }

  /** The first row of a query. */
  first<T>(sql: string, ...values: Value[]): T | undefined {
    return asDatabase(this.path, () => this.#statement(sql).get(...values) as T | undefined);
  }

  all<T>(sql: string, ...values: Value[]): T[] {
    return asDatabase(this.path, () => this.#statement(sql).all(...values) as T[]);
  }

  /** As `all`, with each row as the list of its columns: of long tables that is half the work. */
  allRaw<T>(sql: string, ...values: Value[]): T[] {
    return asDatabase(this.path, () => {
      return this.#statement(sql)
        .raw()
        .all(...values) as T[];
    });
  }

  /** As `first`, with integers as `bigint`. */
  firstExact<T>(sql: string, ...values: Value[]): T | undefined {
    return asDatabase(this.path, () => this.#statement(sql, true).get(...values) as T | undefined);
  }

  /** The value of a pragma that reads. */
  pragma<T>(text: string): T {
    return asDatabase(this.path, () => this.#connection.pragma(text, { simple: true }) as T);
  }

  /** Changes something, under a name for the seam; returns the row's id where one was added. */
  write(name: string, sql: string, ...values: Value[]): number {
    return asDatabase(this.path, () => {
      this.#pass('database.write', name);
      return Number(this.#statement(sql).run(...values).lastInsertRowid);
    });
  }

  /** Statements that belong together, each for many rows, as one call of the seam. */
  writeAll(name: string, steps: readonly Step[]): void {
    asDatabase(this.path, () => {
      this.#pass('database.write', name);
      for (const { sql, rows } of steps) {
        const statement = this.#statement(sql);
        for (const row of rows) statement.run(...row);
      }
    });
  }

  /** Statements without values (a schema, a pragma that writes), one call of the seam. */
  execute(name: string, sql: string): void {
    asDatabase(this.path, () => {
      this.#pass('database.write', name);
      this.#connection.exec(sql);
    });
  }

  /** Several reads of one state. */
  read<T>(work: () => T): T {
    if (this.inTransaction) return work();
    // There is nothing to commit, and undoing nothing works in a damaged file too.
    return this.#between('BEGIN DEFERRED', work);
  }

  /** Writes that take effect together, when the last of them succeeded, or not at all. */
  transaction<T>(name: string, work: () => T): T {
    if (this.inTransaction) throw new Error('a transaction is open already');
    asDatabase(this.path, () => this.#pass('database.begin', name));
    return this.#between('BEGIN IMMEDIATE', () => {
      const result = work();
      if (result instanceof Promise) throw new Error('a transaction cannot wait for a promise');
      asDatabase(this.path, () => this.#pass('database.commit', name));
      this.#run('COMMIT');
      return result;
    });
  }

  #run(sql: string): void {
    asDatabase(this.path, () => this.#statement(sql).run());
  }

  #between<T>(begin: string, work: () => T): T {
    this.#run(begin);
    try {
      return work();
    } finally {
      // Still open after reads, and when something was thrown: an error, a fault, a refused commit.
      if (this.inTransaction) this.#run('ROLLBACK');
    }
  }

  /** All bytes of the database as SQLite sees them now. */
  serialize(): Buffer {
    return asDatabase(this.path, () => this.#connection.serialize());
  }

  async backupTo(path: string): Promise<void> {
    try {
      this.#pass('database.write', 'backup');
      await this.#connection.backup(path);
    } catch (error) {
      throw databaseError(path, error);
    }
  }

  /** An open transaction is undone. */
  close(): void {
    this.#prepared.clear();
    this.#connection.close();
  }
}
