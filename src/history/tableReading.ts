import type { DatabaseFile } from './databaseFile';
import type {
  StaleMetric,
  TableHistory,
  TableKey,
  TableKind,
  TableValue,
  TableVersion,
} from './tableHistory';

const living = `v.model = (SELECT id FROM models WHERE name = ?)
  AND v.kind = 'version' AND v.withdrawn = 0`;

/** Versions as columns of a table. */
export function tableHistory(database: DatabaseFile): TableHistory {
  return {
    versions: (model) => versionsOf(database, model),
    keys: (model) =>
      (['metric', 'parameter'] as const).flatMap((kind) => keys(database, kind, model)),
    values: (kind, name) => values(database, kind, name),
    stale: () =>
      database.allRaw<StaleMetric>(
        `SELECT n.name, m.version FROM metrics m JOIN names n ON n.id = m.name WHERE m.stale = 1`,
      ),
    runs: (model) => runsOf(database, model),
  };
}

function versionsOf(database: DatabaseFile, model: string): TableVersion[] {
  return database.all<TableVersion>(
    `SELECT v.id AS id, v.number AS number, v.shown AS revision, v.label AS label,
        v.created_at AS createdAt, v.description AS description, v.creator_name AS creatorName,
        v.creator_email AS creatorEmail, r.curves IS NOT NULL AS curves
      FROM versions v JOIN records r ON r.version = v.id AND r.revision = v.shown
      WHERE ${living} ORDER BY v.number DESC`,
    model,
  );
}

/**
 * Name by name, in the order of the index: nothing is sorted, however many values there are. Where
 * there are no versions but these, none is looked up.
 */
function keys(database: DatabaseFile, kind: TableKind, model: string): TableKey[] {
  const table = `${kind}s`;
  const only = database.first<{ others: number }>(
    `SELECT EXISTS (SELECT 1 FROM versions v WHERE NOT (${living})) AS others`,
    model,
  );
  const among = `WHERE t.version IN (SELECT v.id FROM versions v WHERE ${living})`;
  const isAll = only?.others === 0;
  return database.all<TableKey>(
    `SELECT '${kind}' AS kind, n.name AS name, count(*) AS count, count(t.value) AS "values",
        min(t.value) AS least, max(t.value) AS greatest
      FROM names n CROSS JOIN ${table} t ON t.name = n.id
      ${isAll ? '' : among} GROUP BY n.id`,
    ...(isAll ? [] : [model]),
  );
}

/** What the index by name and value has, so that no row of the table itself is read. */
function values(database: DatabaseFile, kind: TableKind, name: string): TableValue[] {
  return database.allRaw<TableValue>(
    `SELECT version, value FROM ${kind}s
      WHERE name = (SELECT id FROM names WHERE name = ?)`,
    name,
  );
}

function runsOf(database: DatabaseFile, model: string) {
  return database.all<{ version: number; run: string }>(
    `SELECT v.id AS version, json_extract(r.text, '$.run') AS run
      FROM records r JOIN versions v ON v.id = r.version AND v.shown = r.revision
      WHERE json_extract(r.text, '$.run') IS NOT NULL AND ${living}`,
    model,
  );
}
