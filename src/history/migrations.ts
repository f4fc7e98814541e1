import { Failure } from '../core/failure';
import type { DatabaseFile } from './databaseFile';
import { firstSchema } from './firstSchema';
import { runSchema } from './runSchema';

/** Brings a database from the number before to its own. Once released, never changed. */
export interface Migration {
  readonly number: number;
  readonly statements: string;
}

/** In order, without gaps, from 1. */
export const migrations: readonly Migration[] = [
  { number: 1, statements: firstSchema },
  { number: 2, statements: runSchema },
];

/** SQLite's `application_id` of our databases: "Carn". */
export const applicationId = 0x4361726e;

/** How far a database file is. */
export interface SchemaState {
  /** The last migration that was applied; 0 in a new file. */
  readonly found: number;
  readonly supported: number;
}

/**
 * Looks whose database it is and how far.
 * @throws Failure `database-newer`, `database-damaged` (also for another program's database)
 */
export function schemaState(
  database: DatabaseFile,
  known: readonly Migration[] = migrations,
): SchemaState {
  const found = database.pragma<number>('user_version');
  const owner = database.pragma<number>('application_id');
  const supported = known.length;
  const objects = database.first<{ count: number }>('SELECT count(*) AS count FROM sqlite_schema');
  const isNew = found === 0 && objects?.count === 0 && (owner === 0 || owner === applicationId);
  if (!isNew && (owner !== applicationId || found < 1)) {
    const why = 'it is a database of another program';
    throw new Failure('database-damaged', { path: database.path, why });
  }
  if (found > supported) {
    throw new Failure('database-newer', { path: database.path, found, supported });
  }
  return { found, supported };
}

/**
 * Applies what is missing, all in one transaction, under the writer's lock.
 * @throws Failure as `schemaState`; `database-damaged` when foreign keys break on the way
 */
export function migrate(database: DatabaseFile, known: readonly Migration[] = migrations): void {
  const { found, supported } = schemaState(database, known);
  if (found === supported) return;
  // A migration may rebuild a table that others refer to; this pragma works only outside.
  database.pragma('foreign_keys = OFF');
  try {
    database.transaction('migration', () => {
      for (const migration of known.slice(found)) apply(database, migration);
      requireForeignKeys(database);
    });
  } finally {
    database.pragma('foreign_keys = ON');
  }
}

function apply(database: DatabaseFile, { number, statements }: Migration): void {
  database.execute(
    `migration-${number}`,
    `${statements};
    PRAGMA application_id = ${applicationId};
    PRAGMA user_version = ${number};`,
  );
}

function requireForeignKeys(database: DatabaseFile): void {
  const broken = database.first<{ table: string }>('PRAGMA foreign_key_check');
  if (broken === undefined) return;
  const why = `rows of "${broken.table}" refer to nothing`;
  throw new Failure('database-damaged', { path: database.path, why });
}
