import type { Curve, CurveSet, JsonNumber } from './version';

/** A point of a curve. */
export interface CurvePoint {
  readonly step: number;
  readonly value: JsonNumber;
}

export function curveNamed(curves: CurveSet, name: string): Curve | null {
  return curves.find((curve) => curve.name === name) ?? null;
}

/** The value at exactly this step, the last one where a step comes twice; `null` where there is none. */
export function valueAt(curve: Curve, step: number): JsonNumber | null {
  const index = curve.steps.lastIndexOf(step);
  return index < 0 ? null : (curve.values[index] ?? null);
}

/** The point with the highest step, the later one of equals; `null` for an empty curve. */
export function lastPoint(curve: Curve): CurvePoint | null {
  let last: CurvePoint | null = null;
  for (const [index, step] of curve.steps.entries()) {
    const value = curve.values[index];
    if (value !== undefined && (last === null || step >= last.step)) last = { step, value };
  }
  return last;
}
