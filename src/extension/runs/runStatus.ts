import { valueAt } from '../../core/curves';
import { figure } from '../../core/figures';
import { shortReference } from '../../core/labels';
import type { Curve } from '../../core/version';
import type { ModelOverview, RunSummary } from '../../operations/project';
import { runTitle, tellingMetrics } from './runRows';

/**
 * The status bar's text while a run goes on: `digits step 120 · val_accuracy 0.93 (v7: 0.912)`, with
 * what the current version had at the same step.
 * @param curves of the model's current version
 */
export function runningText(
  run: RunSummary,
  model: ModelOverview | null,
  curves: readonly Curve[],
): string {
  const [metric] = tellingMetrics(run, model?.primary ?? null, 1);
  const step = run.step === null ? '' : ` step ${figure(run.step)}`;
  const then = valueThen(run, model, curves);
  const before =
    then === null || model?.current === null || model === null
      ? ''
      : ` (${shortReference(model.current)}: ${figure(then)})`;
  return `${runTitle(run)}${step}${metric === undefined ? '' : ` · ${metric}${before}`}`;
}

function valueThen(run: RunSummary, model: ModelOverview | null, curves: readonly Curve[]) {
  const name = model?.primary?.metric;
  if (name === undefined || run.step === null || !Object.hasOwn(run.metrics, name)) return null;
  const curve = curves.find((one) => one.name === name);
  return curve === undefined ? null : valueAt(curve, run.step);
}
