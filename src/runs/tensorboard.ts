import type { ParameterValue } from '../core/parameters';
import { toJsonNumber } from '../core/version';
import type { Platform } from '../platform';
import { type ForeignRun, spanOf } from './foreignRun';
import type { MetricFile } from './metricFile';
import { axisKind } from './metricNames';
import { PointSet } from './points';
import { SeriesSet } from './series';
import { readEvent } from './tfEvent';
import { readRecords } from './tfRecord';

/** Whether a file is named as TensorBoard's writers name theirs. */
export function isEventFile(name: string): boolean {
  return name.includes('.tfevents.');
}

/** `SummaryWriter.add_hparams` writes into a folder of its own, named by the time. */
const hyperFolder = /^\d{9,}\.\d+$/;
/** Keras' and the estimators' names for the parts of one run. */
const parts: readonly string[] = ['train', 'validation', 'eval'];

/** Whether a folder of event files may be a part of the run that the folder above it is. */
export function isEventPart(name: string): boolean {
  return parts.includes(name) || hyperFolder.test(name);
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
        // Lightning logs the number of the epoch beside every value.
        if (axisKind(tag) !== null) continue;
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

async function eventFilesIn(
  platform: Platform,
  directory: string,
  prefix = '',
): Promise<EventFile[]> {
  const listed = (await platform.disk.list(directory)) ?? [];
  return listed
    .filter(({ name, kind }) => kind === 'file' && isEventFile(name))
    .map(({ name }) => ({ path: `${directory}/${name}`, prefix }));
}

/**
 * A log directory as a run: its own event files, and those of `train` and `validation` below it
 * (where Keras and estimators write) with these names before their tags, and the hyperparameters that
 * `add_hparams` wrote below.
 * @param path of the directory, relative to the root: the run's key and title
 */
export async function readTensorboardRun(
  platform: Platform,
  root: string,
  path: string,
): Promise<ForeignRun | null> {
  const top = [root, path].filter((one) => one !== '').join('/');
  const files = await eventFilesIn(platform, top);
  const hasOwn = files.length > 0;
  for (const { name, kind } of (await platform.disk.list(top)) ?? []) {
    const isPart = parts.includes(name) || (hasOwn && hyperFolder.test(name));
    if (kind !== 'directory' || !isPart) continue;
    const prefix = parts.includes(name) ? `${name}/` : '';
    files.push(...(await eventFilesIn(platform, `${top}/${name}`, prefix)));
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
