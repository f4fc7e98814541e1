import { isFailure } from '../core/failure';
import type { Platform } from '../platform';
import {
  conventionalNames,
  type ForeignRun,
  isEventFile,
  isEventPart,
  readDvcliveRun,
  readLightningRun,
  readLogFile,
  readTensorboardRun,
  readTrainerRun,
  readWandbRun,
} from '../runs';
import { absolutePath, directoryOf, matcher, nameOf } from '../workspace';

/** Where a tool writes the log of one training: a directory, or with `file` a JSON or a table. */
export interface LogPlace {
  readonly tool: 'tensorboard' | 'lightning' | 'huggingface' | 'dvclive' | 'wandb' | 'file';
  /** Relative to the project's top; empty for the top itself. */
  readonly path: string;
}

const checkpoint = /^checkpoint-\d+$/;
const plot = /^(?:(.+)\/)?plots\/metrics\/.+\.tsv$/;
const offlineLog = /^((?:.+\/)?(?:offline-)?run-\d{8}_\d{6}-[^/]+)\/run-[^/]+\.wandb$/;

/**
 * The directory of a run whose event files lie in this one: Keras names parts of a run `train` and
 * `validation`; below a log that has files of its own `add_hparams` makes a folder.
 */
export async function eventDirectory(platform: Platform, root: string, directory: string) {
  if (!isEventPart(nameOf(directory))) return directory;
  const above = directoryOf(directory);
  const listed = (await platform.disk.list(absolutePath(root, above))) ?? [];
  const hasOwn = listed.some(({ name }) => isEventFile(name));
  return hasOwn || !/^\d/.test(nameOf(directory)) ? above : directory;
}

/** Whether a directory holds a checkpoint of Hugging Face's `Trainer`, by its name. */
export function isCheckpoint(name: string): boolean {
  return checkpoint.test(name);
}

const isConventional = matcher([...conventionalNames.curves, ...conventionalNames.metrics]);

/**
 * The log that a file which was written belongs to, by its name; `null` for a file of no log.
 * @param isNamed whether `cairn.yaml` names the file as one of metrics or curves
 */
export async function logPlaceOf(
  platform: Platform,
  root: string,
  path: string,
  isNamed: boolean,
): Promise<LogPlace | null> {
  const [name, directory] = [nameOf(path), directoryOf(path)];
  if (name === 'metrics.csv' || isEventFile(name)) {
    const inside = (await platform.disk.list(absolutePath(root, directory))) ?? [];
    const has = (wanted: string) => inside.some((entry) => entry.name === wanted);
    if (has('metrics.csv') && has('hparams.yaml')) return { tool: 'lightning', path: directory };
  }
  if (isEventFile(name))
    return { tool: 'tensorboard', path: await eventDirectory(platform, root, directory) };
  if (name === 'trainer_state.json') {
    const path = isCheckpoint(nameOf(directory)) ? directoryOf(directory) : directory;
    return { tool: 'huggingface', path };
  }
  const plotted = plot.exec(path);
  if (plotted !== null) return { tool: 'dvclive', path: plotted[1] ?? '' };
  const offline = offlineLog.exec(path)?.[1];
  if (offline !== undefined) return { tool: 'wandb', path: offline };
  return isNamed || isConventional(name) ? { tool: 'file', path } : null;
}

/** What a log holds; `null` where nothing is there yet. @throws Failure `unreadable` */
export function readLogPlace(
  platform: Platform,
  root: string,
  { tool, path }: LogPlace,
): Promise<ForeignRun | null> {
  const readers = {
    tensorboard: readTensorboardRun,
    lightning: readLightningRun,
    huggingface: readTrainerRun,
    dvclive: readDvcliveRun,
    wandb: readWandbRun,
    file: readLogFile,
  };
  return readers[tool](platform, root, path);
}

/** The same; `null` too where it is being written and makes no sense yet. */
export async function growingLog(
  platform: Platform,
  root: string,
  place: LogPlace,
): Promise<ForeignRun | null> {
  try {
    return await readLogPlace(platform, root, place);
  } catch (error) {
    // A file is often looked at while it is being written; the next look sees it whole.
    if (isFailure(error, 'unreadable')) return null;
    throw error;
  }
}
