import { Failure, isFailure, throwIfCancelled } from '../core/failure';
import { canonicalJson } from '../core/operation';
import type { Activity } from '../core/progress';
import { newRun, type RunRecord } from '../core/run';
import {
  type ForeignRun,
  mlflowRegistry,
  mlflowRunFolders,
  readMlflowRun,
  readWandbRun,
  textsByRun,
  withoutRun,
} from '../runs';
import { resolveInside } from '../workspace';
import { type DvcReading, readDvc } from './importDvc';
import { type GtoTags, readGto } from './importGto';
import { readMlflowDatabase } from './importMlflow';
import { findImports, type ImportPlace } from './importPlaces';
import { locked } from './locked';
import { readLogPlace } from './logPlaces';
import { isFollowed } from './quietRuns';
import { type Rooms, requireWritable } from './rooms';
import type { ImportResult, ImportSummary } from './runProject';

interface Found {
  readonly tool: string;
  readonly path: string;
  readonly runs: readonly ForeignRun[];
  readonly leftOut: ImportSummary['leftOut'];
}

/**
 * As `RunVerbs.importHistory`: nothing is written where the tools left it. A run that is here already
 * and has not grown is left as it is; one that was deleted here stays so.
 * @throws Failure `no-such-file` where `path` is nothing
 */
export async function importHistory(
  rooms: Rooms,
  request: { path?: string; dryRun?: boolean },
  activity?: Activity,
): Promise<ImportResult> {
  requireWritable(rooms, 'import');
  const start = await startOf(rooms, request.path);
  const { places, complete } = await findImports(
    rooms.platform,
    rooms.repository.root,
    start,
    activity,
  );
  const found: Found[] = [];
  for (const place of distinct(places)) {
    throwIfCancelled(activity?.signal);
    found.push(await readPlace(rooms, place));
  }
  const dvc = await readDvc(rooms);
  found.push(...dvcFound(dvc, found));
  const gto = await readGto(rooms);
  const link = await linker(rooms, gto);
  const sources: ImportSummary[] = [];
  for (const one of merged(found, complete)) {
    sources.push(await bring(rooms, one, link, request.dryRun === true));
  }
  const tags = gtoSummary(gto, found);
  if (tags !== null) sources.push(tags);
  return { sources, runs: sources.reduce((sum, { imported }) => sum + imported, 0) };
}

async function startOf(rooms: Rooms, path: string | undefined): Promise<string> {
  if (path === undefined || path === '.') return '';
  const inside = await resolveInside(rooms.platform, rooms.repository.root, path);
  const facts = await rooms.platform.disk.followedFacts(`${rooms.repository.root}/${inside}`);
  if (facts?.kind !== 'directory') throw new Failure('no-such-file', { path });
  return inside;
}

/** `train` and `validation` name their parent twice. */
function distinct(places: readonly ImportPlace[]): ImportPlace[] {
  return [...new Map(places.map((place) => [`${place.tool} ${place.path}`, place])).values()];
}

async function readPlace(rooms: Rooms, { tool, path }: ImportPlace): Promise<Found> {
  const { platform, repository } = rooms;
  const { root } = repository;
  const name = tool === 'mlflow-sqlite' ? 'mlflow' : tool;
  try {
    switch (tool) {
      case 'mlflow-sqlite':
        return { tool: name, path, ...(await readMlflowDatabase(platform, `${root}/${path}`)) };
      case 'mlflow':
        return { tool: name, path, ...(await readStore(rooms, path)) };
      case 'wandb':
        return { tool: name, path, ...(await readWandbFolder(rooms, path)) };
      case 'tensorboard':
      case 'lightning':
      case 'huggingface':
      case 'dvclive':
        return only(name, path, await readLogPlace(platform, root, { tool, path }));
    }
  } catch (error) {
    if (!isFailure(error, 'unreadable')) throw error;
    return { tool: name, path, runs: [], leftOut: [{ what: path, why: error.data.why }] };
  }
}

function only(tool: string, path: string, run: ForeignRun | null): Found {
  const isEmpty = run === null || !saysSomething(run);
  const leftOut = isEmpty ? [{ what: path, why: 'nothing in it could be read' }] : [];
  return { tool, path, runs: isEmpty ? [] : [run], leftOut };
}

function saysSomething({ series, parameters }: ForeignRun): boolean {
  return series.length > 0 || Object.keys(parameters).length > 0;
}

