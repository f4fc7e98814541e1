import type { RunRecord, RunSeries } from '../core/run';
import { toJsonNumber } from '../core/version';
import type { DatabaseFile, Value } from './databaseFile';
import { type RecordRow, recordOf } from './recordText';
import type { RunHistory, RunPage, RunQuery } from './runHistory';
import { beginningOfRun, curvesOf, timedCurvesOf } from './runSampling';
import { runRow } from './runWriting';

interface Row {
  readonly text: string;
  readonly taken: number;
  readonly deleted: number;
}

/** What is known of runs. */
export function runHistory(database: DatabaseFile): RunHistory {
  return {
    list: (query) => listRuns(database, query),
    find: (id) => findRun(database, id),
    begunWith: (beginning) =>
      textsOf(
        database,
        'WHERE deleted = 0 AND substr(name, 1, ?) = ? ORDER BY name LIMIT 10',
        beginning.length,
        beginning,
      ),
    settled: () => settledRuns(database),
    waiting: () => textsOf(database, 'WHERE deleted = 0 AND waiting = 1 ORDER BY started_at, name'),
    series: (id, most = -1) => seriesOf(database, id, most),
    lastValues: () =>
      database.all(
        `SELECT r.name AS run, s.name AS name, s.last_value AS value
          FROM runs r JOIN run_series s ON s.run = r.id WHERE r.deleted = 0`,
      ),
    highestStep: (id) =>
      database.first<{ step: number | null }>(
        `SELECT max(s.last_step) AS step FROM run_series s JOIN runs r ON r.id = s.run
          WHERE r.name = ?`,
        id,
      )?.step ?? null,
    curves: (id, query) => {
      const run = runRow(database, id);
      return run === null ? [] : database.read(() => curvesOf(database, run, query));
    },
    beginning: (id) => {
      const run = runRow(database, id);
      return run === null ? null : beginningOfRun(database, run);
    },
    timedCurves: (id, query) => {
      const run = runRow(database, id);
      return run === null ? [] : database.read(() => timedCurvesOf(database, run, query));
    },
    versionsOf: (id) => versionsOf(database, id),
  };
}

const parsed = ({ text }: Pick<Row, 'text'>) => JSON.parse(text) as RunRecord;

function textsOf(database: DatabaseFile, rest: string, ...values: Value[]): RunRecord[] {
  return database.all<Row>(`SELECT text FROM runs ${rest}`, ...values).map(parsed);
}

function listRuns(database: DatabaseFile, query: RunQuery): RunPage {
  const { model, states, limit = -1, offset = 0 } = query;
  const clauses = ['deleted = 0'];
  const values: Value[] = [];
  if (model !== undefined) {
    clauses.push('model = ?');
    values.push(model);
  }
  if (states !== undefined) {
    clauses.push(`state IN (${states.map(() => '?').join(', ')})`);
    values.push(...states);
  }
  const where = `WHERE ${clauses.join(' AND ')}`;
  const order = 'ORDER BY started_at DESC, name DESC LIMIT ? OFFSET ?';
  const count = database.first<{ total: number }>(
    `SELECT count(*) AS total FROM runs ${where}`,
    ...values,
  );
  return {
    runs: textsOf(database, `${where} ${order}`, ...values, limit, offset),
    total: count?.total ?? 0,
  };
}

function findRun(database: DatabaseFile, id: string): ReturnType<RunHistory['find']> {
  const sql = 'SELECT text, taken, deleted FROM runs WHERE name = ?';
  const row = database.first<Row>(sql, id);
  if (row === undefined) return null;
  return { record: parsed(row), taken: row.taken, deleted: row.deleted === 1 };
}

/** Whoever vanished may come back, and what is asked for is still to be made. */
function settledRuns(database: DatabaseFile): Set<string> {
  const rows = database.all<{ name: string }>(
    `SELECT name FROM runs WHERE deleted = 1
      OR (state IN ('finished', 'failed', 'stopped') AND waiting = 0)`,
  );
  return new Set(rows.map(({ name }) => name));
}

function seriesOf(database: DatabaseFile, id: string, most: number): RunSeries[] {
  const rows = database.all<{
    name: string;
    axis: RunSeries['axis'];
    points: number;
    step: number;
    value: number | null;
  }>(
    `SELECT s.name AS name, axis, points, last_step AS step, last_value AS value
      FROM run_series s JOIN runs r ON r.id = s.run WHERE r.name = ? ORDER BY s.name LIMIT ?`,
    id,
    most,
  );
  // SQLite keeps NaN as NULL.
  return rows.map(({ value, ...row }) => ({ ...row, value: toJsonNumber(value ?? Number.NaN) }));
}

function versionsOf(database: DatabaseFile, id: string) {
  const rows = database.all<RecordRow>(
    `SELECT text, withdrawn FROM records WHERE json_extract(text, '$.run') = ? ORDER BY id`,
    id,
  );
  return rows.map(recordOf);
}
