import { type MetricsTable, runReference } from '../../core/metricsTable';
import type { ModelOverview, RunSummary, UpdateRequest } from '../../operations/project';
import type { LiveRun, MetricsView } from '../../wire/metricsPanel';

/** All that the Metrics panel shows of a model but the values, as plain data. */
export function metricsView(
  models: readonly ModelOverview[],
  { name, primary, current, best }: ModelOverview,
  table: MetricsTable,
  {
    choices,
    writable,
    now,
    baseline,
  }: Pick<MetricsView, 'choices' | 'writable' | 'now' | 'baseline'>,
): MetricsView {
  return {
    ...table,
    models: models.map((model) => model.name),
    ...{ model: name, primary, choices, writable, now },
    current: rowOf(table, current),
    best: rowOf(table, best),
    baseline: rowOf(table, baseline),
  };
}

/** The row that a reference means, which may say no revision. */
function rowOf({ rows }: MetricsTable, reference: string | null): string | null {
  const isIt = (row: string) => row === reference || row.replace(/\.\d+$/, '') === reference;
  return rows.find((row) => row.number !== null && isIt(row.reference))?.reference ?? null;
}

/** What of runs makes the table another one: which there are, and how they stand. */
export function standing(runs: readonly RunSummary[]): string {
  return JSON.stringify(
    runs.map(({ id, state, versions, metrics }) => [id, state, versions, Object.keys(metrics)]),
  );
}

export function liveRuns(runs: readonly RunSummary[]): LiveRun[] {
  return runs.map(({ id, metrics }) => ({
    reference: runReference(id),
    metrics: Object.entries(metrics).map(([key, value]) => ({ key, value })),
  }));
}

/** A version renamed or described anew, in the table. */
export function amendment(
  reference: string,
  label: string | null,
  description: string | null,
): UpdateRequest {
  const changed = [label === null ? '' : 'label', description === null ? '' : 'description'];
  const named = changed.filter((one) => one !== '').join(' and ');
  return {
    reference,
    reason: `${named} changed in the Metrics panel`,
    ...(label === null ? {} : { label }),
    ...(description === null ? {} : { message: description }),
  };
}
