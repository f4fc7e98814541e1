import { metricDirection } from './metricDirection';
import { type Direction, fromJsonNumber, type JsonNumber, type PrimaryMetric } from './version';

export type Metrics = Readonly<Record<string, JsonNumber>>;

/** One metric on both sides; `null` where it is missing. */
export interface MetricChange {
  readonly key: string;
  readonly from: JsonNumber | null;
  readonly to: JsonNumber | null;
  /** `to` minus `from`; `null` unless both are finite. */
  readonly delta: number | null;
  /** `null` where the direction is unknown, a side is missing, or nothing changed. */
  readonly better: boolean | null;
}

/**
 * Every metric of either side, sorted by key. The declared direction of the primary metric counts;
 * the others go by their names. NaN is worse than any number: a loss that became NaN is worse, one
 * that recovered is better.
 */
export function compareMetrics(
  from: Metrics,
  to: Metrics,
  primary: PrimaryMetric | null = null,
): MetricChange[] {
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
  return keys.map((key) => {
    const before = metricIn(from, key);
    const after = metricIn(to, key);
    const better = primary?.metric === key ? primary.better : metricDirection(key);
    return {
      key,
      from: before,
      to: after,
      delta: difference(before, after),
      better: isBetter(before, after, better),
    };
  });
}

function metricIn(metrics: Metrics, key: string): JsonNumber | null {
  return Object.hasOwn(metrics, key) ? (metrics[key] ?? null) : null;
}

function difference(from: JsonNumber | null, to: JsonNumber | null): number | null {
  if (typeof from !== 'number' || typeof to !== 'number') return null;
  const delta = to - from;
  return Number.isFinite(delta) ? delta : null;
}

function isBetter(
  from: JsonNumber | null,
  to: JsonNumber | null,
  better: Direction | null,
): boolean | null {
  if (from === null || to === null || better === null) return null;
  const [a, b] = [fromJsonNumber(from), fromJsonNumber(to)];
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) return null;
  if (Number.isNaN(a)) return true;
  if (Number.isNaN(b)) return false;
  return better === 'higher' ? b > a : b < a;
}
