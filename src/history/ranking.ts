import type { Standing } from '../core/primaryMetric';
import type { DatabaseFile } from './databaseFile';

interface Row {
  readonly number: number;
  readonly revision: number;
  readonly value: number | null;
  readonly metrics: number;
  /** Metrics that are no finite numbers. */
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
    `SELECT v.number, v.shown AS revision, count(m.name) AS metrics,
        max(CASE WHEN m.name = asked.id AND ${finite} AND NOT m.stale THEN m.value END) AS value,
        count(CASE WHEN m.name IS NOT NULL AND NOT ${finite} THEN 1 END) AS sick
      FROM versions v
      LEFT JOIN metrics m ON m.version = v.id
      LEFT JOIN (SELECT id FROM names WHERE name = ?) asked
      WHERE v.model = (SELECT id FROM models WHERE name = ?) AND v.kind = 'version'
        AND v.withdrawn = 0
      GROUP BY v.id ORDER BY v.number`,
    metric,
    model,
  );
  return rows.map(({ number, revision, value, metrics, sick }) => ({
    ...{ number, revision, value, measured: metrics > 0, finite: sick === 0 },
  }));
}
