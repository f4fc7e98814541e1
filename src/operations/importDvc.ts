import type { ParameterValue } from '../core/parameters';
import {
  type DvcPipeline,
  dvcLock,
  dvcPipeline,
  type ForeignRun,
  isoFrom,
  orNothing,
  parametersIn,
  seriesIn,
  singlePoints,
} from '../runs';
import { directoryOf } from '../workspace';
import type { Rooms } from './rooms';

/** What DVC keeps in Git: experiments, and the results of its pipelines commit by commit. */
export interface DvcReading {
  readonly experiments: readonly ForeignRun[];
  /** A run of each commit that brought other results. */
  readonly results: readonly ForeignRun[];
  readonly leftOut: readonly { readonly what: string; readonly why: string }[];
}

const textLimit = 16 * 1024 * 1024;
/** Commits with results of their own that are brought in, the newest ones. */
const resultsMost = 1_000;
/** Commits that are looked through for them. */
const commitsMost = 20_000;

/** Reads what DVC keeps in Git. */
export async function readDvc(rooms: Rooms): Promise<DvcReading> {
  const experiments: ForeignRun[] = [];
  const leftOut: { what: string; why: string }[] = [];
  for (const [ref, oid] of await rooms.repository.refs('refs/exps/')) {
    // refs/exps/<2>/<38>/<name>: the commit that it began from, split, and its name.
    const match = /^refs\/exps\/([0-9a-f]{2})\/([0-9a-f]{38})\/([^/]+)$/.exec(ref);
    if (match === null) continue;
    const [, two = '', rest = '', name = ''] = match;
    const run = await readCommit(rooms, oid, `${two}${rest}`, name);
    if (run !== null) experiments.push(run);
    else leftOut.push({ what: ref, why: 'it holds no metrics and no parameters' });
  }
  const results = await readResults(rooms);
  return { experiments, results: results.runs, leftOut: [...leftOut, ...results.leftOut] };
}

/** The commits of HEAD's line whose `dvc.lock` or metrics are others than their parent's. */
async function readResults(rooms: Rooms): Promise<{
  runs: ForeignRun[];
  leftOut: { what: string; why: string }[];
}> {
  const head = (await rooms.repository.head()).commit;
  const folders = head === null ? [] : await pipelineFolders(rooms, head);
  if (folders.length === 0) return { runs: [], leftOut: [] };
  const commits = (await rooms.repository.commitTimes()).slice(0, commitsMost);
  const telling = await tellingPaths(rooms, head ?? '', folders);
  const places = commits.flatMap(({ oid }) => telling.map((path) => ({ commit: oid, path })));
  const blobs = await rooms.repository.past.blobsAt(places);
  const states = commits.map((_, index) =>
    telling.map((_path, at) => blobs[index * telling.length + at]?.oid ?? '').join(' '),
  );
  const changed = commits.filter((_, index) => {
    const state = states[index] ?? '';
    return state.trim() !== '' && state !== (states[index + 1] ?? '');
  });
  const runs: ForeignRun[] = [];
  for (const { oid } of changed.slice(0, resultsMost)) {
    const run = await readCommit(rooms, oid, oid, `DVC ${oid.slice(0, 8)}`);
    if (run !== null) runs.push(run);
  }
  const more = changed.length - resultsMost;
  const why = `only the newest ${resultsMost} are brought in`;
  return { runs, leftOut: more > 0 ? [{ what: `${more} older commits`, why }] : [] };
}

async function pipelineFolders(rooms: Rooms, commit: string): Promise<string[]> {
  const entries = await rooms.repository.entries(await rooms.repository.treeOf(commit));
  return entries
    .filter(({ path }) => isNamed(path, 'dvc.yaml'))
    .map(({ path }) => directoryOf(path));
}

/** The files that differ where results do. */
async function tellingPaths(rooms: Rooms, head: string, folders: readonly string[]) {
  const read = await new CommitFiles(rooms, head).pipelines();
  const named = read.flatMap(({ folder, metrics }) => metrics.map((path) => below(folder, path)));
  return [...new Set([...folders.map((folder) => below(folder, 'dvc.lock')), ...named])];
}

/** The texts of one commit that matter here. */
class CommitFiles {
  #tree: Promise<ReadonlyMap<string, string>> | null = null;

  constructor(
    private readonly rooms: Rooms,
    private readonly commit: string,
  ) {}

