import { Failure } from '../core/failure';
import { openSeam, type Platform } from '../platform';
import { asDatabase } from './databaseFailure';
import { DatabaseFile, type Value } from './databaseFile';
import { loadDriver } from './driver';

/** Another program's SQLite file, opened to be read. */
export interface ForeignDatabase {
  /** The names of its tables. */
  tables(): Set<string>;
  all<T>(sql: string, ...values: Value[]): T[];
  close(): void;
}

/**
 * Opens another program's database. Nothing is written: a journal that its owner left unfinished is
 * not rolled back, and no file is made beside it. Functions of its schema do not run.
 * @throws Failure `no-such-file`; `unreadable` for what is no database
 */
export async function openForeign(platform: Platform, path: string): Promise<ForeignDatabase> {
  const facts = await platform.disk.followedFacts(path);
  if (facts?.kind !== 'file') throw new Failure('no-such-file', { path });
  const driver = await loadDriver();
  try {
    const connection = new driver(path, { readonly: true, fileMustExist: true, timeout: 2_000 });
    const file = new DatabaseFile(path, connection, openSeam);
    asDatabase(path, () => {
      for (const setting of ['trusted_schema = OFF', 'cell_size_check = ON', 'query_only = ON']) {
        connection.pragma(setting);
      }
      // The first read tells whether it is a database at all.
      connection.pragma('schema_version');
    });
    return {
      tables: () => readable(path, () => tablesOf(file)),
      all: (sql, ...values) => readable(path, () => file.all(sql, ...values)),
      close: () => file.close(),
    };
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Pages may be damaged, and a table of an unknown release may have other columns. */
function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, cause: unknown): Failure {
  const why = 'it is no SQLite database that can be read';
  return new Failure('unreadable', { path, why }, { cause });
}

function tablesOf(file: DatabaseFile): Set<string> {
  const rows = file.all<{ name: string }>(`SELECT name FROM sqlite_schema WHERE type = 'table'`);
  return new Set(rows.map(({ name }) => name));
}
