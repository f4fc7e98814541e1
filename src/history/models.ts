import { Failure } from '../core/failure';
import { requireModelName } from '../core/names';
import type { PrimaryMetric } from '../core/version';
import type { DatabaseFile } from './databaseFile';
import type { ModelRow } from './history';

/** The model's id, ignoring case; `null` when there is none. */
export function modelId(database: DatabaseFile, name: string): number | null {
  return database.first<{ id: number }>('SELECT id FROM models WHERE name = ?', name)?.id ?? null;
}

/** The model's id, which is made when it is new. @throws Failure `name-invalid` */
export function ensureModel(database: DatabaseFile, name: string): number {
  const known = database.first<{ id: number; name: string }>(
    'SELECT id, name FROM models WHERE name = ?',
    name,
  );
  if (known === undefined) {
    return database.write(
      'add-model',
      'INSERT INTO models (name) VALUES (?)',
      requireModelName(name),
    );
  }
  if (known.name === name) return known.id;
  const why = `there is "${known.name}" already, and names differ in more than case`;
  throw new Failure('name-invalid', { what: 'model', name, why });
}

export function setPrimary(
  database: DatabaseFile,
  model: number,
  primary: PrimaryMetric | null,
): void {
  database.write(
    'set-primary',
    'UPDATE models SET primary_metric = ?, primary_better = ? WHERE id = ?',
    primary?.metric ?? null,
    primary?.better ?? null,
    model,
  );
}

export function setTip(database: DatabaseFile, model: number, commit: string | null): void {
  database.write('set-tip', 'UPDATE models SET tip = ? WHERE id = ?', commit, model);
}

/** The model's branch; `null` also for an unknown model. */
export function tipOf(database: DatabaseFile, name: string): string | null {
  const row = database.first<{ tip: string | null }>('SELECT tip FROM models WHERE name = ?', name);
  return row?.tip ?? null;
}

interface Row {
  readonly name: string;
  readonly metric: string | null;
  readonly better: PrimaryMetric['better'] | null;
  readonly versions: number;
  readonly backups: number;
  readonly latest: number | null;
  readonly lastAt: string | null;
}

const living = (kind: string) =>
  `FROM versions v WHERE v.model = m.id AND v.kind = '${kind}' AND v.withdrawn = 0`;

export const overviewSql = `
  SELECT m.name AS name, m.primary_metric AS metric, m.primary_better AS better,
    (SELECT count(*) ${living('version')}) AS versions,
    (SELECT count(*) ${living('backup')}) AS backups,
    (SELECT max(v.number) ${living('version')}) AS latest,
    (SELECT v.created_at ${living('version')} ORDER BY v.number DESC LIMIT 1) AS lastAt
  FROM models m`;

function rowOf({ metric, better, ...counts }: Row): ModelRow {
  const primary = metric === null || better === null ? null : { metric, better };
  return { ...counts, primary };
}

/** All models, sorted by name. */
export function allModels(database: DatabaseFile): ModelRow[] {
  return database.all<Row>(`${overviewSql} ORDER BY m.name`).map(rowOf);
}

export function oneModel(database: DatabaseFile, name: string): ModelRow | null {
  const row = database.first<Row>(`${overviewSql} WHERE m.name = ?`, name);
  return row === undefined ? null : rowOf(row);
}
