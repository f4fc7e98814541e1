import { placesKnown } from '../core/curveAxes';
import type { Curve, JsonNumber, MetricOrigin } from '../core/version';
import type { CheckpointStep } from './checkpointStep';

/**
 * The points of one metric as a log holds them, each with its epoch, its step and its time (in
 * milliseconds, from any moment) where the log has those (NaN where not). Which of them becomes the
 * curve's axis is decided once all are there.
 */
export interface Series {
  readonly name: string;
  readonly epochs: number[];
  readonly steps: number[];
  readonly times: number[];
  readonly indexes: number[];
  readonly values: JsonNumber[];
}

export interface Place {
  readonly epoch: number | null;
  readonly step: number | null;
  /** In milliseconds. */
  readonly time?: number | null;
  /** The row's or item's number, from 0. */
  readonly index: number;
}

/** Series by name, in the order in which they first come. */
export class SeriesSet {
  readonly #series = new Map<string, Series>();

  add(name: string, value: JsonNumber, { epoch, step, time, index }: Place): void {
    let series = this.#series.get(name);
    if (series === undefined) {
      series = { name, epochs: [], steps: [], times: [], indexes: [], values: [] };
      this.#series.set(name, series);
    }
    series.epochs.push(epoch ?? Number.NaN);
    series.steps.push(step ?? Number.NaN);
    series.times.push(time ?? Number.NaN);
    series.indexes.push(index);
    series.values.push(value);
  }

  all(): Series[] {
    return [...this.#series.values()];
  }
}

/**
 * A series as a curve: over epochs where every point has a whole one of its own, else over steps
 * where every point has one, else over epochs, else over its index. So per-epoch values and
 * per-step values of one log (Lightning's) each get the axis that tells them apart. Its places on
 * the others are kept beside.
 */
export function curveOf(series: Series): Curve {
  const { name, epochs, steps, times, indexes, values } = series;
  const time = isClockRunning(times) ? { time: times } : {};
  const ownSteps = () => ({ name, axis: 'step' as const, steps, values });
  const ownEpochs = () => ({ name, axis: 'epoch' as const, steps: epochs, values });
  const whole = epochs.every(Number.isInteger) && new Set(epochs).size === epochs.length;
  if (whole) return { ...ownEpochs(), ...placesKnown({ step: steps, ...time }) };
  if (steps.every(Number.isFinite))
    return { ...ownSteps(), ...placesKnown({ epoch: epochs, ...time }) };
  if (epochs.every(Number.isFinite)) return { ...ownEpochs(), ...placesKnown(time) };
  return { name, axis: 'index', steps: indexes, values, ...placesKnown(time) };
}

/** A column that falls again, or stays as it is, measures how long each epoch took. */
function isClockRunning(times: readonly number[]): boolean {
  const rises = times.every((time, index) => index === 0 || time >= (times[index - 1] as number));
  return rises && (times[0] as number) < (times.at(-1) as number);
}

export interface SeriesValue {
  readonly value: JsonNumber;
  readonly origin: Pick<MetricOrigin, 'step' | 'at'>;
}

/**
 * The value that belongs to a checkpoint: the one logged at exactly its epoch or step (the last of
 * several), else the last one, marked so. A number that is not on the axis proves nothing: names
 * count from 1 where logs count from 0, so there is no nearest.
 */
export function valueFor(series: Series, checkpoint: CheckpointStep | null): SeriesValue | null {
  const exact = checkpoint === null ? -1 : indexOf(series, checkpoint);
  const index = exact >= 0 ? exact : series.values.length - 1;
  const value = series.values[index];
  if (value === undefined) return null;
  const step = curveOf(series).steps[index];
  const at = exact >= 0 ? 'checkpoint' : 'last';
  return { value, origin: step === undefined ? { at } : { at, step } };
}

function indexOf(series: Series, { epoch, step }: CheckpointStep): number {
  const byEpoch = epoch === null ? -1 : series.epochs.lastIndexOf(epoch);
  if (byEpoch >= 0 || step === null) return byEpoch;
  return series.steps.lastIndexOf(step);
}
