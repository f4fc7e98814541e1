import { ago } from '../../core/labels';
import type { ModelOverview, RunSummary } from '../../operations/project';
import type { MetricsView } from '../../wire/metricsPanel';
import { runTitle } from '../runs/runRows';

const prefix = 'run:';

/** The run that a reference or a filter names; `null` where it is about versions. */
export function runIn(text: string): string | null {
  return text.startsWith(prefix) ? text.slice(prefix.length) : null;
}

/** Runs as rows of the Metrics panel, in the place of versions. */
export function runsView(
  model: ModelOverview,
  models: readonly string[],
  runs: readonly RunSummary[],
  total: number,
  now: number,
): MetricsView {
  const keys = (of: (run: RunSummary) => object) => [
    ...new Set(runs.flatMap((run) => Object.keys(of(run)))),
  ];
  const primary = model.primary?.metric;
  const metrics = keys((run) => run.metrics).sort();
  return {
    models,
    model: model.name,
    primary: model.primary,
    total,
    rows: runs.map((run) => ({
      reference: `${prefix}${run.id}`,
      title: runTitle(run),
      label: null,
      description: `${run.state}${run.step === null ? '' : `, step ${run.step}`}`,
      createdAt: run.startedAt,
      when: ago(Date.parse(run.startedAt), now),
      current: false,
      best: false,
      metrics: run.metrics,
      stale: [],
      parameters: run.parameters,
      series: Object.keys(run.metrics),
    })),
    metrics: metrics.sort((a, b) => Number(b === primary) - Number(a === primary)),
    parameters: keys((run) => run.parameters).sort(),
  };
}
