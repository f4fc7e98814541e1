import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';
import { Failure } from '../core/failure';
import { fold } from '../core/fold';

export type Connection = BetterSqlite3.Database;
export type Driver = typeof BetterSqlite3;

const neededInterface = 10;

/**
 * Loads the SQLite driver at the first need. It speaks Node-API 10; on a runtime without that,
 * loading it would end the process, so this is checked first. @throws Failure `runtime-too-old`
 */
export async function loadDriver(
  versions: NodeJS.ProcessVersions = process.versions,
): Promise<Driver> {
  if (!(Number(versions['napi']) >= neededInterface)) {
    throw new Failure('runtime-too-old', {
      found: `Node ${versions.node} with Node-API ${versions['napi'] ?? 'unknown'}`,
      needed: `Node 22.14 with Node-API ${neededInterface}`,
    });
  }
  // Code that is loaded from a cache of compiled code may require, and not import.
  const driver: Driver = createRequire(__filename)('better-sqlite3');
  return driver;
}

// Durable before a commit returns, also on macOS, whose plain fsync does not reach the platter.
// What lies in a database file is data: no function of a foreign schema runs (trusted_schema), and
// no page is believed without a look (cell_size_check). Without cache_spill a large transaction
// keeps readers out only while it commits, also with a rollback journal.
const settings = [
  'foreign_keys = ON',
  'recursive_triggers = ON',
  'synchronous = FULL',
  'fullfsync = ON',
  'checkpoint_fullfsync = ON',
  'trusted_schema = OFF',
  'cell_size_check = ON',
  'cache_spill = OFF',
  'temp_store = MEMORY',
  `journal_size_limit = ${16 * 1024 * 1024}`,
];

/** Sets what every connection needs, and the function that searches use; none is kept in the file. */
export function configure(connection: Connection): Connection {
  connection.function('fold', { deterministic: true }, (text: unknown) => fold(String(text)));
  for (const setting of settings) connection.pragma(setting);
  return connection;
}
