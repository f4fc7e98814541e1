import { axesOf, beginningOf, type LaidCurve, laidOn } from '../core/curveAxes';
import { pointsWithin, thinned } from '../core/curveSampling';
import { isFailure } from '../core/failure';
import { type ChartCurve, runIn } from '../core/metricsTable';
import { type ChartAxis, type Curve, fromJsonNumber, toJsonNumber } from '../core/version';
import { resolve } from './resolve';
import type { Rooms } from './rooms';
import type { ChartRequest } from './tableProject';

/** Points of decoded curves that are kept at hand, so that zooming decodes nothing again. */
const pointsKept = 4_000_000;

/** A curve as numbers that lie close together. */
interface DecodedCurve extends Pick<Curve, 'name' | 'axis'> {
  readonly values: Float64Array;
  /** Of the points, on each axis that it has. */
  readonly places: ReadonlyMap<LaidCurve['axis'], Float64Array>;
  readonly axes: readonly ChartAxis[];
}

/** Curves for charts; keeps those of versions that were drawn last. */
export class ChartCurves {
  private readonly decoded = new Map<string, readonly DecodedCurve[]>();

  constructor(private readonly rooms: Rooms) {}

  /** As `TableVerbs.chartCurves`. */
  async read(request: ChartRequest): Promise<readonly ChartCurve[]> {
    const curves: ChartCurve[] = [];
    for (const reference of request.references) {
      const run = runIn(reference);
      const curve =
        run === null
          ? await this.ofVersion(reference, request)
          : this.ofRun(reference, run, request);
      if (curve !== null) curves.push(curve);
    }
    return curves;
  }

  private ofRun(reference: string, id: string, request: ChartRequest): ChartCurve | null {
    const { series, axis = null, from, to, width } = request;
    const { runs } = this.rooms.history;
    if (runs.find(id) === null) return null;
    const query = {
      ...{ names: [series], width },
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    };
    const all = runs.series(id);
    const names = all.map(({ name }) => name);
    const known = all.find(({ name }) => name === series);
    if (known === undefined) return { reference, names, own: null, axes: [], curve: null };
    const times = runs.beginning(id) === null ? {} : { time: [] };
    const axes = axesOf({ axis: known.axis, also: times });
    const found = { reference, names, own: known.axis, axes };
    if (axis !== null && !axes.includes(axis)) return { ...found, curve: null };
    const curves = axis === 'time' ? runs.timedCurves(id, query) : runs.curves(id, query);
    return { ...found, curve: curves[0] ?? null };
  }

  private async ofVersion(reference: string, request: ChartRequest): Promise<ChartCurve | null> {
    const curves = await this.decode(reference);
    if (curves === null) return null;
    const curve = curves.find(({ name }) => name === request.series);
    const names = curves.map(({ name }) => name);
    if (curve === undefined) return { reference, names, own: null, axes: [], curve: null };
    const { axis: own, axes } = curve;
    return { reference, names, own, axes, curve: sampled(curve, request) };
  }

  private async decode(reference: string): Promise<readonly DecodedCurve[] | null> {
    const known = this.decoded.get(reference);
    const curves = known ?? (await curvesOf(this.rooms, reference));
    if (curves === null) return null;
    // The one used last stands last.
    this.decoded.delete(reference);
    this.decoded.set(reference, curves);
    this.forget();
    return curves;
  }

  private forget(): void {
    const points = (curves: readonly DecodedCurve[]) =>
      curves.reduce((sum, { values, places }) => sum + values.length * places.size, 0);
    let kept = [...this.decoded.values()].reduce((sum, curves) => sum + points(curves), 0);
    for (const [reference, curves] of this.decoded) {
      if (kept <= pointsKept || this.decoded.size === 1) return;
      this.decoded.delete(reference);
      kept -= points(curves);
    }
  }
}

async function curvesOf(rooms: Rooms, reference: string): Promise<readonly DecodedCurve[] | null> {
  try {
    const { model, number, revision } = await resolve(rooms, reference);
    const curves = rooms.history.curves(model, number, revision);
    const beginning = beginningOf(curves);
    return curves.map((curve) => decodedCurve(curve, beginning));
  } catch (thrown) {
    // It was withdrawn since the table was read.
    if (isFailure(thrown, 'no-such-version')) return null;
    throw thrown;
  }
}

function decodedCurve(curve: Curve, beginning: number | null): DecodedCurve {
  const { name, axis } = curve;
  const axes = axesOf(curve);
  const laid = [null, ...axes].flatMap((one) => laidOn(curve, one, beginning) ?? []);
  return {
    ...{ name, axis, axes },
    values: Float64Array.from(curve.values, fromJsonNumber),
    places: new Map(laid.map((one) => [one.axis, Float64Array.from(one.steps)])),
  };
}

function sampled(curve: DecodedCurve, request: ChartRequest): LaidCurve | null {
  const { from = -Infinity, to = Infinity, width, axis = curve.axis } = request;
  const { name, values: all, places } = curve;
  const own = places.get(axis);
  if (own === undefined) return null;
  const { steps, values } = thinned(pointsWithin({ steps: own, values: all }, from, to), width);
  return { name, axis, steps: [...steps], values: Array.from(values, toJsonNumber) };
}
