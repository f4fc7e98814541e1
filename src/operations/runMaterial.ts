import { Failure, isFailure } from '../core/failure';
import type { Activity } from '../core/progress';
import type { RunRecord, VersionRequest } from '../core/run';
import type {
  ArtifactRecord,
  Curve,
  DatasetRecord,
  JsonNumber,
  MetricOrigin,
  Warning,
} from '../core/version';
import { roleOf } from '../formats';
import { isSetting, readMetrics } from '../runs';
import { describeDataset, readEnvironment } from '../workspace';
import { type Gathered, gather, storeCurves } from './gather';
import { workingParameters } from './gatherParameters';
import { identifyFile } from './identify';
import { inboxOf, insideRun } from './inboxPlace';
import { configurationOf } from './models';
import type { Rooms } from './rooms';
import { predictedBy, predictionsUntil, storeLogged } from './runPredictions';
import type { VersionOptions } from './versionRequests';

/** What a run says of a version, in the place of what the working files say. */
type Said = Pick<
  Gathered,
  'parameters' | 'parameterOrigins' | 'metrics' | 'metricOrigins' | 'curves'
> & { readonly warnings: readonly Warning[] };

/** Everything but the code of a version that training code asked for. */
export async function requestedMaterial(
  rooms: Rooms,
  model: string,
  run: RunRecord,
  request: VersionRequest,
  activity?: Activity,
): Promise<Gathered> {
  const said = await saidBy(rooms, model, run, request);
  const { files, newBytes } = await storeCopies(rooms, run, request, activity);
  const data = await datasetsOf(rooms, model, run, activity);
  return {
    ...said,
    files,
    newBytes,
    leftOut: [],
    uncommitted: { files: 0, bytes: 0 },
    curvesRecord: await storeCurves(rooms, said.curves),
    predictionsRecord: await storeLogged(rooms, model, run, request),
    datasets: data.datasets,
    environment: run.environment ?? (await readEnvironment(rooms.platform, rooms.repository.root)),
    sources: {},
    warnings: [...said.warnings, ...data.warnings],
  };
}

/** The model files as they are now, with what the run says of them. */
export async function workingMaterial(
  rooms: Rooms,
  model: string,
  run: RunRecord,
  options: VersionOptions,
  activity?: Activity,
): Promise<Gathered> {
  const gathered = await gather(rooms, model, options, { store: true }, activity);
  const said = await saidBy(rooms, model, run, null);
  const data = await datasetsOf(rooms, model, run, activity);
  const curves = said.curves.length > 0 ? said.curves : gathered.curves;
  return {
    ...gathered,
    parameters: { ...said.parameters, ...options.parameters },
    parameterOrigins: { ...said.parameterOrigins, ...asOptions(options.parameters) },
    // The run's word counts more than that of files, which may be of another one.
    metrics: { ...gathered.metrics, ...said.metrics, ...options.metrics },
    metricOrigins: {
      ...gathered.metricOrigins,
      ...said.metricOrigins,
      ...Object.fromEntries(
        Object.keys(options.metrics ?? {}).map((key) => [key, { path: 'option' }]),
      ),
    },
    curves,
    curvesRecord: await storeCurves(rooms, curves),
    predictionsRecord:
      options.predictions === undefined
        ? ((await storeLogged(rooms, model, run, null)) ?? gathered.predictionsRecord)
        : gathered.predictionsRecord,
    datasets: data.datasets.length > 0 ? data.datasets : gathered.datasets,
    environment: run.environment ?? gathered.environment,
    warnings: [...gathered.warnings, ...said.warnings, ...data.warnings],
  };
}

function asOptions(given: VersionOptions['parameters']): Record<string, string> {
  return Object.fromEntries(Object.keys(given ?? {}).map((key) => [key, 'option']));
}

