import type { MetricsView } from '../../../src/wire/metricsPanel';

/** `200 of 450 versions`. */
export function countText({ rows, total }: MetricsView): string {
  if (rows.length < total) return `${rows.length} of ${total} versions`;
  return total === 1 ? '1 version' : `${total} versions`;
}

/** Two pages as one: the columns of both, in the order of the first. */
export function joined(view: MetricsView, more: MetricsView): MetricsView {
  return {
    ...more,
    rows: [...view.rows, ...more.rows],
    metrics: [...new Set([...view.metrics, ...more.metrics])],
    parameters: [...new Set([...view.parameters, ...more.parameters])],
  };
}
