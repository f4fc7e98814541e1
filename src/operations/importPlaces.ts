import { throwIfCancelled } from '../core/failure';
import type { Activity } from '../core/progress';
import type { Platform } from '../platform';
import { isEventFile } from '../runs';
import { absolutePath } from '../workspace';
import { eventDirectory, isCheckpoint } from './logPlaces';

/** What kind of leavings lie at a path, relative to where was looked. */
export interface ImportPlace {
  readonly tool:
    | 'mlflow'
    | 'mlflow-sqlite'
    | 'tensorboard'
    | 'wandb'
    | 'lightning'
    | 'huggingface'
    | 'dvclive';
  readonly path: string;
}

const passedOver = new Set([
  ...['.git', '.hg', '.svn', 'node_modules', 'site-packages', '__pycache__', '.venv', 'venv'],
  ...['.dvc', '.cache', '.ipynb_checkpoints', '.tox', '.mypy_cache', '.pytest_cache'],
]);
const entriesMost = 50_000;
const deepest = 12;

/**
 * Looks below a directory for what other tools leave, by the names of files; links are not followed.
 * `complete` is false where there was more than is looked at.
 */
export async function findImports(
  platform: Platform,
  root: string,
  start: string,
  activity?: Activity,
): Promise<{ places: ImportPlace[]; complete: boolean }> {
  const places: ImportPlace[] = [];
  let entries = 0;
  let complete = true;
  const visit = async (path: string, depth: number): Promise<void> => {
    throwIfCancelled(activity?.signal);
    const listed = (await platform.disk.list(absolutePath(root, path))) ?? [];
    entries += listed.length;
    if (entries > entriesMost || depth > deepest) {
      complete = false;
      return;
    }
    const names = new Set(listed.map(({ name }) => name));
    if (names.has('pyvenv.cfg')) return;
    const { found, enough } = placesIn(path, names);
    for (const place of found) {
      const isLog = place.tool === 'tensorboard';
      places.push(isLog ? { ...place, path: await eventDirectory(platform, root, path) } : place);
    }
    if (enough) return;
    for (const { name, kind } of listed) {
      if (kind === 'directory' && !passedOver.has(name)) await visit(below(path, name), depth + 1);
    }
  };
  await visit(start, 0);
  return { places: places.sort((a, b) => (a.path < b.path ? -1 : 1)), complete };
}

/** What a directory is by what lies in it; `enough`: what is below it belongs to it. */
function placesIn(
  path: string,
  names: ReadonlySet<string>,
): { found: ImportPlace[]; enough: boolean } {
  const own = path.split('/').at(-1) ?? '';
  const listed = [...names];
  const found: ImportPlace[] = [];
  if (names.has('mlflow.db')) found.push({ tool: 'mlflow-sqlite', path: below(path, 'mlflow.db') });
  if (own === 'mlruns') return { found: [...found, { tool: 'mlflow', path }], enough: true };
  if (listed.some((name) => /^(?:offline-)?run-\d{8}_\d{6}-/.test(name))) {
    return { found: [...found, { tool: 'wandb', path }], enough: true };
  }
  if (names.has('metrics.json') && names.has('plots')) {
    return { found: [...found, { tool: 'dvclive', path }], enough: true };
  }
  const isTrainer = names.has('trainer_state.json') || listed.some(isCheckpoint);
  if (isTrainer && !isCheckpoint(own)) found.push({ tool: 'huggingface', path });
  if (names.has('metrics.csv') && names.has('hparams.yaml')) {
    return { found: [...found, { tool: 'lightning', path }], enough: true };
  }
  const hasEvents = listed.some(isEventFile);
  // `train` and `validation` of Keras are one run, and the folder above them is its name.
  if (hasEvents) found.push({ tool: 'tensorboard', path });
  return { found, enough: false };
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}/${name}`;
}
