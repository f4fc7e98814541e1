import { figure } from '../../core/figures';
import { parameterText, shortened, shortReference } from '../../core/labels';
import { type ParameterValue, sameParameter } from '../../core/parameters';
import type { InlineParameter, InlineValues, PastValue } from '../../core/pastValues';

/** Longest dim text after a line. */
export const longestInline = 80;
/** Longest a single value is shown, and the metric's name. */
const longestValue = 20;
const longestMetric = 24;
/** Earlier values that are shown. */
const mostEarlier = 3;

/** What stands after a line. */
export interface InlineText {
  readonly text: string;
  /** The line's value is another one than the current version's. */
  readonly differs: boolean;
}

/**
 * What stands after a line that sets a parameter, e.g.
 * `v7 0.001 · v6 0.01 → val_accuracy 0.942 (+3) · v2 0.1 → 0.9`: the current value, and up to three
 * earlier ones newest first, each with what came of it; (+3) says that three other things changed
 * with it. Where the value is not the current version's it begins with `≠ v7: 0.001`. `null` when
 * there is nothing to tell.
 */
export function inlineText(
  parameter: InlineParameter,
  { metric, current }: Pick<InlineValues, 'metric' | 'current'>,
): InlineText | null {
  const now = parameter.current;
  const differs = now !== undefined && current !== null && !sameParameter(parameter.value, now);
  const anchor =
    current === null || now === undefined
      ? []
      : [`${differs ? '≠ ' : ''}${shortReference(current)}${differs ? ':' : ''} ${short(now)}`];
  const earlier = parameter.past.filter(
    ({ value }) => now === undefined || !sameParameter(value, now),
  );
  if (anchor.length + earlier.length === 0) return null;
  return { text: joined(anchor, earlier.slice(0, mostEarlier), metric), differs };
}

/** As many earlier values as fit, each with its outcome; of the last one the outcome is let go first. */
function joined(
  anchor: readonly string[],
  earlier: readonly PastValue[],
  metric: string | null,
): string {
  let best = shortened(anchor.join(' · '), longestInline);
  const parts = [...anchor];
  let named = false;
  for (const past of earlier) {
    const plain = valueText(past);
    const outcome = outcomeText(past, named ? '' : shortened(metric ?? '', longestMetric));
    const whole = [...parts, `${plain}${outcome}`].join(' · ');
    const without = [...parts, plain].join(' · ');
    if (whole.length <= longestInline) {
      best = whole;
      parts.push(`${plain}${outcome}`);
      named ||= outcome !== '' && past.metric !== null;
    } else return without.length <= longestInline ? without : best;
  }
  return best;
}

function valueText({ value, version }: PastValue): string {
  return `${version === '' ? '' : `${shortReference(version)} `}${short(value)}`;
}

function outcomeText({ metric, others }: PastValue, name: string): string {
  const changed = others === 0 ? '' : ` (+${others})`;
  if (metric === null) return changed;
  return ` → ${name === '' ? '' : `${name} `}${figure(metric)}${changed}`;
}

function short(value: ParameterValue): string {
  return parameterText(value, longestValue);
}
