import { curveNamed, valueAt } from '../../core/curves';
import { figure } from '../../core/figures';
import { changeText, counted, shortReference } from '../../core/labels';
import { compareMetrics } from '../../core/metricComparison';
import type { CurveSet } from '../../core/version';
import type { ModelOverview, ModelStatus, RunSummary } from '../../operations/project';
import { primaryText } from '../tree/versionFigures';

/** `v7 · val_accuracy 0.951 ▲ 0.008 better · 3 working changes`. */
export function entryTitle(
  { current, currentRecord, primary }: ModelOverview,
  parent: ModelOverview['currentRecord'],
  status: Pick<ModelStatus, 'changes'> | undefined,
): string {
  if (current === null || currentRecord === null) return 'No version yet';
  const { code, parameters, artifacts, data } = status?.changes ?? {
    ...{ code: [], parameters: [], artifacts: [], data: [] },
  };
  const changes = code.length + parameters.length + artifacts.length + data.length;
  return [
    shortReference(current),
    primaryText(currentRecord, parent, primary),
    status === undefined
      ? ''
      : changes === 0
        ? 'no working changes'
        : counted(changes, 'working change'),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}

/**
 * A run that goes on: `step 120 · val_accuracy 0.93 ▲ 0.018 better than v7 at this step`.
 * @param curves of the model's current version
 */
export function runLine(
  { step, metrics }: Pick<RunSummary, 'step' | 'metrics'>,
  { current, primary }: Pick<ModelOverview, 'current' | 'primary'>,
  curves: CurveSet,
): string {
  const at = step === null ? 'training' : `step ${figure(step)}`;
  const name = primary?.metric ?? '';
  const now = Object.hasOwn(metrics, name) ? metrics[name] : undefined;
  if (primary === null || now === undefined) return at;
  const curve = curveNamed(curves, name);
  const then = curve === null || step === null ? null : valueAt(curve, step);
  const value = `${at} · ${name} ${figure(now)}`;
  if (current === null || then === null) return value;
  const [change] = compareMetrics({ [name]: then }, { [name]: now }, primary);
  const version = shortReference(current);
  const text = change === undefined ? '' : changeText(change);
  return text === ''
    ? `${value}, the same as ${version} at this step`
    : `${value} ${text} than ${version} at this step`;
}

/** Whether a run's command names a script, and another one than the file at this path. */
export function isOfOtherScript(command: readonly string[], path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const scripts = command.filter((word) => /\.(?:py|ipynb)$/i.test(word));
  return scripts.length > 0 && !scripts.some((word) => word.split(/[\\/]/).at(-1) === name);
}
