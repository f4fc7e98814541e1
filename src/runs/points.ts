import type { SeriesPoints } from '../core/run';
import type { Curve } from '../core/version';

interface Growing {
  readonly name: string;
  readonly axis: Curve['axis'];
  readonly steps: number[];
  readonly values: number[];
  readonly times: number[];
}

/** Points by the name of their metric, in the order in which names first come. */
export class PointSet {
  readonly #series = new Map<string, Growing>();

  /** @param at milliseconds since the epoch; NaN where nobody knows */
  add(name: string, axis: Curve['axis'], step: number, value: number, at: number): void {
    // A point without a place is none.
    if (!Number.isFinite(step)) return;
    let series = this.#series.get(name);
    if (series === undefined) {
      series = { name, axis, steps: [], values: [], times: [] };
      this.#series.set(name, series);
    }
    series.steps.push(step);
    series.values.push(value);
    series.times.push(at);
  }

  all(): SeriesPoints[] {
    return [...this.#series.values()];
  }
}
