import { type ChartAxis, chartAxes } from '../../../src/core/version';
import {
  count,
  flag,
  fraction,
  list,
  nullable,
  oneOf,
  type Reader,
  shape,
  text,
} from '../../../src/wire/readers';
import type { Range } from '../metrics/zoom';

/** What the panel keeps for itself. */
export interface CompareOwn {
  /** Whether rows in which all sides agree are left out. */
  readonly onlyDifferences: boolean;
  /** Words that rows of every section must have; empty: all. */
  readonly filter: string;
  /** The curve that is drawn; `null`: the likeliest. */
  readonly series: string | null;
  /** From 0, as it was measured, to below 1. */
  readonly smoothing: number;
  /** What the curves lie on; `null`: each on the axis that it was logged on. */
  readonly axis: ChartAxis | null;
  readonly log: boolean;
  readonly zoom: Range | null;
  /** References whose lines are left out of the picture. */
  readonly hidden: readonly string[];
  /** How far the page is scrolled down, in pixels. */
  readonly scrolled: number;
}

export const ownAtFirst: CompareOwn = {
  onlyDifferences: true,
  filter: '',
  series: null,
  smoothing: 0,
  axis: null,
  log: false,
  zoom: null,
  hidden: [],
  scrolled: 0,
};

const number: Reader<number> = (value) => fraction(value) ?? undefined;

export const readCompareOwn: Reader<CompareOwn> = shape({
  onlyDifferences: flag,
  filter: text,
  series: nullable(text),
  smoothing: number,
  axis: nullable(oneOf(...chartAxes)),
  log: flag,
  zoom: nullable(shape({ from: number, to: number })),
  hidden: list(text),
  scrolled: count,
});
