import {
  canonicalJson,
  logRoot,
  type Operation,
  type OperationDraft,
  operationText,
} from '../core/operation';
import type { Hashing } from '../platform';
import type { DatabaseFile } from './databaseFile';
import type { HistoryProblem } from './history';

interface Row {
  readonly id: number;
  readonly previous: string;
  readonly sha256: string;
  readonly text: string;
}

function operationOf({ text, sha256 }: Row): Operation {
  const operation: Omit<Operation, 'sha256'> = JSON.parse(text);
  return { ...operation, sha256 };
}

/** The SHA-256 of the last entry. */
export function logHead(database: DatabaseFile): string {
  const sql = 'SELECT sha256 FROM operations ORDER BY id DESC LIMIT 1';
  return database.first<{ sha256: string }>(sql)?.sha256 ?? logRoot;
}

/** Chains one more entry to the log. */
export function appendOperation(
  database: DatabaseFile,
  hashing: Hashing,
  draft: OperationDraft,
): Operation {
  const last = database.first<{ id: number }>('SELECT max(id) AS id FROM operations');
  const id = (last?.id ?? 0) + 1;
  const previous = logHead(database);
  const text = operationText({ ...draft, id, previous });
  const sha256 = hashing.sha256Of(text);
  database.write(
    'append-operation',
    'INSERT INTO operations (id, previous, sha256, text) VALUES (?, ?, ?, ?)',
    id,
    previous,
    sha256,
    text,
  );
  return operationOf({ id, previous, sha256, text });
}

/** Newest first. */
export function operationsBefore(
  database: DatabaseFile,
  { limit = -1, offset = 0, before }: { limit?: number; offset?: number; before?: number },
): Operation[] {
  const rows = database.all<Row>(
    'SELECT * FROM operations WHERE id < ? ORDER BY id DESC LIMIT ? OFFSET ?',
    before ?? Number.MAX_SAFE_INTEGER,
    limit,
    offset,
  );
  return rows.map(operationOf);
}

export function operationById(database: DatabaseFile, id: number): Operation | null {
  const row = database.first<Row>('SELECT * FROM operations WHERE id = ?', id);
  return row === undefined ? null : operationOf(row);
}

const pageLength = 500;

/** Recomputes the chain from its root. */
export function checkLog(database: DatabaseFile, hashing: Hashing): HistoryProblem[] {
  const problems: HistoryProblem[] = [];
  let last = { id: 0, sha256: logRoot };
  for (;;) {
    const rows = database.all<Row>(
      `SELECT * FROM operations WHERE id > ? ORDER BY id LIMIT ${pageLength}`,
      last.id,
    );
    for (const row of rows) {
      problems.push(
        ...whatIsWrong(row, last, hashing).map((what) => ({ code: 'log-broken' as const, what })),
      );
      last = row;
    }
    if (rows.length < pageLength) return problems;
  }
}

function whatIsWrong(row: Row, last: { id: number; sha256: string }, hashing: Hashing): string[] {
  const wrong: string[] = [];
  const entry = `entry ${row.id} of the log`;
  if (row.id !== last.id + 1)
    wrong.push(`entries ${last.id + 1} to ${row.id - 1} of the log are gone`);
  if (row.previous !== last.sha256) wrong.push(`${entry} does not follow the one before it`);
  if (hashing.sha256Of(row.text) !== row.sha256) wrong.push(`${entry} does not match its digest`);
  else if (!agrees(row)) wrong.push(`${entry} does not agree with its own text`);
  return wrong;
}

function agrees(row: Row): boolean {
  const { sha256: _, ...operation } = operationOf(row);
  const same = operation.id === row.id && operation.previous === row.previous;
  return same && canonicalJson(operation) === row.text;
}
