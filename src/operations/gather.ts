import type { Activity } from '../core/progress';
import type { CurveSet, VersionRecord, Warning } from '../core/version';
import { readEnvironment } from '../workspace';
import { configurationBeside } from './configurationBeside';
import { gatherDatasets } from './gatherDatasets';
import { type GatheredFiles, type Gathering, gatherFiles } from './gatherFiles';
import { gatherMetrics } from './gatherMetrics';
import { gatherParameters, weightsOf } from './gatherParameters';
import { digestsOf } from './gatherSources';
import { configurationOf } from './models';
import type { UpdateRequest } from './project';
import { versionBefore } from './resolve';
import { pathIn, type Rooms } from './rooms';
import type { VersionOptions } from './versionRequests';

/** The fields of a record that are read from files and options. */
type Content = Pick<
  VersionRecord,
  | 'parameters'
  | 'parameterOrigins'
  | 'files'
  | 'datasets'
  | 'metrics'
  | 'metricOrigins'
  | 'environment'
  | 'sources'
>;

/** What the working files and the options say of a version. */
export interface Gathered extends Content, Omit<GatheredFiles, 'files'> {
  readonly curves: CurveSet;
  readonly curvesRecord: NonNullable<VersionRecord['curves']> | null;
  readonly predictionsRecord: NonNullable<VersionRecord['predictions']> | null;
}

/**
 * Reads everything that a version of a model is made of, but its code. With `store`, model files
 * and curves go into the artifact store on the way; without, nothing is written.
 */
export async function gather(
  rooms: Rooms,
  model: string,
  options: VersionOptions,
  mode: Gathering,
  activity?: Activity,
): Promise<Gathered> {
  const { files, ...rest } = await gatherFiles(rooms, model, options, mode, activity);
  const configuration = await configurationBeside(rooms, model, weightsOf(files));
  const parameters = await gatherParameters(rooms, configuration, options);
  const parent = versionBefore(rooms, model);
  const metrics = await gatherMetrics(rooms, configuration, options, { files, parent });
  const data = await gatherDatasets(rooms, model, options, activity);
  const warnings = [rest, parameters, metrics, data].flatMap((part) => part.warnings);
  return {
    ...rest,
    files,
    parameters: parameters.parameters,
    parameterOrigins: parameters.origins,
    metrics: metrics.metrics,
    metricOrigins: metrics.origins,
    curves: metrics.curves,
    curvesRecord: mode.store ? await storeCurves(rooms, metrics.curves) : null,
    predictionsRecord: mode.store ? await storeOwn(rooms, metrics.predictions) : null,
    datasets: data.datasets,
    environment: await readEnvironment(rooms.platform, rooms.repository.root),
    sources: await digestsOf(rooms, [...parameters.paths, ...metrics.paths]),
    warnings: distinct(warnings),
  };
}

/** Curves are one artifact: JSON, as `docs/formats.md` has it. */
export async function storeCurves(
  rooms: Rooms,
  curves: CurveSet,
): Promise<Gathered['curvesRecord']> {
  if (curves.length === 0) return null;
  const bytes = new TextEncoder().encode(JSON.stringify(curves));
  const { sha256, size } = await rooms.store.putBytes(bytes);
  return { sha256, size, series: curves.map(({ name }) => name) };
}

/** No larger files of predictions are read, and so none are kept. */
const largestPredictions = 128 * 1024 * 1024;

/**
 * Predictions are kept as they are, so that versions can be compared example by example.
 * @param file absolute
 * @param path under which the version names them
 */
export async function storePredictions(
  rooms: Rooms,
  file: string | null,
  path: string,
): Promise<Gathered['predictionsRecord']> {
  const { disk } = rooms.platform;
  const facts = file === null ? null : await disk.followedFacts(file);
  if (file === null || facts === null || facts.size > largestPredictions) return null;
  const bytes = await disk.readSmall(file, largestPredictions);
  if (bytes === null) return null;
  const { sha256, size } = await rooms.store.putBytes(bytes);
  return { path, sha256, size };
}

/** The file of predictions among the working files. */
async function storeOwn(rooms: Rooms, path: string | null): Promise<Gathered['predictionsRecord']> {
  return path === null ? null : storePredictions(rooms, pathIn(rooms, path), path);
}

