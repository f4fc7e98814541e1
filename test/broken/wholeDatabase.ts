import { DatabaseSync } from 'node:sqlite';
import { canonicalJson } from '../../src/core/operation';

/**
 * What a rebuild does not bring back: the log begins anew, with one entry that names the heads of
 * the old one; and what was read of files is only there to spare reading them again.
 */
const mayDiffer = new Set(['operations', 'known_files']);

/** Every row of every table of a database, in an order of their own; bytes in hexadecimal. */
export function wholeDatabase(path: string): Record<string, readonly string[]> {
  const opened = new DatabaseSync(path, { readOnly: true });
  try {
    const tables = opened
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .all()
      .map(({ name }) => String(name))
      .filter((name) => !mayDiffer.has(name));
    return Object.fromEntries(tables.map((name) => [name, rowsOf(opened, name)]));
  } finally {
    opened.close();
  }
}

function rowsOf(opened: DatabaseSync, table: string): string[] {
  const all = opened.prepare(`SELECT * FROM "${table}"`);
  all.setReadBigInts(true);
  const plain = (value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : `${value}`;
  return all
    .all()
    .map((row) =>
      canonicalJson(Object.fromEntries(Object.entries(row).map(([key, v]) => [key, plain(v)]))),
    )
    .sort();
}
