import type { Standing } from '../core/primaryMetric';
import type { DatabaseFile } from './databaseFile';

interface Row {
  readonly number: number;
  readonly revision: number;
  readonly value: number | null;
  /** 1 where it has any metric. */
  readonly measured: number;
  /** 1 where a metric is no finite number. */
  readonly sick: number;
}

/** What is no number at all is NULL; infinities are beyond every number. */
const finite = 'coalesce(m.value BETWEEN -1.7976931348623157e308 AND 1.7976931348623157e308, 0)';

/** How every living version of a model stands, by number, without reading a record. */
export function standings(
  database: DatabaseFile,
  model: string,
  metric: string | null,
): Standing[] {
  const rows = database.all<Row>(
    `SELECT v.number, v.shown AS revision, CASE WHEN ${finite} AND NOT m.stale THEN m.value END AS value,
        EXISTS (SELECT 1 FROM metrics WHERE version = v.id) AS measured,
        v.id IN (SELECT m.version FROM versions w JOIN metrics m ON m.version = w.id
          WHERE w.model = (SELECT id FROM models WHERE name = ?) AND NOT ${finite}) AS sick
      FROM versions v
      LEFT JOIN metrics m ON m.version = v.id AND m.name = (SELECT id FROM names WHERE name = ?)
      WHERE v.model = (SELECT id FROM models WHERE name = ?) AND v.kind = 'version'
        AND v.withdrawn = 0
      ORDER BY v.number`,
    model,
    metric,
    model,
  );
  return rows.map(({ number, revision, value, measured, sick }) => ({
    ...{ number, revision, value, measured: measured === 1, finite: sick === 0 },
  }));
}
