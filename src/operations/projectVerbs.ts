import type { Activity } from '../core/progress';
import type { ChartCurves } from './chartCurves';
import type { GrowingLogs } from './growingLogs';
import type { MetricsTables } from './metricsTable';
import type { Project } from './project';
import type { Rooms } from './rooms';
import type { TakeInRequest, TakenIn } from './runProject';
import { whenNeeded } from './whenNeeded';

const compare = whenNeeded(async () => (await import('./compare')).compare);
const comparisonEvidence = whenNeeded(
  async () => (await import('./comparisonEvidence')).comparisonEvidence,
);
const report = whenNeeded(async () => (await import('./comparisonReport')).report);
const reportMarkdown = whenNeeded(async () => (await import('./comparisonReport')).reportMarkdown);
const drop = whenNeeded(async () => (await import('./drop')).drop);
const exampleRow = whenNeeded(async () => (await import('./exampleRow')).exampleRow);
const codeOf = whenNeeded(async () => (await import('./files')).codeOf);
const modelFiles = whenNeeded(async () => (await import('./files')).modelFiles);
const readFile = whenNeeded(async () => (await import('./files')).readFile);
const gc = whenNeeded(async () => (await import('./gc')).gc);
const importHistory = whenNeeded(async () => (await import('./importHistory')).importHistory);
const takeIn = whenNeeded(async () => (await import('./inbox')).takeIn);
const lineHistory = whenNeeded(async () => (await import('./lineHistory')).lineHistory);
const log = whenNeeded(async () => (await import('./log')).log);
const operations = whenNeeded(async () => (await import('./operationLog')).operations);
const overview = whenNeeded(async () => (await import('./overview')).overview);
const parameterHistory = whenNeeded(
  async () => (await import('./parameterHistory')).parameterHistory,
);
const parameterDetail = whenNeeded(
  async () => (await import('./parameterHistoryDetail')).parameterDetail,
);
const planCommit = whenNeeded(async () => (await import('./planning')).planCommit);
const planUpdate = whenNeeded(async () => (await import('./planning')).planUpdate);
const rebuild = whenNeeded(async () => (await import('./rebuild')).rebuild);
const rollback = whenNeeded(async () => (await import('./rollback')).rollback);
const deleteRun = whenNeeded(async () => (await import('./runList')).deleteRun);
const run = whenNeeded(async () => (await import('./runList')).run);
const runCurves = whenNeeded(async () => (await import('./runList')).runCurves);
const runs = whenNeeded(async () => (await import('./runList')).runs);
const stopRun = whenNeeded(async () => (await import('./runList')).stopRun);
const commitOrRun = whenNeeded(async () => (await import('./runVersion')).commitOrRun);
const commitRun = whenNeeded(async () => (await import('./runVersion')).commitRun);
const curves = whenNeeded(async () => (await import('./show')).curves);
const revisions = whenNeeded(async () => (await import('./show')).revisions);
const show = whenNeeded(async () => (await import('./show')).show);
const status = whenNeeded(async () => (await import('./status')).status);
const storage = whenNeeded(async () => (await import('./storage')).storage);
const tensorSpread = whenNeeded(async () => (await import('./tensorSpread')).tensorSpread);
const undo = whenNeeded(async () => (await import('./undo')).undo);
const update = whenNeeded(async () => (await import('./update')).update);
const verify = whenNeeded(async () => (await import('./verify')).verify);