async function saidBy(
  rooms: Rooms,
  model: string,
  run: RunRecord,
  request: VersionRequest | null,
): Promise<Said> {
  const parameters = await parametersOf(rooms, model, run);
  const until = request === null ? {} : { until: request.at };
  const logged = rooms.history.runs.curves(run.id, { ...until, withTimes: true });
  const filed = await filedCurves(rooms, run, request);
  const computed = await predictedBy(rooms, model, run, predictionsUntil(run, request));
  const last = lastValues(logged);
  const metrics = { ...filed.metrics, ...computed.metrics, ...last.metrics, ...request?.metrics };
  const given = Object.keys(request?.metrics ?? {}).map((key) => [key, { path: 'option' }]);
  return {
    ...parameters,
    metrics,
    metricOrigins: {
      ...filed.origins,
      ...computed.origins,
      ...last.origins,
      ...Object.fromEntries(given),
    },
    curves: logged.length > 0 ? logged : filed.curves,
    warnings: [...parameters.warnings, ...filed.warnings, ...computed.warnings],
  };
}

/** The run's own; where it logged none those of the working files. */
async function parametersOf(rooms: Rooms, model: string, run: RunRecord) {
  const keys = Object.keys(run.parameters);
  if (keys.length > 0) {
    const parameterOrigins = Object.fromEntries(keys.map((key) => [key, 'run']));
    return { parameters: run.parameters, parameterOrigins, warnings: [] };
  }
  const { parameters, origins, warnings } = await workingParameters(rooms, model, []);
  return { parameters, parameterOrigins: origins, warnings };
}

function lastValues(curves: readonly Curve[]) {
  const metrics: Record<string, JsonNumber> = {};
  const origins: Record<string, MetricOrigin> = {};
  for (const { name, steps, values } of curves) {
    const [step, value] = [steps.at(-1), values.at(-1)];
    if (step === undefined || value === undefined || isSetting(name)) continue;
    metrics[name] = value;
    origins[name] = { path: 'run', step, at: 'checkpoint' };
  }
  return { metrics, origins };
}

/** A history that came with the request as a file. */
async function filedCurves(rooms: Rooms, run: RunRecord, request: VersionRequest | null) {
  const none = { metrics: {}, origins: {}, curves: [], warnings: [] };
  if (request === null || request.history === null) return none;
  try {
    const paths = { metrics: [], curves: [insideRun(request.history)] };
    return await readMetrics(rooms.platform, inboxOf(rooms, run.id), paths);
  } catch (error) {
    if (!isFailure(error, 'unreadable') && !isFailure(error, 'no-such-file')) throw error;
    const message = `${request.history} is no training history; the version is made without it.`;
    return { ...none, warnings: [{ code: 'no-history', message, path: request.history }] };
  }
}

/** Puts the copies that training code made into the store, under the paths that they are of. */
async function storeCopies(
  rooms: Rooms,
  run: RunRecord,
  request: VersionRequest,
  activity?: Activity,
): Promise<{ files: ArtifactRecord[]; newBytes: number }> {
  const files: ArtifactRecord[] = [];
  let newBytes = 0;
  for (const { path, copy } of request.files) {
    const absolute = `${inboxOf(rooms, run.id)}/${insideRun(copy)}`;
    const { format, complete, header } = await identifyFile(rooms.platform, absolute);
    if (!complete) {
      throw new Failure('file-torn', {
        path,
        why: header.why ?? 'its header does not fit its length',
      });
    }
    const { sha256, size, added } = await rooms.store.put(absolute, activity);
    files.push({ path: insideRun(path), role: roleOf(path, format), format, size, sha256 });
    newBytes += added;
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { files, newBytes };
}

/** The data sets that the run named, else those of the configuration. */
async function datasetsOf(rooms: Rooms, model: string, run: RunRecord, activity?: Activity) {
  const configured = (await configurationOf(rooms, model)).datasets;
  const named = run.datasets.length > 0 ? run.datasets : configured;
  const datasets: DatasetRecord[] = [];
  const warnings: Warning[] = [];
  for (const dataset of named) {
    const described = await describeDataset(rooms.platform, rooms.repository.root, dataset, {
      memory: rooms.memory,
      ...(activity === undefined ? {} : { activity }),
    });
    if (described.record !== null) datasets.push(described.record);
    warnings.push(...described.warnings);
  }
  datasets.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { datasets, warnings };
}
