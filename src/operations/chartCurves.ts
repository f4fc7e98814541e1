import { type Points, pointsWithin, thinned } from '../core/curveSampling';
import { isFailure } from '../core/failure';
import { type ChartCurve, runIn } from '../core/metricsTable';
import { type Curve, fromJsonNumber, toJsonNumber } from '../core/version';
import { resolve } from './resolve';
import type { Rooms } from './rooms';
import type { ChartRequest } from './tableProject';

/** Points of decoded curves that are kept at hand, so that zooming decodes nothing again. */
const pointsKept = 4_000_000;

/** A curve as numbers that lie close together. */
interface DecodedCurve extends Pick<Curve, 'name' | 'axis'> {
  readonly points: Points;
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
    const { series, from, to, width } = request;
    const { runs } = this.rooms.history;
    if (runs.find(id) === null) return null;
    const query = {
      ...{ names: [series], width },
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    };
    const names = runs.series(id).map(({ name }) => name);
    return { reference, names, curve: runs.curves(id, query)[0] ?? null };
  }

  private async ofVersion(reference: string, request: ChartRequest): Promise<ChartCurve | null> {
    const curves = await this.decode(reference);
    if (curves === null) return null;
    const curve = curves.find(({ name }) => name === request.series);
    const names = curves.map(({ name }) => name);
    return { reference, names, curve: curve === undefined ? null : sampled(curve, request) };
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
      curves.reduce((sum, curve) => sum + curve.points.steps.length, 0);
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
    return rooms.history.curves(model, number, revision).map(decodedCurve);
  } catch (thrown) {
    // It was withdrawn since the table was read.
    if (isFailure(thrown, 'no-such-version')) return null;
    throw thrown;
  }
}

function decodedCurve({ name, axis, steps, values }: Curve): DecodedCurve {
  const points = {
    steps: Float64Array.from(steps),
    values: Float64Array.from(values, fromJsonNumber),
  };
  return { name, axis, points };
}

function sampled({ name, axis, points }: DecodedCurve, request: ChartRequest): Curve {
  const { from = -Infinity, to = Infinity, width } = request;
  const { steps, values } = thinned(pointsWithin(points, from, to), width);
  return { name, axis, steps: [...steps], values: Array.from(values, toJsonNumber) };
}
