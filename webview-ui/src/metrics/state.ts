import {
  flag,
  fraction,
  list,
  nullable,
  type Reader,
  shape,
  text,
} from '../../../src/wire/readers';
import type { Range } from './zoom';

/** What the panel keeps for itself. */
export interface MetricsOwn {
  /** The versions that are chosen; `null` until somebody chose one. */
  readonly chosen: readonly string[] | null;
  /** The curve that was picked; `null` for the likeliest. */
  readonly series: string | null;
  /** Versions whose lines are switched off in the legend. */
  readonly hidden: readonly string[];
  readonly log: boolean;
  readonly onlyVarying: boolean;
  readonly zoom: Range | null;
}

export const initialOwn: MetricsOwn = {
  chosen: null,
  series: null,
  hidden: [],
  log: false,
  onlyVarying: true,
  zoom: null,
};

const step: Reader<number> = (value) => fraction(value) ?? undefined;

export const readMetricsOwn: Reader<MetricsOwn> = shape({
  chosen: nullable(list(text)),
  series: nullable(text),
  hidden: list(text),
  log: flag,
  onlyVarying: flag,
  zoom: nullable(shape({ from: step, to: step })),
});
