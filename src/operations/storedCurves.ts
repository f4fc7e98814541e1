import { placesKnown } from '../core/curveAxes';
import {
  type Curve,
  type CurveSet,
  chartAxes,
  fromJsonNumber,
  type JsonNumber,
  type VersionRecord,
} from '../core/version';
import type { Rooms } from './rooms';

/** More curves than this in one artifact are no curves of ours. */
const curvesLimit = 256 * 1024 * 1024;

/** A version's curves as the store has them; where it has them not, their digest joins `missing`. */
export async function storedCurves(
  rooms: Rooms,
  { curves }: Pick<VersionRecord, 'curves'>,
  missing: Set<string>,
): Promise<CurveSet> {
  if (curves === undefined) return [];
  if (!(await rooms.store.has(curves.sha256))) {
    missing.add(curves.sha256);
    return [];
  }
  const bytes = await rooms.store.readWhole(curves.sha256, curvesLimit);
  return parseCurves(new TextDecoder().decode(bytes));
}

/** Curves as they are stored: checked, because the store may be shared. */
function parseCurves(text: string): CurveSet {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) return [];
  return value.filter(isCurve).map(({ name, axis, steps, values, also }) => {
    const known = chartAxes.flatMap((one) => {
      const places = also?.[one];
      return Array.isArray(places) && places.length === steps.length ? [[one, places]] : [];
    });
    return { name, axis, steps, values, ...placesKnown(Object.fromEntries(known)) };
  });
}

function isCurve(curve: Partial<Curve> | null): curve is Curve {
  return (
    typeof curve?.name === 'string' &&
    Array.isArray(curve.steps) &&
    Array.isArray(curve.values) &&
    curve.steps.length === curve.values.length &&
    curve.steps.every(Number.isFinite) &&
    curve.values.every((point: JsonNumber) => typeof fromJsonNumber(point) === 'number')
  );
}
