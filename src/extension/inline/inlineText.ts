import { figure } from '../../core/figures';
import { type ParameterValue, sameParameter } from '../../core/parameters';
import type { JsonNumber } from '../../core/version';
import type { ParameterHistory, PastValue } from '../../operations/project';
import { parameterText, shortened, shortReference } from '../labels';

/** Longest dim text after a line. */
export const longestInline = 80;
/** Longest a single value is shown. */
const longestValue = 20;

/**
 * What stands after a line that sets a parameter, e.g.
 * `v7 0.001 · v6 0.01 → val_accuracy 0.942 (+3)`: the values it had, newest first, and for the last
 * one shown what came of it; (+3) says that three other things changed with it. An edited value
 * begins with `≠ v7: 0.001`. `null` when there is nothing to tell: one value ever, and not edited.
 */
export function inlineText(
  history: ParameterHistory,
  edited: ParameterValue,
  current: string | null,
  metric: string | null,
): string | null {
  const [newest] = history.values;
  if (newest === undefined) return null;
  const differs =
    history.current !== null && current !== null && !sameParameter(edited, history.current);
  const before = differs ? [`≠ ${shortReference(current)}: ${short(history.current)}`] : [];
  const past = history.values.filter(
    (past) => !(differs && sameParameter(past.value, history.current)),
  );
  if (!differs && past.length < 2) return null;
  return joined(before, past, metric);
}

/** As many past values as fit, and the metric of the last of them where that fits too. */
function joined(
  before: readonly string[],
  past: readonly PastValue[],
  metric: string | null,
): string {
  let best = shortened(before.join(' · '), longestInline);
  for (let shown = 1; shown <= Math.min(past.length, 4); shown++) {
    const parts = [...before, ...past.slice(0, shown).map(valueText)];
    const plain = parts.join(' · ');
    const last = past[shown - 1];
    const whole = `${plain}${last === undefined ? '' : outcome(last, metric)}`;
    if (whole.length <= longestInline) best = whole;
    else if (plain.length <= longestInline) return plain.length > best.length ? plain : best;
    else return best;
  }
  return best;
}

function valueText({ value, versions }: PastValue): string {
  const [newest] = versions;
  return `${newest === undefined ? '' : `${shortReference(newest)} `}${short(value)}`;
}

function outcome({ metric: value, otherChanges }: PastValue, metric: string | null): string {
  if (metric === null || value === null) return '';
  const others = otherChanges.length === 0 ? '' : ` (+${otherChanges.length})`;
  return ` → ${shortened(metric, 24)} ${figure(value as JsonNumber)}${others}`;
}

function short(value: ParameterValue): string {
  return parameterText(value, longestValue);
}
