import { type Failure, isFailure } from '../core/failure';
import { referenceTo, type VersionKind } from '../core/version';
import type { Hashing } from '../platform';
import { checkRecords, checkVersions } from './checkRecords';
import type { DatabaseFile } from './databaseFile';
import type { HistoryProblem } from './history';
import { checkLog } from './operationLog';

/** Problems told before the rest is left out; a torn file has thousands. */
const enough = 100;

type Check = (database: DatabaseFile, hashing: Hashing) => HistoryProblem[];

/** Everything that can be told from the database alone, of one state of it. */
export function checkHistory(
  database: DatabaseFile,
  hashing: Hashing,
  full: boolean,
): HistoryProblem[] {
  const checks: Check[] = [
    full ? checkFile('integrity_check') : checkFile('quick_check'),
    checkForeignKeys,
    checkLog,
    checkRecords,
    checkVersions,
    checkCurves,
  ];
  return database.read(() => checks.flatMap((check) => attempt(check, database, hashing)));
}

/** A check that stumbles over a torn page has found something too; the others still run. */
function attempt(check: Check, database: DatabaseFile, hashing: Hashing): HistoryProblem[] {
  try {
    return check(database, hashing);
  } catch (error) {
    if (!isFailure(error, 'database-damaged')) throw error;
    return [damage((error as Failure<'database-damaged'>).data.why)];
  }
}

function damage(what: string): HistoryProblem {
  return { code: 'database-damaged', what };
}

function checkFile(pragma: 'integrity_check' | 'quick_check'): Check {
  return (database) => {
    const rows = database.all<Record<string, string>>(`PRAGMA ${pragma}(${enough})`);
    const found = rows.flatMap((row) => Object.values(row)).filter((text) => text !== 'ok');
    return found.map(damage);
  };
}

function checkForeignKeys(database: DatabaseFile): HistoryProblem[] {
  const rows = database.all<{ table: string; parent: string; rowid: number | null }>(
    'PRAGMA foreign_key_check',
  );
  return rows.slice(0, enough).map(({ table, parent, rowid }) => ({
    code: 'foreign-key-broken',
    what: `row ${rowid ?? '?'} of "${table}" refers to a row of "${parent}" that is not there`,
  }));
}

function checkCurves(database: DatabaseFile, hashing: Hashing): HistoryProblem[] {
  const ids = database.all<{ id: number }>('SELECT id FROM curve_sets ORDER BY id');
  return ids.flatMap(({ id }) => {
    const row = database.first<{ digest: string; curves: Uint8Array }>(
      'SELECT digest, curves FROM curve_sets WHERE id = ?',
      id,
    );
    if (row === undefined || hashing.sha256Of(row.curves) === row.digest) return [];
    const what = `the curves of ${holderOfCurves(database, id)} do not match their digest`;
    return [{ code: 'curves-damaged', what }];
  });
}

function holderOfCurves(database: DatabaseFile, id: number): string {
  const row = database.first<{
    model: string;
    kind: VersionKind;
    number: number;
    revision: number;
  }>(
    `SELECT m.name AS model, v.kind AS kind, v.number AS number, r.revision AS revision
      FROM records r JOIN versions v ON v.id = r.version JOIN models m ON m.id = v.model
      WHERE r.curves = ? ORDER BY r.id LIMIT 1`,
    id,
  );
  return row === undefined ? 'no version' : referenceTo(row, true);
}
