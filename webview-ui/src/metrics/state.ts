import { type ChartAxis, chartAxes } from '../../../src/core/version';
import {
  flag,
  fraction,
  list,
  nullable,
  oneOf,
  type Reader,
  shape,
  text,
} from '../../../src/wire/readers';
import type { Range } from './zoom';

/** What the panel keeps for itself, for as long as it is open. */
export interface MetricsOwn {
  /** The rows that are chosen; `null` until somebody chose one. */
  readonly chosen: readonly string[] | null;
  /** The curve that was picked; `null` for the likeliest. */
  readonly series: string | null;
  /** Rows whose lines are switched off in the legend. */
  readonly hidden: readonly string[];
  /** What the curves lie on; `null`: each on the axis that it was logged on. */
  readonly axis: ChartAxis | null;
  readonly log: boolean;
  readonly zoom: Range | null;
}

export const initialOwn: MetricsOwn = {
  chosen: null,
  series: null,
  hidden: [],
  axis: null,
  log: false,
  zoom: null,
};

const step: Reader<number> = (value) => fraction(value) ?? undefined;

export const readMetricsOwn: Reader<MetricsOwn> = shape({
  chosen: nullable(list(text, 20_000)),
  series: nullable(text),
  hidden: list(text),
  axis: nullable(oneOf(...chartAxes)),
  log: flag,
  zoom: nullable(shape({ from: step, to: step })),
});
