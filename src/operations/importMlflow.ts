import { type ForeignDatabase, openForeign } from '../history';
import type { Platform } from '../platform';
import {
  deletedThere,
  type ForeignRun,
  isoFrom,
  isTellingTag,
  mlflowParameter,
  mlflowState,
  modelIn,
  PointSet,
  type RegisteredVersion,
  textsByRun,
  withoutRun,
} from '../runs';

interface RunRow {
  readonly run_uuid: string;
  readonly name: string | null;
  readonly status: string | null;
  readonly start_time: number | null;
  readonly end_time: number | null;
  readonly lifecycle_stage: string | null;
  readonly artifact_uri: string | null;
}

/** Older releases know no steps, and no mark of NaN. */
interface MetricRow {
  readonly key: string;
  readonly value: number | null;
  readonly timestamp: number | null;
  readonly step?: number | null;
  readonly is_nan?: number | null;
}

interface VersionRow {
  readonly name: string;
  readonly version: number;
  readonly current_stage?: string | null;
  readonly run_id?: string | null;
  readonly source?: string | null;
}

const tablesNeeded = ['runs', 'metrics', 'params', 'tags'];
/** MLflow writes infinity as the largest number that its column holds. */
const asInfinity = 1.7976931348623157e308;

/** What an MLflow database holds, and what of it is left out, with reasons. */
export interface MlflowReading {
  readonly runs: readonly ForeignRun[];
  readonly leftOut: readonly { readonly what: string; readonly why: string }[];
}

/** Reads an MLflow database (`mlflow.db`). @throws Failure `unreadable`, `no-such-file` */
export async function readMlflowDatabase(platform: Platform, path: string): Promise<MlflowReading> {
  const database = await openForeign(platform, path);
  try {
    const tables = database.tables();
    if (!tablesNeeded.every((table) => tables.has(table))) {
      return { runs: [], leftOut: [{ what: path, why: 'it is no database of MLflow' }] };
    }
    const versions = versionsIn(database, tables);
    const registered = textsByRun(versions);
    const rows = database
      .all<RunRow>('SELECT * FROM runs ORDER BY start_time')
      .filter(({ run_uuid: run }) => typeof run === 'string');
    const living = rows.filter(({ lifecycle_stage: stage }) => stage !== 'deleted');
    const deleted = rows.length - living.length;
    const gone = deleted === 0 ? [] : [{ what: `${deleted} of its runs`, why: deletedThere }];
    const leftOut = [...gone, ...withoutRun(versions, new Set(living.map((row) => row.run_uuid)))];
    return { runs: living.map((row) => runFrom(database, row, registered)), leftOut };
  } finally {
    database.close();
  }
}

function pairs(database: ForeignDatabase, table: 'params' | 'tags', run: string) {
  const sql = `SELECT key, value FROM ${table} WHERE run_uuid = ?`;
  const rows = database.all<{ key: string; value: string | null }>(sql, run);
  // SQLite holds any type in any column.
  return rows.map(({ key, value }): [string, string] => [String(key), String(value ?? '')]);
}

function runFrom(
  database: ForeignDatabase,
  row: RunRow,
  registered: ReadonlyMap<string, string[]>,
): ForeignRun {
  const run = row.run_uuid;
  const tags = Object.fromEntries(pairs(database, 'tags', run));
  const parameters = pairs(database, 'params', run);
  const points = new PointSet();
  const metrics = database
    .all<MetricRow>('SELECT * FROM metrics WHERE run_uuid = ?', run)
    .filter(({ key, value }) => typeof key === 'string' && typeof (value ?? 0) === 'number')
    .map((row) => ({ ...row, step: row.step ?? 0, timestamp: Number(row.timestamp ?? Number.NaN) }))
    .sort((a, b) => a.step - b.step || a.timestamp - b.timestamp);
  for (const metric of metrics) {
    points.add(metric.key, 'step', metric.step, metricOf(metric), metric.timestamp);
  }
  const telling = Object.entries(tags).filter(([name]) => isTellingTag(name));
  const registry = registered.get(run) ?? [];
  return {
    key: run,
    title: tags['mlflow.runName'] ?? String(row.name ?? run),
    state: mlflowState(row.status),
    startedAt: isoFrom(row.start_time),
    endedAt: isoFrom(row.end_time),
    parameters: Object.fromEntries(parameters.map(([key, text]) => [key, mlflowParameter(text)])),
    tags: {
      ...Object.fromEntries(telling),
      ...(registry.length === 0 ? {} : { 'registered model': registry.join(', ') }),
      ...(row.artifact_uri ? { artifacts: String(row.artifact_uri) } : {}),
    },
    series: points.all(),
    commit: tags['mlflow.source.git.commit'] ?? null,
    command: tags['mlflow.source.name'] === undefined ? [] : [tags['mlflow.source.name']],
    extent: metrics.length,
  };
}

function metricOf({ value, is_nan: isNan }: MetricRow): number {
  if (isNan === 1 || value === null) return Number.NaN;
  if (Math.abs(value) < asInfinity) return value;
  return value > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

/** The versions of registered models; where one names no run, that of the model it was made of. */
function versionsIn(
  database: ForeignDatabase,
  tables: ReadonlySet<string>,
): readonly RegisteredVersion[] {
  if (!tables.has('model_versions')) return [];
  const rows = database.all<VersionRow>('SELECT * FROM model_versions ORDER BY name, version');
  const aliases = tables.has('registered_model_aliases')
    ? database.all<{ name: string; alias: string; version: number }>(
        'SELECT * FROM registered_model_aliases',
      )
    : [];
  const logged = tables.has('logged_models')
    ? database.all<{ model_id: string; source_run_id: string | null }>(
        'SELECT * FROM logged_models',
      )
    : [];
  const runOfModel = new Map(logged.map((model) => [model.model_id, model.source_run_id]));
  return rows.map((row) => {
    const { name, version, current_stage: stage, run_id: run, source } = row;
    const named = aliases.filter(
      (one) => one.name === name && Number(one.version) === Number(version),
    );
    const model = modelIn(source ?? '');
    return {
      ...{ name, version: String(version), stage: stage ?? null },
      aliases: named.map(({ alias }) => alias),
      run: run || (model === null ? null : (runOfModel.get(model) ?? null)),
    };
  });
}
