/**
 * The history: what was recorded of every version, backup and operation of a project, in one
 * SQLite database, and the lock that lets one writer in at a time. It promises that what a
 * transaction wrote is there whole and durable or not at all, that a record never changes once it
 * is written, that the log of operations only grows, that readers do not wait for writers, and that
 * a listing costs what it shows. It must not know what a record's commit, artifacts or files hold,
 * nor whether they are there.
 */

export { type ForeignDatabase, openForeign } from './foreign';
export type {
  CurrentRow,
  History,
  HistoryProblem,
  HistoryWriter,
  IntentRow,
  KnownFile,
  ModelRow,
  NewRecord,
  PendingRef,
  VersionPage,
  VersionQuery,
  WriterLock,
} from './history';
export { historyExists, type OpenHistoryOptions, openHistory } from './open';
export type { RunPage, RunQuery, SeriesQuery } from './runHistory';
export { setHistoryAside } from './setAside';
