import { ago, numberTitle } from '../../core/labels';
import { sameParameter } from '../../core/parameters';
import type { VersionRecord } from '../../core/version';
import type { ModelOverview } from '../../operations/project';
import type { MetricsRow, MetricsView } from '../../wire/metricsPanel';
import { fullReference } from '../tree/versionDetails';
import { isStale } from '../tree/versionFigures';

/** All that the Metrics panel shows of one page of versions, as plain data. */
export function metricsView(
  model: ModelOverview,
  models: readonly string[],
  versions: readonly VersionRecord[],
  total: number,
  now: number,
): MetricsView {
  return {
    models,
    model: model.name,
    primary: model.primary,
    total,
    rows: versions.map((record) => metricsRow(record, model, now)),
    metrics: metricKeys(versions, model.primary?.metric ?? null),
    parameters: parameterKeys(versions),
  };
}

function metricsRow(record: VersionRecord, model: ModelOverview, now: number): MetricsRow {
  const reference = fullReference(record);
  const plain = `${record.model}@${numberTitle(record)}`;
  const isIt = (other: string | null) => other === reference || other === plain;
  return {
    reference,
    title: numberTitle(record),
    label: record.label,
    description: record.description,
    createdAt: record.createdAt,
    when: ago(Date.parse(record.createdAt), now),
    current: isIt(model.current),
    best: isIt(model.best),
    metrics: record.metrics,
    stale: Object.keys(record.metrics).filter((key) => isStale(key, record)),
    parameters: record.parameters,
    series: record.curves?.series ?? [],
  };
}

function metricKeys(versions: readonly VersionRecord[], primary: string | null): string[] {
  const keys = [...new Set(versions.flatMap(({ metrics }) => Object.keys(metrics)))].sort();
  return keys.sort((a, b) => Number(b === primary) - Number(a === primary));
}

/** Those that tell the versions apart first. */
function parameterKeys(versions: readonly VersionRecord[]): string[] {
  const keys = [...new Set(versions.flatMap(({ parameters }) => Object.keys(parameters)))].sort();
  const [first] = versions;
  const varies = new Set(
    keys.filter((key) =>
      versions.some(({ parameters }) => !sameParameter(parameters[key], first?.parameters[key])),
    ),
  );
  return keys.sort((a, b) => Number(varies.has(b)) - Number(varies.has(a)));
}
