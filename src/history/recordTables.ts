import { Failure } from '../core/failure';
import { canonicalJson } from '../core/operation';
import { requireReference } from '../core/reference';
import { type CurveSet, referenceTo, type VersionKind, type VersionRecord } from '../core/version';
import type { Hashing } from '../platform';
import { encodeCurves } from './curveBlob';
import type { DatabaseFile, Step } from './databaseFile';
import { ensureModel } from './models';
import {
  artifactsOf,
  type Extract,
  extractOf,
  extractValues,
  type RecordRow,
  recordOf,
  rowOf,
} from './recordText';

/** A row of `records`, found by reference. */
export interface FoundRecord {
  readonly id: number;
  readonly version: number;
  readonly model: string;
  readonly kind: VersionKind;
  readonly number: number;
  readonly revision: number;
  readonly withdrawn: string | null;
}

/** Adds a record with all that belongs to it. @throws Failure `record-invalid`, `name-invalid` */
export function insertRecord(
  database: DatabaseFile,
  hashing: Hashing,
  record: VersionRecord,
  curves: CurveSet,
): number {
  const row = rowOf(record);
  const version = ensureVersion(database, record);
  const known = 'SELECT id FROM records WHERE version = ? AND revision = ?';
  if (database.first(known, version, record.revision) !== undefined) {
    const where = referenceTo(record, true);
    throw new Failure('record-invalid', { where, why: 'it is in the history already' });
  }
  const id = database.write(
    'add-record',
    'INSERT INTO records (version, revision, text, withdrawn, curves) VALUES (?, ?, ?, ?, ?)',
    version,
    record.revision,
    row.text,
    row.withdrawn,
    ensureCurves(database, hashing, curves),
  );
  const held = artifactsOf(record).map((sha256) => [sha256, id]);
  const sql = 'INSERT INTO holdings (sha256, record) VALUES (?, ?)';
  if (held.length > 0) database.writeAll('add-holdings', [{ sql, rows: held }]);
  show(database, version);
  return version;
}

/** The row of the number; a new one shows this revision until `show` decides. */
function ensureVersion(database: DatabaseFile, record: VersionRecord): number {
  const model = ensureModel(database, record.model);
  const known = database.first<{ id: number }>(
    'SELECT id FROM versions WHERE model = ? AND kind = ? AND number = ?',
    model,
    record.kind,
    record.number,
  );
  if (known !== undefined) return known.id;
  return database.write(
    'add-version',
    `INSERT INTO versions (model, kind, number, shown, withdrawn, label, created_at, description,
      creator_name, creator_email) VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?)`,
    model,
    record.kind,
    record.number,
    record.revision,
    ...extractValues(extractOf(record)),
  );
}

/** Equal curves are kept once: an update of the description repeats none. */
function ensureCurves(database: DatabaseFile, hashing: Hashing, curves: CurveSet): number | null {
  if (curves.length === 0) return null;
  const bytes = encodeCurves(curves);
  const digest = hashing.sha256Of(bytes);
  const known = database.first<{ id: number }>(
    'SELECT id FROM curve_sets WHERE digest = ?',
    digest,
  );
  if (known !== undefined) return known.id;
  return database.write(
    'add-curves',
    'INSERT INTO curve_sets (digest, curves) VALUES (?, ?)',
    digest,
    bytes,
  );
}

/** Which revision stands for a version: the latest living one; when all are withdrawn, the last. */
export const shownSql = `
  SELECT revision, text, withdrawn FROM records WHERE version = ?
  ORDER BY withdrawn IS NULL DESC, revision DESC LIMIT 1`;

/** Decides anew which revision stands for a version, and extracts from it what listings need. */
function show(database: DatabaseFile, version: number): void {
  const shown = database.first<RecordRow & { revision: number }>(shownSql, version);
  if (shown === undefined) throw new Error(`version ${version} has no record`);
  const extract = extractOf(recordOf(shown));
  const own = [
    shown.revision,
    shown.withdrawn === null ? 0 : 1,
    ...extractValues(extract),
    version,
  ];
  database.writeAll('show-version', [
    {
      sql: `UPDATE versions SET shown = ?, withdrawn = ?, label = ?, created_at = ?,
        description = ?, creator_name = ?, creator_email = ? WHERE id = ?`,
      rows: [own],
    },
    ...valueSteps(version, extract),
  ]);
}

