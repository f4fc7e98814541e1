// What a million points of metrics cost: stored, and drawn for a screen's width; beside the shape that
// MLflow stores them in, one row a point with text keys. `node bench/series.mjs`. Prints figures, and
// fails over a budget.

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { ownModules } from './ownModules.mjs';

const points = Number(process.argv[2] ?? 1_000_000);
const width = 1_920;
const rounds = 9;
const budget = { storeMilliseconds: 3_000, drawMilliseconds: 20 };

const folder = mkdtempSync(path.join(tmpdir(), 'cairn-series-'));
const over = /** @type {string[]} */ ([]);
try {
  const series = sample(points);
  await ours(series);
  theirs(series);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (over.length > 0) {
  console.log(`over the budget: ${over.join(', ')}`);
  process.exitCode = 1;
}

/** A loss that falls and jitters, a point each 10 ms. @param {number} length */
function sample(length) {
  const steps = Array.from({ length }, (_, step) => step);
  const values = steps.map((step) => Math.exp(-step / length) + Math.sin(step * 12.9898) / 50);
  const times = steps.map((step) => 1_795_000_000_000 + step * 10);
  return { name: 'train/loss', axis: 'step', steps, values, times };
}

/** @param {ReturnType<typeof sample>} series */
async function ours(series) {
  const { newRun, nodePlatform, openHistory } = await ownModules('series', {
    newRun: 'core/run',
    nodePlatform: 'platform',
    openHistory: 'history',
  });
  const history = await openHistory(nodePlatform(), path.join(folder, 'ours'));
  const lock = await history.lock();
  const begin = performance.now();
  history.transaction((/** @type {any} */ writer) => {
    writer.runs.put(newRun('r', 'cairn', '2026-11-21T10:00:00.000Z'), 0);
    writer.runs.append('r', [series]);
  });
  const stored = performance.now() - begin;
  report('ours: stored', stored, budget.storeMilliseconds);
  lock.release();
  const [from, to] = [points * 0.4, points * 0.6];
  const all = drawn(() => history.runs.curves('r', { width }));
  report(`ours: all of it for ${width} columns`, all, budget.drawMilliseconds);
  const part = drawn(() => history.runs.curves('r', { width, from, to }));
  report('ours: a fifth of it', part, budget.drawMilliseconds);
  const near = drawn(() => history.runs.curves('r', { width, from, to: from + points / 100 }));
  report('ours: a hundredth of it', near, budget.drawMilliseconds);
  history.close();
  console.log(`ours: ${megabytes(path.join(folder, 'ours', 'history.db'))} MB`);
}

/** MLflow's `metrics`: `key, value, timestamp, step, is_nan, run_uuid`, all of them its primary key. */
function theirs(/** @type {ReturnType<typeof sample>} */ series) {
  const Database = createRequire(import.meta.url)('better-sqlite3');
  const file = path.join(folder, 'theirs.db');
  const database = new Database(file);
  database.pragma('journal_mode = WAL');
  database.exec(`CREATE TABLE metrics (key VARCHAR(250) NOT NULL, value FLOAT NOT NULL,
    timestamp BIGINT NOT NULL, run_uuid VARCHAR(32) NOT NULL, step BIGINT NOT NULL DEFAULT 0,
    is_nan BOOLEAN NOT NULL DEFAULT 0,
    PRIMARY KEY (key, timestamp, step, run_uuid, value, is_nan))`);
  const insert = database.prepare('INSERT INTO metrics VALUES (?, ?, ?, ?, ?, 0)');
  const run = 'a'.repeat(32);
  const begin = performance.now();
  database.transaction(() => {
    for (const [index, step] of series.steps.entries()) {
      insert.run(series.name, series.values[index], series.times[index], run, step);
    }
  })();
  report('a row a point: stored', performance.now() - begin);
  const select = database.prepare(
    'SELECT step, value FROM metrics WHERE key = ? AND run_uuid = ? ORDER BY timestamp',
  );
  report(
    'a row a point: all of it',
    drawn(() => select.all(series.name, run)),
  );
  database.close();
  console.log(`a row a point: ${megabytes(file)} MB`);
}

/** The middle of several rounds. @param {() => unknown} work */
function drawn(work) {
  const times = Array.from({ length: rounds }, () => {
    const begin = performance.now();
    work();
    return performance.now() - begin;
  });
  return times.sort((a, b) => a - b)[rounds >> 1] ?? 0;
}

/** @param {string} what @param {number} milliseconds @param {number} [most] */
function report(what, milliseconds, most) {
  const allowed = most === undefined ? '' : ` (at most ${most})`;
  console.log(`${what}: ${milliseconds.toFixed(1)} ms${allowed}`);
  if (most !== undefined && milliseconds > most) over.push(what);
}

/** @param {string} file */
function megabytes(file) {
  return (statSync(file).size / 1e6).toFixed(1);
}
