import { Failure } from '../core/failure';
import { errnoOf } from '../platform';

function sqliteCodeOf(thrown: unknown): string | null {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : null;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null;
}

const damaged = /^SQLITE_(?:CORRUPT|NOTADB)/;
const busy = /^SQLITE_(?:BUSY|LOCKED)/;
const disk = /^SQLITE_(?:IOERR|CANTOPEN|READONLY|PROTOCOL|PERM|AUTH|NOLFS)/;
// The last: the shared memory beside a write-ahead log could not grow.
const full = new Set(['SQLITE_FULL', 'ENOSPC', 'EDQUOT', 'EFBIG', 'SQLITE_IOERR_SHMSIZE']);

/** How long a statement waits for another connection before it is called busy, in milliseconds. */
export const busyMilliseconds = 2_000;

/**
 * The failure that an error of SQLite or of the system becomes. Everything else (a broken
 * constraint, a statement that does not parse) is a bug and comes back as it is.
 */
export function databaseError(path: string, thrown: unknown): unknown {
  const code = sqliteCodeOf(thrown) ?? errnoOf(thrown);
  if (code === null || thrown instanceof Failure) return thrown;
  const cause = { cause: thrown };
  if (full.has(code)) return new Failure('disk-full', { path, needed: null, free: null }, cause);
  if (damaged.test(code)) {
    return new Failure('database-damaged', { path, why: (thrown as Error).message }, cause);
  }
  if (busy.test(code)) return new Failure('lock-held', { path, waited: busyMilliseconds }, cause);
  if (disk.test(code) || !code.startsWith('SQLITE_')) {
    return new Failure('disk-failed', { operation: 'database', path, errno: code }, cause);
  }
  return thrown;
}

/** Runs calls of the driver; their errors become failures. */
export function asDatabase<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw databaseError(path, error);
  }
}

/** Whether it is SQLite saying that somebody else holds the lock right now. */
export function isBusy(thrown: unknown): boolean {
  return busy.test(sqliteCodeOf(thrown) ?? '');
}
