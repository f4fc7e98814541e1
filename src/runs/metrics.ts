import type { Curve, CurveSet, JsonNumber, MetricOrigin, Warning } from '../core/version';
import type { Platform } from '../platform';
import { checkpointStep } from './checkpointStep';
import { type MetricFile, type MetricFileKind, readMetricFile } from './metricFile';
import { isSetting } from './metricNames';
import { curveOf, valueFor } from './series';
import { isEventFile, readEventMetrics } from './tensorboard';
import { readTextFile } from './textFile';

/** Metrics and curves read from files. */
export interface MetricReading {
  readonly metrics: Readonly<Record<string, JsonNumber>>;
  readonly origins: Readonly<Record<string, MetricOrigin>>;
  /** In the order in which the files name them. */
  readonly curves: CurveSet;
  readonly warnings: readonly Warning[];
}

export interface MetricPaths {
  /** Relative to the root, with forward slashes. */
  readonly metrics: readonly string[];
  readonly curves: readonly string[];
  /** The weights that the metrics are for: the step in their name picks the value of a curve. */
  readonly weights?: string | null;
}

/** A metrics file holds a few numbers; a log may be long. */
const metricsFileLimit = 16 * 1024 * 1024;
const curvesFileLimit = 128 * 1024 * 1024;
const maximumMetrics = 10_000;

/**
 * Reads metrics and curves; TensorBoard's event files are curves. Each metric's value is, in this order: that of a curve at the weights'
 * own step (`at: 'checkpoint'`), that of a metrics file, the last one of a curve (`at: 'last'`).
 * Learning rates are curves and no metrics. Of several files that give a metric the last counts,
 * with a warning where they differ.
 * @throws Failure `no-such-file`; `unreadable` with the line, or with the found and allowed size
 */
export async function readMetrics(
  platform: Platform,
  root: string,
  paths: MetricPaths,
): Promise<MetricReading> {
  const gathering = new Gathering(paths.weights ?? null);
  // A file that is named as both is read once, as the log that it is.
  const logs = new Set(paths.curves);
  const files: [string, MetricFileKind, number][] = [
    ...paths.curves.map(
      (path) => [path, 'curves', curvesFileLimit] as [string, MetricFileKind, number],
    ),
    ...paths.metrics
      .filter((path) => !logs.has(path))
      .map((path) => [path, 'metrics', metricsFileLimit] as [string, MetricFileKind, number]),
  ];
  for (const [path, kind, limit] of files) {
    const name = path.split('/').at(-1) ?? path;
    const file = isEventFile(name)
      ? await readEventMetrics(platform, `${root}/${path}`)
      : readMetricFile(await readTextFile(platform, root, path, limit), kind);
    gathering.add(path, file);
  }
  return gathering.finished();
}

interface Known {
  readonly value: JsonNumber;
  readonly origin: MetricOrigin;
}

class Gathering {
  readonly #curves = new Map<string, Curve>();
  readonly #fromCurves = new Map<string, Known>();
  readonly #stated = new Map<string, Known>();
  readonly #warnings: Warning[] = [];
  readonly #checkpoint;

  constructor(weights: string | null) {
    this.#checkpoint = weights === null ? null : checkpointStep(weights);
  }

  add(path: string, file: MetricFile): void {
    if (file.values.size === 0 && file.series.length === 0) {
      this.#warn('metrics-none', path, `${path} holds no metric that could be read`);
    }
    const step = file.step === null ? {} : { step: file.step };
    for (const [name, value] of file.values) {
      this.#note(this.#stated, name, { value, origin: { path, ...step } });
    }
    for (const series of file.series) {
      this.#curves.set(series.name, curveOf(series));
      const found = isSetting(series.name) ? null : valueFor(series, this.#checkpoint);
      if (found === null) continue;
      const known = { value: found.value, origin: { path, ...found.origin } };
      this.#note(this.#fromCurves, series.name, known);
    }
  }

  #note(into: Map<string, Known>, name: string, known: Known): void {
    const before = into.get(name);
    const { path } = known.origin;
    if (before !== undefined && before.value !== known.value && before.origin.path !== path) {
      const message = `${name} stands in ${before.origin.path} and with another value in ${path}, which counts`;
      this.#warn('metric-duplicate', path, message);
    }
    into.set(name, known);
  }

  #warn(code: string, path: string, message: string): void {
    this.#warnings.push({ code, path, message });
  }

  finished(): MetricReading {
    const chosen = new Map(this.#fromCurves);
    for (const [name, known] of this.#stated) {
      if (chosen.get(name)?.origin.at !== 'checkpoint') chosen.set(name, known);
    }
    const kept = [...chosen].slice(0, maximumMetrics);
    if (kept.length < chosen.size) {
      const message = `of ${chosen.size} metrics the first ${maximumMetrics} are kept`;
      this.#warnings.push({ code: 'metrics-many', message });
    }
    return {
      metrics: Object.fromEntries(kept.map(([name, { value }]) => [name, value])),
      origins: Object.fromEntries(kept.map(([name, { origin }]) => [name, origin])),
      curves: [...this.#curves.values()],
      warnings: this.#warnings,
    };
  }
}
