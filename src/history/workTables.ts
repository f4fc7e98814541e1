import { referenceTo, type VersionKind } from '../core/version';
import type { DatabaseFile } from './databaseFile';
import type { CurrentRow, IntentRow, KnownFile, PendingRef } from './history';
import { modelId } from './models';
import { recordsNamed } from './recordTables';

/** The version that each model's working files came from, in one worktree. */
export function currentIn(database: DatabaseFile, worktree: string): CurrentRow[] {
  const rows = database.all<{
    model: string;
    kind: VersionKind;
    number: number;
    revision: number;
  }>(
    `SELECT m.name AS model, v.kind AS kind, v.number AS number, r.revision AS revision
      FROM current_versions c JOIN models m ON m.id = c.model
      JOIN records r ON r.id = c.record JOIN versions v ON v.id = r.version
      WHERE c.worktree = ? ORDER BY m.name`,
    worktree,
  );
  return rows.map((row) => ({ model: row.model, version: referenceTo(row, true) }));
}

/** The worktrees in which any version is current, sorted. */
export function worktrees(database: DatabaseFile): string[] {
  const sql = 'SELECT DISTINCT worktree FROM current_versions ORDER BY worktree';
  return database.all<{ worktree: string }>(sql).map(({ worktree }) => worktree);
}

/** Without a revision in the reference the version's last one is meant; `null` forgets. */
export function setCurrent(
  database: DatabaseFile,
  worktree: string,
  model: string,
  version: string | null,
): void {
  const id = modelId(database, model);
  if (version === null) {
    const sql = 'DELETE FROM current_versions WHERE worktree = ? AND model = ?';
    database.write('clear-current', sql, worktree, id);
    return;
  }
  const record = recordsNamed(database, version).at(-1);
  if (record === undefined || modelId(database, record.model) !== id) {
    throw new Error(`${version} is no version of ${model}`);
  }
  database.write(
    'set-current',
    `INSERT INTO current_versions (worktree, model, record) VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET record = excluded.record`,
    worktree,
    id,
    record.id,
  );
}

export function pendingRefs(database: DatabaseFile): PendingRef[] {
  return database.all<PendingRef>(
    'SELECT id, ref, from_oid AS "from", to_oid AS "to" FROM pending_refs ORDER BY id',
  );
}

export function addPendingRef(database: DatabaseFile, pending: Omit<PendingRef, 'id'>): number {
  return database.write(
    'add-pending-ref',
    'INSERT INTO pending_refs (ref, from_oid, to_oid) VALUES (?, ?, ?)',
    pending.ref,
    pending.from,
    pending.to,
  );
}

export function clearPendingRef(database: DatabaseFile, id: number): void {
  database.write('clear-pending-ref', 'DELETE FROM pending_refs WHERE id = ?', id);
}

export function intents(database: DatabaseFile): IntentRow[] {
  const rows = database.all<Omit<IntentRow, 'payload'> & { payload: string }>(
    'SELECT id, kind, worktree, payload FROM intents ORDER BY id',
  );
  return rows.map((row) => ({ ...row, payload: JSON.parse(row.payload) }));
}

export function addIntent(database: DatabaseFile, intent: Omit<IntentRow, 'id'>): number {
  return database.write(
    'add-intent',
    'INSERT INTO intents (kind, worktree, payload) VALUES (?, ?, ?)',
    intent.kind,
    intent.worktree,
    JSON.stringify(intent.payload),
  );
}

export function clearIntent(database: DatabaseFile, id: number): void {
  database.write('clear-intent', 'DELETE FROM intents WHERE id = ?', id);
}

interface KnownFileRow {
  readonly size: bigint;
  readonly modified: bigint;
  readonly changed: bigint;
  readonly inode: bigint;
  readonly readAt: bigint;
  readonly sha256: string;
}

export function knownFile(
  database: DatabaseFile,
  worktree: string,
  path: string,
): KnownFile | null {
  const row = database.firstExact<KnownFileRow>(
    `SELECT size, modified, changed, inode, read_at AS readAt, sha256 FROM known_files
      WHERE worktree = ? AND path = ?`,
    worktree,
    path,
  );
  if (row === undefined) return null;
  const inode = BigInt.asUintN(64, row.inode);
  return { ...row, worktree, path, inode, size: Number(row.size) };
}

/** Paths of a worktree where a file had these bytes when it was last read. */
export function knownPaths(database: DatabaseFile, worktree: string, sha256: string): string[] {
  return database
    .all<{ path: string }>(
      'SELECT path FROM known_files WHERE worktree = ? AND sha256 = ? ORDER BY path',
      worktree,
      sha256,
    )
    .map(({ path }) => path);
}

/** SQLite's integers are signed; an inode may need all 64 bits. */
export function rememberFile(database: DatabaseFile, file: KnownFile): void {
  database.write(
    'remember-file',
    `INSERT INTO known_files (worktree, path, size, modified, changed, inode, read_at, sha256)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET size = excluded.size, modified = excluded.modified,
        changed = excluded.changed, inode = excluded.inode, read_at = excluded.read_at,
        sha256 = excluded.sha256`,
    file.worktree,
    file.path,
    BigInt(file.size),
    file.modified,
    file.changed,
    BigInt.asIntN(64, file.inode),
    file.readAt,
    file.sha256,
  );
}
