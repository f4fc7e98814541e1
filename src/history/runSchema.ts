/**
 * Migration 2: runs.
 *
 * What must hold:
 * 1. `runs.text` is the run's record as JSON; the other columns are extracted from it for queries.
 *    `taken` is how many bytes of its journal are in here: points and that number change in one
 *    transaction, so that no line counts twice or never.
 * 2. A run that was deleted keeps its row, and nothing else, so that no import brings it back.
 * 3. `run_points` holds a series in chunks, in the order in which its points came. Steps, values and
 *    times are 64-bit IEEE numbers, little-endian. `low_*` and `high_*` name a chunk's extremes
 *    (NULL where it has no finite value), so that a picture of a long series needs no chunk's points.
 *    The blobs come last: a row's first columns are then read without them.
 */
export const runSchema = `
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  model TEXT COLLATE NOCASE,
  state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'failed', 'stopped', 'vanished')),
  started_at TEXT NOT NULL,
  waiting INTEGER NOT NULL CHECK (waiting IN (0, 1)),
  taken INTEGER NOT NULL CHECK (taken >= 0),
  deleted INTEGER NOT NULL DEFAULT 0 CHECK (deleted IN (0, 1)),
  text TEXT NOT NULL CHECK (json_valid(text))
) STRICT;
CREATE INDEX runs_by_time ON runs (deleted, started_at);
CREATE INDEX runs_of_model ON runs (model, deleted, started_at);
CREATE INDEX runs_open ON runs (state) WHERE state = 'running' OR state = 'vanished' OR waiting = 1;

CREATE TABLE run_series (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES runs (id),
  name TEXT NOT NULL,
  axis TEXT NOT NULL CHECK (axis IN ('epoch', 'step', 'index')),
  points INTEGER NOT NULL,
  last_step REAL NOT NULL,
  last_value REAL,
  UNIQUE (run, name)
) STRICT;

CREATE TABLE run_points (
  id INTEGER PRIMARY KEY,
  series INTEGER NOT NULL REFERENCES run_series (id),
  chunk INTEGER NOT NULL,
  points INTEGER NOT NULL,
  first_step REAL NOT NULL,
  last_step REAL NOT NULL,
  low REAL,
  low_step REAL,
  high REAL,
  high_step REAL,
  steps BLOB NOT NULL,
  vals BLOB NOT NULL,
  times BLOB NOT NULL,
  UNIQUE (series, chunk)
) STRICT;

CREATE INDEX records_of_run ON records (json_extract(text, '$.run'))
  WHERE json_extract(text, '$.run') IS NOT NULL;
`;
