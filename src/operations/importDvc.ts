import { isFailure } from '../core/failure';
import { type ForeignRun, isoFrom, parametersIn, seriesIn } from '../runs';
import type { Rooms } from './rooms';

/** What DVC keeps in Git: experiments under `refs/exps`, and GTO's tags. */
export interface DvcReading {
  readonly experiments: readonly ForeignRun[];
  /** `name v1.2.0`, `name at prod`, by commit. */
  readonly tags: ReadonlyMap<string, readonly string[]>;
}

const textLimit = 16 * 1024 * 1024;
// dvclive's files, and what a pipeline's stages usually name.
const metricsFile = /(?:^|\/)(?:dvclive\/)?metrics\.json$/;
const plotFile = /(?:^|\/)plots\/metrics\/(.+)\.tsv$/;
const parametersFile = /(?:^|\/)params\.(?:yaml|json|toml)$/;

/** Reads what DVC and GTO keep in Git. */
export async function readDvc(rooms: Rooms): Promise<DvcReading> {
  const experiments: ForeignRun[] = [];
  for (const [ref, oid] of await rooms.repository.refs('refs/exps/')) {
    // refs/exps/<2>/<38>/<name>: the commit that it began from, split, and its name.
    const match = /^refs\/exps\/([0-9a-f]{2})\/([0-9a-f]{38})\/([^/]+)$/.exec(ref);
    if (match === null) continue;
    const [, two = '', rest = '', name = ''] = match;
    const run = await readExperiment(rooms, oid, `${two}${rest}`, name);
    if (run !== null) experiments.push(run);
  }
  return { experiments, tags: await readTags(rooms) };
}

async function readExperiment(
  rooms: Rooms,
  oid: string,
  base: string,
  name: string,
): Promise<ForeignRun | null> {
  const tree = await rooms.repository.treeOf(oid);
  const parameters: Record<string, ForeignRun['parameters'][string]> = {};
  const series = new Map<string, ForeignRun['series'][number]>();
  for (const { path, oid: blob } of await rooms.repository.entries(tree)) {
    const plot = plotFile.exec(path)?.[1];
    const isMetrics = metricsFile.test(path);
    const isParameters = parametersFile.test(path);
    if (plot === undefined && !isMetrics && !isParameters) continue;
    const text = (await rooms.repository.blob(blob, textLimit)).toString('utf8');
    try {
      if (isParameters) Object.assign(parameters, parametersIn({ path, text }));
      for (const one of isParameters ? [] : seriesIn({ path, text })) {
        const title = plot ?? one.name.replaceAll('.', '/');
        // A plot has every step; the last values must not take its place.
        if (plot !== undefined || !series.has(title)) series.set(title, { ...one, name: title });
      }
    } catch (error) {
      // A file that another tool wrote in another form says nothing of this experiment.
      if (!isFailure(error, 'unreadable')) throw error;
    }
  }
  if (series.size === 0 && Object.keys(parameters).length === 0) return null;
  const at = isoFrom(await rooms.repository.commitTime(oid));
  return {
    ...{ key: oid, title: name, state: 'finished', startedAt: at, endedAt: at, parameters },
    ...{ tags: {}, series: [...series.values()], commit: base, command: [], extent: 1 },
  };
}

/** GTO: `name@v1.2.0[!][#n]` registers, `name#stage[!][#n]` assigns (github.com/iterative/gto). */
async function readTags(rooms: Rooms): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (const [ref, oid] of await rooms.repository.refs('refs/tags/')) {
    const name = ref.slice('refs/tags/'.length);
    const version = /^(.+)@(v\d+\.\d+\.\d+)(?:#\d+)?$/.exec(name);
    const stage = version === null ? /^([^#]+)#([A-Za-z][\w-]*)(?:#\d+)?$/.exec(name) : null;
    const match = version ?? stage;
    if (match === null) continue;
    const commit = await rooms.repository.commitOf(oid);
    if (commit === null) continue;
    const text = version === null ? `${match[1]} at ${match[2]}` : `${match[1]} ${match[2]}`;
    found.set(commit, [...(found.get(commit) ?? []), text]);
  }
  return found;
}
