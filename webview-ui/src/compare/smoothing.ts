import type { LaidCurve } from '../../../src/core/curveAxes';
import { fromJsonNumber, type JsonNumber } from '../../../src/core/version';

/**
 * A curve with its noise taken out: an exponential moving average of weight `weight` (0 leaves all
 * as it is, below 1), divided by what the weights add up to so far, so that the beginning is not
 * drawn towards 0 (Kingma and Ba 2015, "Adam", section 3, do so with moments). What is not finite
 * stays and counts nothing.
 */
export function smoothed(curve: LaidCurve, weight: number): LaidCurve {
  if (weight <= 0) return curve;
  let [average, mass] = [0, 0];
  const values = curve.values.map((value): JsonNumber => {
    const number = fromJsonNumber(value);
    if (!Number.isFinite(number)) return value;
    average = weight * average + (1 - weight) * number;
    mass = weight * mass + (1 - weight);
    return average / mass;
  });
  return { ...curve, values };
}
