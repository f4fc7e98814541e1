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

/** The point that was recorded last (a training that began anew wrote behind the first); `null` without any. */
export function lastPoint(curve: Curve): CurvePoint | null {
  const index = Math.min(curve.steps.length, curve.values.length) - 1;
  const [step, value] = [curve.steps[index], curve.values[index]];
  return step === undefined || value === undefined ? null : { step, value };
}