/** Binds every verb to one opened project. */
export function projectVerbs(rooms: Rooms): Project {
  const values = pastValues(rooms);
  const tables = metricsTables(rooms);
  const charts = chartCurves(rooms);
  const logs = growingLogs(rooms);
  const now = () => forOneVerb(rooms);
  return {
    root: rooms.repository.root,
    home: rooms.home,
    unwritable: rooms.history.unwritable?.data ?? null,
    status: (request, activity) => status(now(), request, activity),
    commit: (request, activity) => commitOrRun(now(), request, activity),
    planCommit: (request, activity) => planCommit(now(), request, activity),
    update: (request, activity) => update(now(), request, activity),
    planUpdate: (request, activity) => planUpdate(rooms, request, activity),
    log: (request) => log(rooms, request),
    show: (request) => show(rooms, request),
    revisions: (request) => revisions(rooms, request),
    compare: (request, activity) => compare(rooms, request, activity),
    report: (request, activity) => report(rooms, request, activity),
    reportMarkdown: (request, activity) => reportMarkdown(rooms, request, activity),
    evidence: (request, activity) => comparisonEvidence(rooms, request, activity),
    exampleRow: (request) => exampleRow(rooms, request),
    tensorSpread: (request) => tensorSpread(rooms, request),
    rollback: (request, activity) => rollback(now(), request, activity),
    undo: (request, activity) => undo(now(), request, activity),
    drop: (request, activity) => drop(now(), request, activity),
    operations: (request) => operations(rooms, request),
    verify: (request, activity) => verify(rooms, request, activity),
    gc: (request, activity) => gc(rooms, request, activity),
    storage: (request) => storage(rooms, request),
    rebuild: (activity) => rebuild(rooms, activity),
    overview: () => overview(rooms),
    table: async (request) => (await tables()).table(request),
    tableColumns: async (request) => (await tables()).tableColumns(request),
    chartCurves: async (request) => (await charts()).read(request),
    curves: (request) => curves(rooms, request),
    codeOf: (request) => codeOf(rooms, request),
    readFile: (request) => readFile(rooms, request),
    parameterHistory: async (request) => parameterHistory(rooms, await values.get(), request),
    parameterDetail: async (request) => parameterDetail(rooms, await values.get(), request),
    lineHistory: async (request) => lineHistory(rooms, await values.get(), request),
    modelFiles: () => modelFiles(rooms),
    takeIn: (request, activity) => takeInWith(rooms, logs, request, activity),
    runs: (request) => runs(rooms, request),
    run: (request) => run(rooms, request),
    runCurves: (request) => runCurves(rooms, request),
    commitRun: (request, activity) => commitRun(now(), request, activity),
    deleteRun: (request) => deleteRun(rooms, request),
    stopRun: (request) => stopRun(rooms, request),
    importHistory: (request, activity) => importHistory(rooms, request, activity),
    stamp: async () => String(rooms.history.dataVersion()),
    close: async () => {
      await values.close();
      await rooms.repository.forgo();
      rooms.history.close();
    },
  };
}

/** Each step of a verb asks how Git and the project are configured, and all of them mean the same. */
function forOneVerb(rooms: Rooms): Rooms {
  const repository = rooms.repository.settled();
  return { ...rooms, repository, configuration: madeOnce(() => rooms.configuration()) };
}

/** Made with the first question, and kept: what it read need not be read again. */
function pastValues(rooms: Rooms) {
  let begun = false;
  const get = madeOnce(async () => {
    begun = true;
    const { ParameterHistoryIndex } = await import('./parameterHistoryIndex');
    return new ParameterHistoryIndex(rooms);
  });
  return {
    get,
    close: async () => {
      if (begun) (await get()).close();
    },
  };
}

function growingLogs(rooms: Rooms): () => Promise<GrowingLogs> {
  return madeOnce(async () => new (await import('./growingLogs')).GrowingLogs(rooms));
}

/** Logs of tools are followed where somebody tells what changed: a window that is open. */
async function takeInWith(
  rooms: Rooms,
  logs: () => Promise<GrowingLogs>,
  { changed, ended = false }: TakeInRequest,
  activity?: Activity,
): Promise<TakenIn> {
  if (changed === undefined || rooms.readOnly) return takeIn(rooms, {}, activity);
  const growing = await logs();
  const followed = await growing.look(changed, ended);
  const touched = { logs: (since: number) => growing.touchedSince(since) };
  const taken = await takeIn(rooms, touched, activity);
  return { ...taken, runs: taken.runs + followed };
}

function metricsTables(rooms: Rooms): () => Promise<MetricsTables> {
  return madeOnce(async () => new (await import('./metricsTable')).MetricsTables(rooms));
}

function chartCurves(rooms: Rooms): () => Promise<ChartCurves> {
  return madeOnce(async () => new (await import('./chartCurves')).ChartCurves(rooms));
}

function madeOnce<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}