async function readStore(rooms: Rooms, path: string): Promise<Pick<Found, 'runs' | 'leftOut'>> {
  const store = `${rooms.repository.root}/${path}`;
  const registry = await mlflowRegistry(rooms.platform, store);
  const registered = textsByRun(registry.versions);
  const runs: ForeignRun[] = [];
  const leftOut: { what: string; why: string }[] = [];
  for (const folder of await mlflowRunFolders(rooms.platform, store)) {
    try {
      const run = await readMlflowRun(rooms.platform, store, folder);
      const models = registered.get(run?.key ?? '') ?? [];
      const tags: ForeignRun['tags'] =
        models.length === 0 ? {} : { 'registered model': models.join(', ') };
      if (run !== null) runs.push({ ...run, tags: { ...run.tags, ...tags } });
      else leftOut.push({ what: folder, why: 'it was deleted there, or has no meta.yaml' });
    } catch (error) {
      if (!isFailure(error, 'unreadable')) throw error;
      leftOut.push({ what: folder, why: error.data.why });
    }
  }
  const here = new Set(runs.map(({ key }) => key));
  return {
    runs,
    leftOut: [...leftOut, ...registry.leftOut, ...withoutRun(registry.versions, here)],
  };
}

async function readWandbFolder(
  rooms: Rooms,
  path: string,
): Promise<Pick<Found, 'runs' | 'leftOut'>> {
  const { root } = rooms.repository;
  const runs: ForeignRun[] = [];
  const leftOut: { what: string; why: string }[] = [];
  for (const { name, kind } of (await rooms.platform.disk.list(`${root}/${path}`)) ?? []) {
    if (kind !== 'directory') continue;
    try {
      const run = await readWandbRun(rooms.platform, root, `${path}/${name}`);
      if (run !== null && saysSomething(run)) runs.push(run);
      else if (run !== null) leftOut.push({ what: name, why: 'nothing was logged in it' });
    } catch (error) {
      if (!isFailure(error, 'unreadable')) throw error;
      leftOut.push({ what: name, why: error.data.why });
    }
  }
  return { runs, leftOut };
}

/** Experiments and results of pipelines; what lies in the working files as well is brought in once. */
function dvcFound(dvc: DvcReading, found: Found[]): Found[] {
  const known = new Map(dvc.results.map((run) => [curvesText(run), run.title]));
  for (const [index, one] of found.entries()) {
    const twins = one.runs.filter((run) => one.tool === 'dvclive' && known.has(curvesText(run)));
    const same = twins.map((run) => ({
      what: run.title,
      why: `it is ${known.get(curvesText(run))}`,
    }));
    const runs = one.runs.filter((run) => !twins.includes(run));
    found[index] = { ...one, runs, leftOut: [...one.leftOut, ...same] };
  }
  const { experiments, results, leftOut } = dvc;
  const parts: Found[] = [
    {
      tool: 'dvc',
      path: 'refs/exps',
      runs: experiments,
      leftOut: experiments.length > 0 ? leftOut : [],
    },
    {
      tool: 'dvc',
      path: 'dvc.yaml',
      runs: results,
      leftOut: experiments.length > 0 ? [] : leftOut,
    },
  ];
  return parts.filter(({ runs, leftOut }) => runs.length > 0 || leftOut.length > 0);
}

function curvesText({ series }: ForeignRun): string {
  const named = series.map(({ name, steps, values }) => ({ name, steps, values }));
  return JSON.stringify(named.sort((a, b) => (a.name < b.name ? -1 : 1)));
}

/** GTO's tags are no runs: they go with those of their commits, or are told of. */
function gtoSummary(gto: GtoTags, found: readonly Found[]): ImportSummary | null {
  if (gto.size === 0) return null;
  const commits = new Set(found.flatMap(({ runs }) => runs.map(({ commit }) => commit)));
  const leftOut = [...gto].flatMap(([commit, texts]) =>
    commits.has(commit)
      ? []
      : texts.map((what) => ({
          what,
          why: `no run was found of its commit ${commit.slice(0, 8)}`,
        })),
  );
  return { tool: 'gto', path: 'refs/tags', found: 0, imported: 0, known: 0, leftOut };
}