function valueSteps(version: number, { metrics, parameters }: Extract): Step[] {
  const nameId = '(SELECT id FROM names WHERE name = ?)';
  return [
    { sql: 'DELETE FROM metrics WHERE version = ?', rows: [[version]] },
    { sql: 'DELETE FROM parameters WHERE version = ?', rows: [[version]] },
    {
      sql: 'INSERT INTO names (name) VALUES (?) ON CONFLICT DO NOTHING',
      rows: [...metrics, ...parameters].map(({ name }) => [name]),
    },
    {
      sql: `INSERT INTO metrics (version, name, value, stale) VALUES (?, ${nameId}, ?, ?)`,
      rows: metrics.map(({ name, value, stale }) => [version, name, value, stale]),
    },
    {
      sql: `INSERT INTO parameters (version, name, value) VALUES (?, ${nameId}, ?)`,
      rows: parameters.map(({ name, value }) => [version, name, value]),
    },
  ];
}

/** The records that a numbered reference means: one revision, or all. */
export function recordsNamed(database: DatabaseFile, reference: string): FoundRecord[] {
  const { model, selector } = requireReference(reference);
  if (model === null || (selector.kind !== 'version' && selector.kind !== 'backup')) {
    throw new Error(`${reference} does not name a model and a number`);
  }
  const revision = selector.kind === 'version' ? selector.revision : null;
  const found = database.all<FoundRecord>(
    `SELECT r.id AS id, r.version AS version, m.name AS model, v.kind AS kind, v.number AS number,
        r.revision AS revision, r.withdrawn AS withdrawn
      FROM models m JOIN versions v ON v.model = m.id JOIN records r ON r.version = v.id
      WHERE m.name = ? AND v.kind = ? AND v.number = ? ORDER BY r.revision`,
    model,
    selector.kind,
    selector.number,
  );
  const meant = found.filter((record) => revision === null || record.revision === revision);
  if (meant.length === 0) throw new Failure('no-such-version', { reference });
  return meant;
}

/**
 * Sets or takes away the mark of those that are not so already (one named with its revision also
 * gets a new mark in place of its old). Returns those that changed.
 */
export function markRecords(
  database: DatabaseFile,
  reference: string,
  withdrawn: VersionRecord['withdrawn'] | null,
): FoundRecord[] {
  const mark = withdrawn ? canonicalJson(withdrawn) : null;
  const named = recordsNamed(database, reference);
  const changed = named.filter((record) =>
    named.length === 1
      ? record.withdrawn !== mark
      : (record.withdrawn === null) !== (mark === null),
  );
  if (changed.length === 0) return [];
  const rows = changed.map(({ id }) => [mark, id]);
  database.writeAll('set-withdrawn', [
    { sql: 'UPDATE records SET withdrawn = ? WHERE id = ?', rows },
  ]);
  show(database, (changed[0] as FoundRecord).version);
  return changed;
}

/** @throws Failure `label-taken` when another living version of its model shows the same label */
export function requireOwnLabel(database: DatabaseFile, version: number): void {
  const taken = database.first<{ label: string; model: string; kind: VersionKind; number: number }>(
    `SELECT o.label AS label, m.name AS model, o.kind AS kind, o.number AS number
      FROM versions v JOIN models m ON m.id = v.model
      JOIN versions o INDEXED BY versions_by_label ON o.model = v.model AND o.label = v.label
        AND o.kind = 'version' AND o.withdrawn = 0 AND o.label IS NOT NULL
      WHERE v.id = ? AND v.kind = 'version' AND v.withdrawn = 0 AND o.id <> v.id
      ORDER BY o.number LIMIT 1`,
    version,
  );
  if (taken === undefined) return;
  const { label, model } = taken;
  throw new Failure('label-taken', {
    label,
    model,
    version: referenceTo({ ...taken, revision: 1 }),
  });
}
