import { referenceTo, type VersionKind } from '../core/version';
import type { Hashing } from '../platform';
import type { DatabaseFile } from './databaseFile';
import type { HistoryWriter } from './history';
import { ensureModel, setPrimary, setTip } from './models';
import { appendOperation } from './operationLog';
import { insertRecord, markRecords, requireOwnLabel } from './recordTables';
import { runWriter } from './runWriting';
import {
  addIntent,
  addPendingRef,
  clearIntent,
  clearPendingRef,
  rememberFile,
  setCurrent,
} from './workTables';

/** Runs `work` in one transaction, with the writer that is good for just as long. */
export function transact<T>(
  database: DatabaseFile,
  hashing: Hashing,
  work: (writer: HistoryWriter) => T,
): T {
  return database.transaction('transaction', () => {
    const touched = new Set<number>();
    const { proxy, revoke } = Proxy.revocable(writerOn(database, hashing, touched), {});
    try {
      const result = work(proxy);
      for (const version of touched) requireOwnLabel(database, version);
      return result;
    } finally {
      revoke();
    }
  });
}

/** `touched` collects the versions whose label may collide when all is done. */
function writerOn(database: DatabaseFile, hashing: Hashing, touched: Set<number>): HistoryWriter {
  return {
    nextNumber: (model, kind) => nextNumber(database, model, kind),
    addRecord: ({ record, curves }) => {
      touched.add(insertRecord(database, hashing, record, curves));
    },
    setWithdrawn: (reference, withdrawn) => {
      const changed = markRecords(database, reference, withdrawn);
      for (const { version } of changed) touched.add(version);
      return changed.map((record) => referenceTo(record, true));
    },
    setPrimary: (model, primary) => setPrimary(database, ensureModel(database, model), primary),
    addModel: (model) => {
      ensureModel(database, model);
    },
    setTip: (model, commit) => setTip(database, ensureModel(database, model), commit),
    setCurrent: (worktree, model, version) => setCurrent(database, worktree, model, version),
    appendOperation: (draft) => appendOperation(database, hashing, draft),
    addPendingRef: (pending) => addPendingRef(database, pending),
    clearPendingRef: (id) => clearPendingRef(database, id),
    addIntent: (intent) => addIntent(database, intent),
    clearIntent: (id) => clearIntent(database, id),
    rememberFile: (file) => rememberFile(database, file),
    runs: runWriter(database),
    clear: () => {
      clear(database);
      touched.clear();
    },
  };
}

function nextNumber(database: DatabaseFile, model: string, kind: VersionKind): number {
  const last = database.first<{ number: number | null }>(
    `SELECT max(number) AS number FROM versions
      WHERE model = (SELECT id FROM models WHERE name = ?) AND kind = ?`,
    model,
    kind,
  );
  return (last?.number ?? 0) + 1;
}

/** Empties every table but those of runs, which Git holds nothing of. The triggers that forbid it are away meanwhile, in this transaction only. */
function clear(database: DatabaseFile): void {
  const triggers = database.all<{ name: string; sql: string }>(
    `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'`,
  );
  const tables = database.all<{ name: string }>(
    `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'
      AND name <> 'runs' AND name NOT LIKE 'run\\_%' ESCAPE '\\'`,
  );
  const statements = [
    'PRAGMA defer_foreign_keys = ON',
    ...triggers.map(({ name }) => `DROP TRIGGER "${name}"`),
    ...tables.map(({ name }) => `DELETE FROM "${name}"`),
    ...triggers.map(({ sql }) => sql),
  ];
  database.execute('clear', statements.join(';\n'));
}
