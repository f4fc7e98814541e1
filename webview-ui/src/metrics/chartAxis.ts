import { figure } from '../../../src/core/figures';
import type { ChartAxis } from '../../../src/core/version';

/** Why a curve is not on an axis. */
export function unplaced(axis: ChartAxis | null): string {
  return axis === 'time'
    ? 'when its points were logged was not kept.'
    : `its points were logged without ${axis === 'epoch' ? 'an epoch' : 'a step'}.`;
}

const spans = [
  { unit: 'd', seconds: 86_400 },
  { unit: 'h', seconds: 3_600 },
  { unit: 'min', seconds: 60 },
] as const;

/** A place on an axis: steps and epochs as they are, times as `1 h 5 min`. */
export function placeText(axis: string, place: number): string {
  if (axis !== 'time') return String(place);
  const at = spans.findIndex(({ seconds }) => place >= seconds);
  const span = spans[at];
  if (span === undefined) return `${figure(place)} s`;
  const smaller = spans[at + 1] ?? { unit: 's', seconds: 1 };
  const rest = Math.floor((place % span.seconds) / smaller.seconds);
  const whole = `${Math.floor(place / span.seconds)} ${span.unit}`;
  return rest === 0 ? whole : `${whole} ${rest} ${smaller.unit}`;
}
