import { canonicalJson } from '../core/operation';
import type { RunRecord, SeriesPoints } from '../core/run';
import type { DatabaseFile, Value } from './databaseFile';
import type { RunWriter } from './runHistory';

/** Points in a chunk: few enough to write the last one again each second, enough to read fast. */
const chunkPoints = 1024;

/** The writes of one transaction that concern runs. */
export function runWriter(database: DatabaseFile): RunWriter {
  return {
    put: (record, taken) => putRun(database, record, taken),
    append: (id, series) => appendSeries(database, id, series),
    clear: (id) => clearPoints(database, id),
    remove: (id) => removeRun(database, id),
  };
}

/** Whether a version that was asked for is still to be made. */
function isWaiting({ requests }: RunRecord): number {
  return requests.some(({ state }) => state === 'waiting') ? 1 : 0;
}

function putRun(database: DatabaseFile, record: RunRecord, taken: number): void {
  const { id, model, state, startedAt } = record;
  database.write(
    'put-run',
    `INSERT INTO runs (name, model, state, started_at, waiting, taken, text)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET model = excluded.model, state = excluded.state,
        started_at = excluded.started_at, waiting = excluded.waiting, taken = excluded.taken,
        text = excluded.text WHERE deleted = 0`,
    ...[id, model, state, startedAt, isWaiting(record), taken, canonicalJson(record)],
  );
}

function removeRun(database: DatabaseFile, id: string): void {
  const row = runRow(database, id);
  if (row === null) return;
  clearPoints(database, id);
  database.writeAll('remove-run', [
    {
      sql: `UPDATE runs SET deleted = 1, waiting = 0,
        state = CASE state WHEN 'running' THEN 'stopped' ELSE state END WHERE id = ?`,
      rows: [[row]],
    },
  ]);
}

function clearPoints(database: DatabaseFile, id: string): void {
  const row = runRow(database, id);
  if (row === null) return;
  const ofRun = 'SELECT id FROM run_series WHERE run = ?';
  database.writeAll('clear-points', [
    { sql: `DELETE FROM run_points WHERE series IN (${ofRun})`, rows: [[row]] },
    { sql: 'DELETE FROM run_series WHERE run = ?', rows: [[row]] },
  ]);
}

/** The row of a run; `null` without one. */
export function runRow(database: DatabaseFile, id: string): number | null {
  return database.first<{ id: number }>('SELECT id FROM runs WHERE name = ?', id)?.id ?? null;
}

interface Tail {
  readonly id: number;
  readonly points: number;
}

function appendSeries(database: DatabaseFile, id: string, series: readonly SeriesPoints[]): void {
  const run = runRow(database, id);
  if (run === null) throw new Error(`there is no run ${id}`);
  const known = new Map(
    database
      .all<Tail & { name: string }>('SELECT id, name, points FROM run_series WHERE run = ?', run)
      .map(({ name, ...tail }) => [name, tail]),
  );
  for (const one of series) {
    if (one.steps.length === 0) continue;
    const tail = known.get(one.name) ?? addSeries(database, run, one);
    // One name may come twice in a list.
    known.set(one.name, { id: tail.id, points: tail.points + one.steps.length });
    appendTo(database, tail, one);
  }
}

function addSeries(database: DatabaseFile, run: number, { name, axis }: SeriesPoints): Tail {
  const id = database.write(
    'add-series',
    'INSERT INTO run_series (run, name, axis, points, last_step) VALUES (?, ?, ?, 0, 0)',
    ...[run, name, axis],
  );
  return { id, points: 0 };
}

/** Fills the last chunk up, then begins new ones. */
function appendTo(database: DatabaseFile, { id, points }: Tail, series: SeriesPoints): void {
  const { steps, values, times } = series;
  const begun = points % chunkPoints;
  const number = Math.floor(points / chunkPoints);
  const last = begun === 0 ? null : chunkAt(database, id, number);
  const lists = [steps, values, times].map((list, index) => {
    const before = last === null ? [] : numbersIn(last[index] as Uint8Array);
    return Float64Array.from([...before, ...list]);
  }) as [Float64Array, Float64Array, Float64Array];
  const rows: Value[][] = [];
  for (let start = 0; start < lists[0].length; start += chunkPoints) {
    const part = lists.map((list) => list.subarray(start, start + chunkPoints));
    rows.push([id, number + start / chunkPoints, ...chunkRow(part as typeof lists)]);
  }
  database.writeAll('add-points', [
    { sql: chunkSql, rows },
    {
      sql: 'UPDATE run_series SET points = ?, last_step = ?, last_value = ? WHERE id = ?',
      rows: [[points + steps.length, steps.at(-1) ?? 0, values.at(-1) ?? null, id]],
    },
  ]);
}

const chunkSql = `
  INSERT INTO run_points (series, chunk, points, first_step, last_step, low, low_step, high,
    high_step, steps, vals, times) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (series, chunk) DO UPDATE SET points = excluded.points,
    first_step = excluded.first_step, last_step = excluded.last_step, low = excluded.low,
    low_step = excluded.low_step, high = excluded.high, high_step = excluded.high_step,
    steps = excluded.steps, vals = excluded.vals, times = excluded.times`;

function chunkAt(database: DatabaseFile, series: number, chunk: number): Uint8Array[] {
  const row = database.first<{ steps: Uint8Array; vals: Uint8Array; times: Uint8Array }>(
    'SELECT steps, vals, times FROM run_points WHERE series = ? AND chunk = ?',
    ...[series, chunk],
  );
  if (row === undefined) throw new Error(`series ${series} lacks its chunk ${chunk}`);
  return [row.steps, row.vals, row.times];
}

/** What stands in front of the blobs: how many, the range of steps, and the extremes. */
function chunkRow([steps, values, times]: [Float64Array, Float64Array, Float64Array]): Value[] {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [low, high] = [-1, -1];
  for (const [index, value] of values.entries()) {
    const step = steps[index] ?? 0;
    if (step < first) first = step;
    if (step > last) last = step;
    if (!Number.isFinite(value)) continue;
    if (low < 0 || value < (values[low] ?? 0)) low = index;
    if (high < 0 || value > (values[high] ?? 0)) high = index;
  }
  const at = (list: Float64Array, index: number) => (index < 0 ? null : (list[index] ?? null));
  const extremes = [at(values, low), at(steps, low), at(values, high), at(steps, high)];
  return [steps.length, first, last, ...extremes, ...[steps, values, times].map(bytesOf)];
}

function bytesOf(numbers: Float64Array): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

/** Numbers of a blob, which may lie at any address. */
export function numbersIn(blob: Uint8Array): Float64Array {
  if (blob.byteOffset % 8 === 0) {
    return new Float64Array(blob.buffer, blob.byteOffset, blob.byteLength >> 3);
  }
  return new Float64Array(blob.slice().buffer);
}
