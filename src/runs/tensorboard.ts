import type { ParameterValue } from '../core/parameters';
import { toJsonNumber } from '../core/version';
import type { Platform } from '../platform';
import { type ForeignRun, spanOf } from './foreignRun';
import type { MetricFile } from './metricFile';
import { PointSet } from './points';
import { SeriesSet } from './series';
import { readEvent } from './tfEvent';
import { readRecords } from './tfRecord';

/** Whether a file is named as TensorBoard's writers name theirs. */
export function isEventFile(name: string): boolean {
  return name.includes('.tfevents.');
}

/** What event files hold: scalars as series, hyperparameters, and how many bytes were read. */
interface EventReading {
  readonly series: ReturnType<PointSet['all']>;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly taken: number;
}

/** One file and the words that stand before its tags. */
interface EventFile {
  readonly path: string;
  readonly prefix?: string;
}

/** Reads the event files of one run, in the order of their names. Torn tails are left out. */
async function readEventFiles(
  platform: Platform,
  files: readonly EventFile[],
): Promise<EventReading> {
  const points = new PointSet();
  const parameters: Record<string, ParameterValue> = {};
  let taken = 0;
  for (const { path, prefix = '' } of files) {
    const reading = await readRecords(platform, path, 0, (record) => {
      const event = readEvent(record);
      Object.assign(parameters, event.parameters);
      for (const { tag, value } of event.scalars) {
        const axis = tag.startsWith('epoch_') ? 'epoch' : 'step';
        points.add(`${prefix}${tag}`, axis, event.step, value, event.at);
      }
    });
    taken += reading?.taken ?? 0;
  }
  return { series: points.all(), parameters, taken };
}

/** One event file as a log that a version takes its curves from. */
export async function readEventMetrics(platform: Platform, path: string): Promise<MetricFile> {
  const { series } = await readEventFiles(platform, [{ path }]);
  const set = new SeriesSet();
  for (const { name, axis, steps, values, times } of series) {
    for (const [index, step] of steps.entries()) {
      const place = { epoch: axis === 'epoch' ? step : null, step: axis === 'step' ? step : null };
      const time = times[index] ?? null;
      set.add(name, toJsonNumber(values[index] ?? Number.NaN), { ...place, time, index });
    }
  }
  return { values: new Map(), step: null, series: set.all() };
}

/**
 * A log directory as a run: its own event files, and those of `train` and `validation` below it
 * (where Keras and estimators write) with these names before their tags.
 * @param path of the directory, relative to the root: the run's key and title
 */
export async function readTensorboardRun(
  platform: Platform,
  root: string,
  path: string,
): Promise<ForeignRun | null> {
  const files: EventFile[] = [];
  for (const part of ['', 'train', 'validation', 'eval']) {
    const directory = [root, path, part].filter((one) => one !== '').join('/');
    for (const { name, kind } of (await platform.disk.list(directory)) ?? []) {
      if (kind !== 'file' || !isEventFile(name)) continue;
      files.push({ path: `${directory}/${name}`, ...(part === '' ? {} : { prefix: `${part}/` }) });
    }
  }
  const { series, parameters, taken } = await readEventFiles(platform, files);
  if (series.length === 0 && Object.keys(parameters).length === 0) return null;
  return {
    key: path,
    title: path,
    state: 'finished',
    ...spanOf(series),
    parameters,
    tags: {},
    series,
    commit: null,
    command: [],
    extent: taken,
  };
}
