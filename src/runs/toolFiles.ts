import { isFailure } from '../core/failure';
import { flattenParameters, type ParameterValue } from '../core/parameters';
import type { Platform } from '../platform';
import { type ForeignRun, isoFrom, seriesFrom } from './foreignRun';
import { readMetricFile } from './metricFile';
import { readDocument } from './parameterDocument';
import { readTextFile, type TextFile } from './textFile';

const limit = 128 * 1024 * 1024;

/** The series and values of one text of metrics (JSON, CSV, TSV). @throws Failure `unreadable` */
export function seriesIn(file: TextFile) {
  return seriesFrom(readMetricFile(file, 'curves'));
}

/** Flat parameters of one text (JSON, YAML, TOML). @throws Failure `unreadable` */
export function parametersIn(file: TextFile): Record<string, ParameterValue> {
  const { tree } = readDocument(file);
  if (typeof tree !== 'object' || tree === null) return {};
  try {
    return flattenParameters(tree);
  } catch (error) {
    // Nesting without end is data, not a set of parameters.
    if (error instanceof RangeError) return {};
    throw error;
  }
}

/** A text file, `null` where there is none. @throws Failure `unreadable` */
export async function textAt(
  platform: Platform,
  root: string,
  path: string,
): Promise<TextFile | null> {
  try {
    return await readTextFile(platform, root, path, limit);
  } catch (error) {
    if (isFailure(error, 'no-such-file')) return null;
    throw error;
  }
}

/** A file beside a log; `null` too where it makes no sense: the log is worth reading without it. */
async function besideLog<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (isFailure(error, 'unreadable')) return null;
    throw error;
  }
}

async function parametersAt(platform: Platform, root: string, path: string) {
  const read = async () => {
    const file = await textAt(platform, root, path);
    return file === null ? {} : parametersIn(file);
  };
  return (await besideLog(read)) ?? {};
}

/**
 * `lightning_logs/version_N/{metrics.csv, hparams.yaml}`, or a Keras CSVLogger's folder: the table's
 * sparse rows are series.
 */
export async function readLightningRun(
  platform: Platform,
  root: string,
  path: string,
): Promise<ForeignRun | null> {
  const table = await textAt(platform, root, `${path}/metrics.csv`);
  if (table === null) return null;
  const parameters = await parametersAt(platform, root, `${path}/hparams.yaml`);
  return runOf(platform, root, `${path}/metrics.csv`, path, seriesIn(table), parameters);
}

/** A JSON or a table of metrics by itself: Keras' history and CSVLogger, and what is named as one. */
export async function readLogFile(
  platform: Platform,
  root: string,
  path: string,
): Promise<ForeignRun | null> {
  const file = await textAt(platform, root, path);
  if (file === null) return null;
  const read = readMetricFile(file, 'curves');
  // Values without a step are a result, not a log.
  const series = read.values.size > 0 && read.step === null ? [] : seriesFrom(read);
  return runOf(platform, root, path, path, series, {});
}

/** `checkpoint-N/trainer_state.json` of a Hugging Face `Trainer`: the newest has the whole log. */
export async function readTrainerRun(
  platform: Platform,
  root: string,
  path: string,
): Promise<ForeignRun | null> {
  const entries = (await platform.disk.list(`${root}/${path}`)) ?? [];
  const steps = entries
    .map(({ name }) => /^checkpoint-(\d+)$/.exec(name)?.[1])
    .filter((step) => step !== undefined)
    .sort((a, b) => Number(b) - Number(a));
  const folders = ['', ...steps.map((step) => `/checkpoint-${step}`)];
  let problem: unknown = null;
  for (const folder of folders) {
    try {
      const run = await trainerState(platform, root, path, `${path}${folder}/trainer_state.json`);
      if (run !== null) return run;
    } catch (error) {
      // The newest may have been cut off while it was written; the one before has most of it.
      if (!isFailure(error, 'unreadable')) throw error;
      problem ??= error;
    }
  }
  if (problem !== null) throw problem;
  return null;
}

async function trainerState(
  platform: Platform,
  root: string,
  path: string,
  name: string,
): Promise<ForeignRun | null> {
  const file = await textAt(platform, root, name);
  if (file === null) return null;
  const hyper = ['max_steps', 'num_train_epochs', 'train_batch_size', 'best_metric'];
  const state = parametersIn({ ...file, path: 'state.json' });
  const kept = hyper.flatMap((key) => (state[key] === undefined ? [] : [[key, state[key]]]));
  const parameters = Object.fromEntries(kept) as Record<string, ParameterValue>;
  return runOf(platform, root, file.path, path, seriesIn(file), parameters);
}

/** `dvclive/{metrics.json, params.yaml, plots/metrics/**.tsv}`. */
export async function readDvcliveRun(
  platform: Platform,
  root: string,
  path: string,
): Promise<ForeignRun | null> {
  const metrics = await textAt(platform, root, `${path}/metrics.json`);
  if (metrics === null) return null;
  const plots = await plotSeries(platform, root, `${path}/plots/metrics`);
  const parameters = await parametersAt(platform, root, `${path}/params.yaml`);
  const plotted = new Set(plots.map(({ name }) => name));
  const last = seriesIn(metrics).map((one) => ({ ...one, name: one.name.replaceAll('.', '/') }));
  const series = [...plots, ...last.filter(({ name }) => !plotted.has(name))];
  return runOf(platform, root, metrics.path, path, series, parameters);
}

/** Plots of a metric lie in folders that are the first parts of its name: `train/loss.tsv`. */
async function plotSeries(platform: Platform, root: string, path: string, prefix = '') {
  const found: ReturnType<typeof seriesIn> = [];
  for (const { name, kind } of (await platform.disk.list(`${root}/${path}`)) ?? []) {
    const below = `${path}/${name}`;
    if (kind === 'directory') {
      found.push(...(await plotSeries(platform, root, below, `${prefix}${name}/`)));
    }
    if (kind === 'directory' || !name.endsWith('.tsv')) continue;
    const full = `${prefix}${name.replace(/\.tsv$/, '')}`;
    const read = await besideLog(async () => {
      const file = await textAt(platform, root, below);
      return file === null ? [] : seriesIn(file);
    });
    for (const series of read ?? []) found.push({ ...series, name: full });
  }
  return found;
}

async function runOf(
  platform: Platform,
  root: string,
  file: string,
  path: string,
  series: ForeignRun['series'],
  parameters: ForeignRun['parameters'],
): Promise<ForeignRun> {
  const facts = await platform.disk.followedFacts(`${root}/${file}`);
  const at = facts === null ? null : isoFrom(Number(facts.modified / 1_000_000n));
  return {
    ...{ key: path, title: path, state: 'finished', startedAt: at, endedAt: at, parameters },
    ...{ tags: {}, series, commit: null, command: [], extent: facts?.size ?? 0 },
  };
}