  async paths(): Promise<readonly string[]> {
    return [...(await this.#entries()).keys()];
  }

  /** `null` where there is no such file, or one too large to be read. */
  async text(path: string) {
    const oid = (await this.#entries()).get(path);
    if (oid === undefined) return null;
    const bytes = await this.rooms.repository.blob(oid, textLimit);
    return { path, text: bytes.toString('utf8') };
  }

  async pipelines(): Promise<(DvcPipeline & { folder: string })[]> {
    const found: (DvcPipeline & { folder: string })[] = [];
    for (const path of (await this.paths()).filter((one) => isNamed(one, 'dvc.yaml'))) {
      const file = await this.text(path);
      const read = file === null ? null : orNothing(() => dvcPipeline(file));
      if (read !== null) found.push({ ...read, folder: directoryOf(path) });
    }
    return found;
  }

  #entries(): Promise<ReadonlyMap<string, string>> {
    this.#tree ??= this.#read();
    return this.#tree;
  }

  async #read(): Promise<ReadonlyMap<string, string>> {
    const { repository } = this.rooms;
    const entries = await repository.entries(await repository.treeOf(this.commit));
    return new Map(entries.map(({ path, oid }) => [path, oid]));
  }
}

/** Which of a commit's files say what: by `dvc.yaml`, and by the names that DVCLive and people use. */
interface Roles {
  readonly parameters: readonly string[];
  readonly locks: readonly string[];
  readonly plots: readonly string[];
  readonly metrics: readonly string[];
}

async function rolesOf(files: CommitFiles): Promise<Roles> {
  const paths = await files.paths();
  const pipelines = await files.pipelines();
  const named = (key: 'metrics' | 'parameters' | 'plots') =>
    pipelines.flatMap((pipeline) => pipeline[key].map((path) => below(pipeline.folder, path)));
  const of = (pattern: RegExp, more: readonly string[]) => {
    const wanted = new Set(more);
    return paths.filter((path) => pattern.test(path) || wanted.has(path));
  };
  return {
    parameters: of(/(?:^|\/)params\.(?:yaml|json|toml)$/, named('parameters')),
    locks: paths.filter((path) => isNamed(path, 'dvc.lock')),
    plots: of(/(?:^|\/)plots\/metrics\/.+\.tsv$/, named('plots')),
    metrics: of(/(?:^|\/)metrics\.json$/, named('metrics')),
  };
}

/** @param base the commit that it is counted to */
async function readCommit(
  rooms: Rooms,
  oid: string,
  base: string,
  title: string,
): Promise<ForeignRun | null> {
  const files = new CommitFiles(rooms, oid);
  const roles = await rolesOf(files);
  const parameters: Record<string, ParameterValue> = {};
  const tags: Record<string, ParameterValue> = {};
  for (const path of roles.parameters) {
    const file = await files.text(path);
    if (file !== null)
      Object.assign(
        parameters,
        orNothing(() => parametersIn(file)),
      );
  }
  for (const path of roles.locks) {
    const file = await files.text(path);
    const lock = file === null ? null : orNothing(() => dvcLock(file));
    // What a stage ran with counts more than what its file says.
    Object.assign(parameters, lock?.parameters);
    const outputs = Object.entries(lock?.outputs ?? {});
    for (const [out, md5] of outputs)
      tags[`output ${below(directoryOf(path), out)}`] = `md5 ${md5}`;
  }
  const series = await seriesOf(files, roles);
  if (series.length === 0 && Object.keys(parameters).length === 0) return null;
  const at = isoFrom(await rooms.repository.commitTime(oid));
  return {
    ...{ key: oid, title, state: 'finished', startedAt: at, endedAt: at, parameters, tags },
    ...{ series, commit: base, command: [], extent: 1 },
  };
}

async function seriesOf(files: CommitFiles, { plots, metrics }: Roles) {
  const found = new Map<string, ForeignRun['series'][number]>();
  for (const path of plots) {
    const file = await files.text(path);
    const read = file === null ? null : orNothing(() => seriesIn(file));
    // DVCLive names a plot's file as the metric; the column has only the last part of it.
    const own = /(?:^|\/)plots\/metrics\/(.+)\.tsv$/.exec(path)?.[1];
    for (const one of read ?? []) {
      const name = own ?? one.name;
      if (one.axis !== 'index') found.set(name, { ...one, name });
    }
  }
  for (const path of metrics) {
    const file = await files.text(path);
    const read = file === null ? null : orNothing(() => lastValues(file));
    for (const one of read ?? []) {
      const isLive = plots.some((plot) => plot.startsWith(`${below(directoryOf(path), 'plots')}/`));
      const name = isLive ? one.name.replaceAll('.', '/') : one.name;
      // A plot has every step; the last values must not take its place.
      if (!found.has(name)) found.set(name, { ...one, name });
    }
  }
  return [...found.values()];
}

/** Metrics of DVC are JSON, YAML or TOML. */
function lastValues(file: { path: string; text: string }) {
  return /\.(?:ya?ml|toml)$/.test(file.path) ? singlePoints(parametersIn(file)) : seriesIn(file);
}

function isNamed(path: string, name: string): boolean {
  return path === name || path.endsWith(`/${name}`);
}

/** A path of a pipeline's, which may lead upwards. */
function below(folder: string, path: string): string {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
