import { Failure } from '../core/failure';
import { fold } from '../core/fold';
import { type CurveSet, referenceTo, type VersionKind, type VersionRecord } from '../core/version';
import { decodeCurves } from './curveBlob';
import type { DatabaseFile } from './databaseFile';
import type { VersionPage, VersionQuery } from './history';
import { recordOf as parseRecord, type RecordRow } from './recordText';
import { listing } from './versionListing';

/** @throws Failure `database-damaged` */
function recordOf(database: DatabaseFile, row: RecordRow): VersionRecord {
  try {
    return parseRecord(row);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const why = `a record is not JSON (${error.message})`;
    throw new Failure('database-damaged', { path: database.path, why }, { cause: error });
  }
}

const named = 'v.model = (SELECT id FROM models WHERE name = ?) AND v.kind = ? AND v.number = ?';

/** One record; without `revision` the one that stands for the version. */
export function findRecord(
  database: DatabaseFile,
  model: string,
  kind: VersionKind,
  number: number,
  revision?: number,
): VersionRecord | null {
  const row = database.first<RecordRow>(
    `SELECT r.text AS text, r.withdrawn AS withdrawn FROM versions v
      JOIN records r ON r.version = v.id AND r.revision = ifnull(?, v.shown) WHERE ${named}`,
    revision ?? null,
    model,
    kind,
    number,
  );
  return row === undefined ? null : recordOf(database, row);
}

export function findLabelled(
  database: DatabaseFile,
  model: string,
  label: string,
): VersionRecord | null {
  const row = database.first<RecordRow>(
    `SELECT r.text AS text, r.withdrawn AS withdrawn FROM versions v INDEXED BY versions_by_label
      JOIN records r ON r.version = v.id AND r.revision = v.shown
      WHERE v.model = (SELECT id FROM models WHERE name = ?) AND v.label = ?
        AND v.kind = 'version' AND v.withdrawn = 0 AND v.label IS NOT NULL`,
    model,
    label,
  );
  return row === undefined ? null : recordOf(database, row);
}

/** Of a version, oldest first. */
export function revisionsOf(
  database: DatabaseFile,
  model: string,
  number: number,
): VersionRecord[] {
  const rows = database.all<RecordRow>(
    `SELECT r.text AS text, r.withdrawn AS withdrawn FROM versions v
      JOIN records r ON r.version = v.id WHERE ${named} ORDER BY r.revision`,
    model,
    'version',
    number,
  );
  return rows.map((row) => recordOf(database, row));
}

/** Empty where the revision is not there or has none. @throws Failure `database-damaged` */
export function curvesOf(
  database: DatabaseFile,
  model: string,
  number: number,
  revision: number,
): CurveSet {
  const row = database.first<{ curves: Uint8Array }>(
    `SELECT c.curves AS curves FROM versions v
      JOIN records r ON r.version = v.id AND r.revision = ? JOIN curve_sets c ON c.id = r.curves
      WHERE ${named}`,
    revision,
    model,
    'version',
    number,
  );
  if (row === undefined) return [];
  try {
    return decodeCurves(row.curves);
  } catch (error) {
    // What the decoder throws at bytes that it did not make; the digest finds them in `check`.
    if (
      !(error instanceof RangeError || error instanceof SyntaxError || error instanceof TypeError)
    )
      throw error;
    const where = referenceTo({ model, kind: 'version', number, revision }, true);
    const why = `the curves of ${where} cannot be read (${error.message})`;
    throw new Failure('database-damaged', { path: database.path, why }, { cause: error });
  }
}

/** One page of a listing and how many there are in all, of one state of the database. */
export function listVersions(database: DatabaseFile, query: VersionQuery): VersionPage {
  return database.read(() => {
    const { rows, count } = listing(
      query,
      (name) => nameId(database, name),
      (folded) => namesWith(database, folded),
    );
    const page = database.all<{ version: number; shown: number }>(rows.sql, ...rows.values);
    const records = page.map(({ version, shown }) => shownRecord(database, version, shown));
    const first = query.offset ?? 0;
    const isLast = query.limit === undefined || page.length < query.limit;
    if (isLast && (page.length > 0 || first === 0)) return { records, total: first + page.length };
    const counted = database.first<{ total: number }>(count.sql, ...count.values);
    return { records, total: counted?.total ?? 0 };
  });
}

function nameId(database: DatabaseFile, name: string): number | null {
  return database.first<{ id: number }>('SELECT id FROM names WHERE name = ?', name)?.id ?? null;
}

function namesWith(database: DatabaseFile, folded: string): number[] {
  const names = database.all<{ id: number; name: string }>('SELECT id, name FROM names');
  return names.filter(({ name }) => fold(name).includes(folded)).map(({ id }) => id);
}

function shownRecord(database: DatabaseFile, version: number, revision: number): VersionRecord {
  const sql = 'SELECT text, withdrawn FROM records WHERE version = ? AND revision = ?';
  const row = database.first<RecordRow>(sql, version, revision);
  if (row !== undefined) return recordOf(database, row);
  const why = 'a version shows a revision that is not there';
  throw new Failure('database-damaged', { path: database.path, why });
}

const pageLength = 200;

/** Page by page, so that nothing keeps the database busy while the caller works on a record. */
export function* everyRecord(database: DatabaseFile): IterableIterator<VersionRecord> {
  for (let last = 0; ; ) {
    const rows = database.all<RecordRow & { id: number }>(
      `SELECT id, text, withdrawn FROM records WHERE id > ? ORDER BY id LIMIT ${pageLength}`,
      last,
    );
    yield* rows.map((row) => recordOf(database, row));
    if (rows.length < pageLength) return;
    last = rows.at(-1)?.id ?? last;
  }
}

/** References, with revision, of the living records that name an artifact. */
export function holdersOf(database: DatabaseFile, sha256: string): string[] {
  const rows = database.all<{
    model: string;
    kind: VersionKind;
    number: number;
    revision: number;
  }>(
    `SELECT m.name AS model, v.kind AS kind, v.number AS number, r.revision AS revision
      FROM holdings h JOIN records r ON r.id = h.record JOIN versions v ON v.id = r.version
      JOIN models m ON m.id = v.model
      WHERE h.sha256 = ? AND r.withdrawn IS NULL
      ORDER BY m.name, v.kind DESC, v.number, r.revision`,
    sha256,
  );
  return rows.map((row) => referenceTo(row, true));
}
