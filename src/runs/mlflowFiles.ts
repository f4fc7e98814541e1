import type { ParameterValue } from '../core/parameters';
import type { RunRecord } from '../core/run';
import type { Platform } from '../platform';
import { type ForeignRun, isoFrom } from './foreignRun';
import { metricNumber } from './metricNumber';
import { PointSet } from './points';
import { parametersIn, textAt } from './toolFiles';

/** MLflow's `RunStatus` (mlflow/protos/service.proto), by number and by name. */
const states: Readonly<Record<string, RunRecord['state']>> = {
  ...{ '1': 'running', '2': 'running', '3': 'finished', '4': 'failed', '5': 'stopped' },
  ...{ RUNNING: 'running', SCHEDULED: 'running', FINISHED: 'finished' },
  ...{ FAILED: 'failed', KILLED: 'stopped' },
};

/** What a status means for us; who says "running" and is imported has vanished. */
export function mlflowState(status: unknown): RunRecord['state'] {
  const state = states[String(status)] ?? 'finished';
  return state === 'running' ? 'vanished' : state;
}

/** A tag that says something; MLflow's own bookkeeping is long and is nobody's. */
export function isTellingTag(name: string): boolean {
  const hidden = ['mlflow.log-model.history', 'mlflow.source.git.diff', 'mlflow.note.content'];
  return !hidden.includes(name);
}

/** A parameter is text in MLflow; numbers and truths come back as what they were. */
export function mlflowParameter(text: string): ParameterValue {
  if (/^(?:True|False)$/.test(text)) return text === 'True';
  if (text === 'None') return null;
  const number = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) && (!/^[-+]?\d+$/.test(text) || Number.isSafeInteger(number))
    ? number
    : text;
}

/** The names of the runs in a file store: `<experiment>/<run, 32 hex>`. Deleted ones are in `.trash`. */
export async function mlflowRunFolders(platform: Platform, store: string): Promise<string[]> {
  const folders: string[] = [];
  for (const experiment of (await platform.disk.list(store)) ?? []) {
    if (experiment.kind !== 'directory' || experiment.name.startsWith('.')) continue;
    for (const run of (await platform.disk.list(`${store}/${experiment.name}`)) ?? []) {
      const isRun = run.kind === 'directory' && /^[0-9a-f]{32}$/.test(run.name);
      if (isRun) folders.push(`${experiment.name}/${run.name}`);
    }
  }
  return folders;
}

/** One run of a file store. `null` for one that was deleted. @throws Failure `unreadable` */
export async function readMlflowRun(
  platform: Platform,
  store: string,
  folder: string,
): Promise<ForeignRun | null> {
  const file = await textAt(platform, store, `${folder}/meta.yaml`);
  if (file === null) return null;
  const meta = parametersIn(file);
  const isRun = meta.run_id !== undefined || meta.run_uuid !== undefined;
  if (!isRun || meta.lifecycle_stage === 'deleted') return null;
  const tags = await mlflowValues(platform, store, `${folder}/tags`);
  const parameters = Object.entries(await mlflowValues(platform, store, `${folder}/params`));
  const points = new PointSet();
  const extent = await metricFiles(platform, store, `${folder}/metrics`, '', points);
  const key = String(meta.run_id ?? meta.run_uuid ?? folder);
  return {
    key,
    title: tags['mlflow.runName'] ?? String(meta.run_name ?? key),
    state: mlflowState(meta.status),
    startedAt: isoFrom(Number(meta.start_time)),
    endedAt: isoFrom(Number(meta.end_time)),
    parameters: Object.fromEntries(parameters.map(([name, text]) => [name, mlflowParameter(text)])),
    tags: {
      ...Object.fromEntries(Object.entries(tags).filter(([name]) => isTellingTag(name))),
      ...(typeof meta.artifact_uri === 'string' ? { artifacts: meta.artifact_uri } : {}),
    },
    series: points.all(),
    commit: tags['mlflow.source.git.commit'] ?? null,
    command: tags['mlflow.source.name'] === undefined ? [] : [tags['mlflow.source.name']],
    extent,
  };
}

/** Files whose whole text is the value; names may have folders in them. */
export async function mlflowValues(
  platform: Platform,
  store: string,
  path: string,
  prefix = '',
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name, kind } of (await platform.disk.list(`${store}/${path}`)) ?? []) {
    const below = `${path}/${name}`;
    if (kind === 'directory') {
      Object.assign(found, await mlflowValues(platform, store, below, `${prefix}${name}/`));
    } else {
      found[`${prefix}${name}`] = (await textAt(platform, store, below))?.text ?? '';
    }
  }
  return found;
}

/** A line a point: `timestamp_ms value [step]`. Returns how many bytes were read. */
async function metricFiles(
  platform: Platform,
  store: string,
  path: string,
  prefix: string,
  points: PointSet,
): Promise<number> {
  let extent = 0;
  for (const { name, kind } of (await platform.disk.list(`${store}/${path}`)) ?? []) {
    const below = `${path}/${name}`;
    if (kind === 'directory') {
      extent += await metricFiles(platform, store, below, `${prefix}${name}/`, points);
      continue;
    }
    const text = (await textAt(platform, store, below))?.text ?? '';
    extent += text.length;
    for (const line of text.split('\n')) {
      const [time = '', value = '', step = '0'] = line.trim().split(/\s+/);
      const number = metricNumber(value);
      if (number === null || number === undefined) continue;
      points.add(`${prefix}${name}`, 'step', Number(step) || 0, Number(number), Number(time));
    }
  }
  return extent;
}
