/**
 * Migration 1: everything.
 *
 * What must hold:
 * 1. `records.text` is the truth of a version: the record as canonical JSON, without the withdrawn
 *    mark. It never changes, and no row is deleted.
 * 2. `versions` has one row a number; `shown` is the revision that stands for it: the latest living
 *    one, or, when all are withdrawn, the last (and `withdrawn` is 1). Its label, time, description
 *    and creator, `metrics` and `parameters` are extracted from that revision, for queries only.
 * 3. `holdings` names every artifact of every record.
 * 4. Of one model's living versions no two show the same label. (Checked when a transaction ends: on
 *    the way, while marks of several revisions change, two may.)
 * 5. `operations` grows at its end, by one, each entry carrying the digest of the one before.
 *
 * `metrics.value` is NULL for NaN. `parameters.value` is a number, a text (booleans as `true` and
 * `false`, lists as canonical JSON) or NULL.
 */
export const firstSchema = `
CREATE TABLE models (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  primary_metric TEXT,
  primary_better TEXT CHECK (primary_better IN ('higher', 'lower')),
  tip TEXT,
  CHECK ((primary_metric IS NULL) = (primary_better IS NULL))
) STRICT;

CREATE TABLE versions (
  id INTEGER PRIMARY KEY,
  model INTEGER NOT NULL REFERENCES models (id),
  kind TEXT NOT NULL CHECK (kind IN ('version', 'backup')),
  number INTEGER NOT NULL CHECK (number >= 1),
  shown INTEGER NOT NULL,
  withdrawn INTEGER NOT NULL CHECK (withdrawn IN (0, 1)),
  label TEXT,
  created_at TEXT NOT NULL,
  description TEXT NOT NULL,
  creator_name TEXT NOT NULL,
  creator_email TEXT NOT NULL,
  UNIQUE (model, kind, number),
  FOREIGN KEY (id, shown) REFERENCES records (version, revision) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX versions_listed ON versions (model, kind, withdrawn, number);
CREATE INDEX versions_by_time ON versions (kind, withdrawn, created_at);
CREATE INDEX versions_by_label ON versions (model, label)
  WHERE kind = 'version' AND withdrawn = 0 AND label IS NOT NULL;

CREATE TABLE curve_sets (
  id INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
  curves BLOB NOT NULL
) STRICT;

CREATE TABLE records (
  id INTEGER PRIMARY KEY,
  version INTEGER NOT NULL REFERENCES versions (id),
  revision INTEGER NOT NULL CHECK (revision >= 1),
  text TEXT NOT NULL CHECK (json_valid(text)),
  withdrawn TEXT CHECK (withdrawn IS NULL OR json_valid(withdrawn)),
  curves INTEGER REFERENCES curve_sets (id),
  UNIQUE (version, revision)
) STRICT;
CREATE INDEX records_by_curves ON records (curves) WHERE curves IS NOT NULL;
CREATE TRIGGER records_are_not_deleted BEFORE DELETE ON records
BEGIN SELECT RAISE(ABORT, 'a record is never deleted'); END;
CREATE TRIGGER records_do_not_change BEFORE UPDATE OF id, version, revision, text, curves ON records
BEGIN SELECT RAISE(ABORT, 'a record never changes'); END;

CREATE TABLE holdings (
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  record INTEGER NOT NULL REFERENCES records (id),
  PRIMARY KEY (sha256, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX holdings_by_record ON holdings (record);

CREATE TABLE names (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE metrics (
  version INTEGER NOT NULL REFERENCES versions (id),
  name INTEGER NOT NULL REFERENCES names (id),
  value REAL,
  stale INTEGER NOT NULL CHECK (stale IN (0, 1)),
  PRIMARY KEY (version, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX metrics_by_value ON metrics (name, value);
CREATE TABLE parameters (
  version INTEGER NOT NULL REFERENCES versions (id),
  name INTEGER NOT NULL REFERENCES names (id),
  value ANY,
  PRIMARY KEY (version, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX parameters_by_value ON parameters (name, value);

CREATE TABLE current_versions (
  worktree TEXT NOT NULL,
  model INTEGER NOT NULL REFERENCES models (id),
  record INTEGER NOT NULL REFERENCES records (id),
  PRIMARY KEY (worktree, model)
) STRICT, WITHOUT ROWID;
CREATE INDEX current_versions_by_model ON current_versions (model);
CREATE INDEX current_versions_by_record ON current_versions (record);

CREATE TABLE operations (
  id INTEGER PRIMARY KEY,
  previous TEXT NOT NULL CHECK (length(previous) = 64),
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  text TEXT NOT NULL CHECK (json_valid(text))
) STRICT;
CREATE TRIGGER operations_grow_at_the_end BEFORE INSERT ON operations
WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM operations)
  OR NEW.previous IS NOT coalesce(
    (SELECT sha256 FROM operations ORDER BY id DESC LIMIT 1), printf('%.64c', '0'))
BEGIN SELECT RAISE(ABORT, 'the log grows only at its end'); END;
CREATE TRIGGER operations_do_not_change BEFORE UPDATE ON operations
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER operations_are_not_deleted BEFORE DELETE ON operations
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;

CREATE TABLE pending_refs (
  id INTEGER PRIMARY KEY,
  ref TEXT NOT NULL,
  from_oid TEXT,
  to_oid TEXT
) STRICT;
CREATE TABLE intents (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  worktree TEXT NOT NULL,
  payload TEXT NOT NULL CHECK (json_valid(payload))
) STRICT;

CREATE TABLE known_files (
  worktree TEXT NOT NULL,
  path TEXT NOT NULL,
  size INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  inode INTEGER NOT NULL,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  read_at INTEGER NOT NULL,
  PRIMARY KEY (worktree, path)
) STRICT, WITHOUT ROWID;
`;