function distinct(warnings: readonly Warning[]): Warning[] {
  return [
    ...new Map(warnings.map((warning) => [`${warning.code} ${warning.message}`, warning])).values(),
  ];
}

/** What an update replaces of a record. */
export interface Amendment {
  readonly content: Partial<VersionRecord>;
  /** `null`: they stay as they were. */
  readonly curves: CurveSet | null;
  /** Bytes of model files that are not in the store yet. */
  readonly newBytes: number;
  readonly leftOut: GatheredFiles['leftOut'];
  readonly warnings: readonly Warning[];
}

/** Reads only what the options of an update name; everything else of the record stays. */
export async function amend(
  rooms: Rooms,
  before: VersionRecord,
  request: UpdateRequest,
  mode: { store: boolean },
  activity?: Activity,
): Promise<Amendment> {
  const { content, ...files } = await amendedFiles(rooms, before, request, mode, activity);
  const parts = [
    content,
    await amendedParameters(rooms, before, request),
    await amendedDatasets(rooms, before, request, activity),
  ];
  const metrics = await amendedMetrics(rooms, before, request, mode);
  return {
    content: Object.assign({}, ...parts, metrics.content),
    curves: metrics.curves,
    ...files,
  };
}

async function amendedFiles(
  rooms: Rooms,
  before: VersionRecord,
  request: UpdateRequest,
  mode: { store: boolean },
  activity?: Activity,
) {
  if (request.files === undefined) return { content: {}, newBytes: 0, leftOut: [], warnings: [] };
  const gathered = await gatherFiles(rooms, before.model, request, mode, activity);
  const { files, newBytes, leftOut, warnings } = gathered;
  return { content: { files }, newBytes, leftOut, warnings };
}

async function amendedParameters(
  rooms: Rooms,
  before: VersionRecord,
  request: UpdateRequest,
): Promise<Partial<VersionRecord>> {
  if (request.parameters === undefined && request.parametersFile === undefined) return {};
  const { parametersFile } = request;
  const configuration = await configurationOf(rooms, before.model);
  const replaced =
    parametersFile === undefined
      ? null
      : await gatherParameters(rooms, configuration, { parametersFile });
  const given = request.parameters ?? {};
  const origins = Object.fromEntries(Object.keys(given).map((key) => [key, 'option']));
  return {
    parameters: { ...(replaced?.parameters ?? before.parameters), ...given },
    parameterOrigins: { ...(replaced?.origins ?? before.parameterOrigins), ...origins },
  };
}

async function amendedMetrics(
  rooms: Rooms,
  before: VersionRecord,
  request: UpdateRequest,
  { store }: { store: boolean },
) {
  const { metrics, metricsFile, curvesFile, predictions } = request;
  const named = [metrics, metricsFile, curvesFile, predictions].some(
    (option) => option !== undefined,
  );
  if (!named) return { content: {}, curves: null };
  const configuration = await configurationOf(rooms, before.model);
  const found = await gatherMetrics(rooms, configuration, request, {
    files: before.files,
    parent: null,
    onlyNamed: true,
  });
  const curvesRecord = store ? await storeCurves(rooms, found.curves) : null;
  const predictionsRecord = store ? await storeOwn(rooms, found.predictions) : null;
  const content: Partial<VersionRecord> = {
    metrics: { ...before.metrics, ...found.metrics },
    metricOrigins: { ...before.metricOrigins, ...found.origins },
    ...(curvesRecord === null ? {} : { curves: curvesRecord }),
    ...(predictionsRecord === null ? {} : { predictions: predictionsRecord }),
  };
  return { content, curves: found.curves.length === 0 ? null : found.curves };
}

async function amendedDatasets(
  rooms: Rooms,
  before: VersionRecord,
  request: UpdateRequest,
  activity?: Activity,
): Promise<Partial<VersionRecord>> {
  if (request.datasets === undefined) return {};
  const { datasets } = await gatherDatasets(
    rooms,
    before.model,
    { ...request, onlyNamed: true },
    activity,
  );
  const named = new Set(datasets.map(({ path }) => path));
  return { datasets: [...before.datasets.filter(({ path }) => !named.has(path)), ...datasets] };
}
