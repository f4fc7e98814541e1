import type { MetricsContract } from '../../../src/wire/metricsPanel';
import { drawn, placesOf } from './chosen';
import { seriesNames, seriesToShow } from './curveLines';
import { CurveStore } from './curveStore';
import type { CurvesParts } from './curvesSection';
import type { TableData } from './tableData';

type ReadCurves = (
  ask: MetricsContract['curves']['ask'],
) => Promise<MetricsContract['curves']['answer']['curves']>;

/** The curves of the chosen rows: read when they are drawn, each with a colour that it keeps. */
export class DrawnCurves {
  readonly store: CurveStore;
  private places: ReadonlyMap<string, number> = new Map();

  /** @param told when something came, or why it did not */
  constructor(read: ReadCurves, told: (problem: unknown) => void) {
    this.store = new CurveStore(read, told);
  }

  /** What the section of curves is made of; what it needs is read while it `isShown`. */
  parts(
    data: TableData,
    chosen: readonly string[],
    isShown: boolean,
    own: CurvesParts['own'],
  ): Pick<CurvesParts, 'chosen' | 'store' | 'primary' | 'places' | 'own'> {
    const { store } = this;
    const references = drawn(chosen);
    this.places = placesOf(this.places, references);
    const { primary } = data.view;
    const wanted = seriesToShow(seriesNames(store.whole), own.series, primary);
    const series = wanted ?? own.series ?? primary?.metric ?? '';
    if (isShown) store.want({ references, series, axis: own.axis, zoom: own.zoom });
    const rows = chosen.flatMap((one) => data.rows[data.placeOf(one) ?? -1] ?? []);
    return { chosen: rows, store, primary, places: this.places, own };
  }
}