/** One line a tool and folder; many log folders of TensorBoard are one source. */
function merged(found: readonly Found[], complete: boolean): Found[] {
  const byTool = new Map<string, Found>();
  for (const one of found) {
    const isWhole = one.tool === 'mlflow' || one.tool === 'wandb' || one.tool === 'dvc';
    const path = isWhole ? one.path : (one.path.split('/')[0] ?? one.path);
    const key = `${one.tool} ${path}`;
    const before = byTool.get(key);
    byTool.set(key, {
      ...{ tool: one.tool, path },
      runs: [...(before?.runs ?? []), ...one.runs],
      leftOut: [...(before?.leftOut ?? []), ...one.leftOut],
    });
  }
  const sources = [...byTool.values()];
  if (complete) return sources;
  const why = 'there is more below than is looked through; name a folder to import';
  return [...sources, { tool: 'search', path: '', runs: [], leftOut: [{ what: 'the rest', why }] }];
}

type Link = (run: ForeignRun) => Pick<RunRecord, 'commit' | 'tags'>;

/** The commit that a run was made with: the one recorded, else the last one before it began. */
async function linker(rooms: Rooms, gto: GtoTags): Promise<Link> {
  const commits = await rooms.repository.commitTimes();
  return ({ commit, startedAt }) => {
    const began = startedAt === null ? Number.NaN : Date.parse(startedAt);
    const last = commits.find(({ at }) => at <= began);
    const recorded = commit === null || commit === '' ? null : { oid: commit, guessed: false };
    const link = recorded ?? (last === undefined ? null : { oid: last.oid, guessed: true });
    const named = link === null || link.guessed ? [] : (gto.get(link.oid) ?? []);
    const own: ForeignRun['tags'] = named.length === 0 ? {} : { gto: named.join(', ') };
    return { commit: link, tags: own };
  };
}

async function bring(
  rooms: Rooms,
  { tool, path, runs, leftOut }: Found,
  link: Link,
  dryRun: boolean,
): Promise<ImportSummary> {
  const followed = followedBefore(rooms, tool);
  const fresh = runs
    .map((run) => {
      const id = followed.get(run.key) ?? idOf(rooms, tool, run.key);
      return { run, id, record: recordOf(rooms, tool, path, id, run, link(run)) };
    })
    .filter(({ run, id, record }) => {
      const known = rooms.history.runs.find(id);
      if (known === null) return true;
      // Stages and aliases may have changed though nothing more was measured.
      return !known.deleted && (known.taken !== run.extent || !isSame(known.record, record));
    });
  if (!dryRun && fresh.length > 0) {
    await locked(rooms, 'import', async () => {
      rooms.history.transaction((writer) => {
        for (const { run, id, record } of fresh) {
          writer.runs.put(record, run.extent);
          writer.runs.clear(id);
          writer.runs.append(id, run.series);
        }
      });
    });
  }
  const known = runs.length - fresh.length;
  return { tool, path, found: runs.length, imported: dryRun ? 0 : fresh.length, known, leftOut };
}

const wandbRun = /run-\d{8}_\d{6}-(.+)$/;

/** The newest run of each log that a window followed while it grew: it is that one's. */
function followedBefore(rooms: Rooms, tool: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const run of rooms.history.runs.list({}).runs) {
    const { id, source, origin } = run;
    if (source !== tool || origin === null || !isFollowed(run)) continue;
    const key = tool === 'wandb' ? (wandbRun.exec(origin)?.[1] ?? origin) : origin;
    if (!found.has(key)) found.set(key, id);
  }
  return found;
}

/** The same at each import, and no other run's. */
function idOf(rooms: Rooms, tool: string, key: string): string {
  return `${tool}-${rooms.platform.hashing.sha256Of(`${tool}\n${key}`).slice(0, 16)}`;
}

function isSame(one: RunRecord, other: RunRecord): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

function recordOf(
  rooms: Rooms,
  tool: string,
  path: string,
  id: string,
  run: ForeignRun,
  { commit, tags }: Pick<RunRecord, 'commit' | 'tags'>,
): RunRecord {
  const { title, state, endedAt, parameters, command, key } = run;
  const known = rooms.history.runs.find(id)?.record;
  const startedAt = run.startedAt ?? known?.startedAt ?? rooms.platform.clock.now().toISOString();
  return {
    ...(known ?? newRun(id, tool, startedAt)),
    ...{ title, state, endedAt, parameters, command, commit },
    tags: { ...run.tags, ...tags },
    origin: key.startsWith(path) ? key : `${path}: ${key}`,
  };
}
