import { type ForeignDatabase, openForeign } from '../history';
import type { Platform } from '../platform';
import {
  type ForeignRun,
  isoFrom,
  isTellingTag,
  mlflowParameter,
  mlflowState,
  PointSet,
} from '../runs';

interface RunRow {
  readonly run_uuid: string;
  readonly name: string | null;
  readonly status: string | null;
  readonly start_time: number | null;
  readonly end_time: number | null;
  readonly lifecycle_stage: string | null;
}

interface MetricRow {
  readonly key: string;
  readonly value: number | null;
  readonly timestamp: number;
  readonly step: number;
  readonly is_nan: number | null;
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
    const registered = registryOf(database, tables);
    const rows = database.all<RunRow>('SELECT * FROM runs ORDER BY start_time');
    const living = rows.filter(({ lifecycle_stage: stage }) => stage !== 'deleted');
    const deleted = rows.length - living.length;
    const leftOut =
      deleted === 0 ? [] : [{ what: `${deleted} of its runs`, why: 'they were deleted there' }];
    return { runs: living.map((row) => runFrom(database, row, registered)), leftOut };
  } finally {
    database.close();
  }
}

function pairs(database: ForeignDatabase, table: 'params' | 'tags', run: string) {
  const sql = `SELECT key, value FROM ${table} WHERE run_uuid = ?`;
  const rows = database.all<{ key: string; value: string | null }>(sql, run);
  return rows.map(({ key, value }): [string, string] => [key, value ?? '']);
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
  const metrics = database.all<MetricRow>(
    'SELECT key, value, timestamp, step, is_nan FROM metrics WHERE run_uuid = ? ORDER BY key, step, timestamp',
    run,
  );
  for (const metric of metrics) {
    const value = metricOf(metric);
    points.add(metric.key, 'step', metric.step, value, metric.timestamp);
  }
  const telling = Object.entries(tags).filter(([name]) => isTellingTag(name));
  const registry = registered.get(run) ?? [];
  return {
    key: run,
    title: tags['mlflow.runName'] ?? row.name ?? run,
    state: mlflowState(row.status),
    startedAt: isoFrom(row.start_time),
    endedAt: isoFrom(row.end_time),
    parameters: Object.fromEntries(parameters.map(([key, text]) => [key, mlflowParameter(text)])),
    tags: {
      ...Object.fromEntries(telling),
      ...(registry.length === 0 ? {} : { 'registered model': registry.join(', ') }),
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

/** By run: `name v3 Production @champion`. */
function registryOf(
  database: ForeignDatabase,
  tables: ReadonlySet<string>,
): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  if (!tables.has('model_versions')) return found;
  const rows = database.all<{
    name: string;
    version: number;
    current_stage: string | null;
    run_id: string | null;
  }>('SELECT name, version, current_stage, run_id FROM model_versions ORDER BY name, version');
  const aliases = tables.has('registered_model_aliases')
    ? database.all<{ name: string; alias: string; version: number }>(
        'SELECT name, alias, version FROM registered_model_aliases',
      )
    : [];
  for (const { name, version, current_stage: stage, run_id: run } of rows) {
    if (run === null) continue;
    const named = aliases.filter((one) => one.name === name && Number(one.version) === version);
    const words = [
      `${name} v${version}`,
      stage === null || stage === 'None' ? '' : stage,
      ...named.map(({ alias }) => `@${alias}`),
    ];
    found.set(run, [...(found.get(run) ?? []), words.filter((word) => word !== '').join(' ')]);
  }
  return found;
}
