import type { ModelConfiguration } from '../core/configuration';
import { isFailure } from '../core/failure';
import type {
  ArtifactRecord,
  CurveSet,
  JsonNumber,
  MetricOrigin,
  VersionRecord,
  Warning,
} from '../core/version';
import { compareArtifacts } from '../core/versionComparison';
import type { Platform } from '../platform';
import { readMetrics, readPredictions } from '../runs';
import { expand, resolveInside } from '../workspace';
import { weightsOf } from './gatherParameters';
import { digestsOf } from './gatherSources';
import { pathIn, type Rooms } from './rooms';
import type { VersionOptions } from './versionRequests';

/** Metrics with where each came from, and the curves of training. */
export interface GatheredMetrics {
  readonly metrics: Readonly<Record<string, JsonNumber>>;
  readonly origins: Readonly<Record<string, MetricOrigin>>;
  readonly curves: CurveSet;
  readonly paths: readonly string[];
  /** The file of predictions among them. */
  readonly predictions: string | null;
  readonly warnings: readonly Warning[];
}

/** What a metric must belong to. */
export interface MetricContext {
  readonly files: readonly ArtifactRecord[];
  readonly parent: VersionRecord | null;
  /** Only what the options name is read. */
  readonly onlyNamed?: boolean;
}

type MetricOptions = Pick<VersionOptions, 'metrics' | 'metricsFile' | 'curvesFile' | 'predictions'>;

interface MetricPaths {
  readonly metrics: readonly string[];
  readonly curves: readonly string[];
  readonly predictions: string | null;
}

/**
 * Reads metrics from, in rising order of weight: curves (the value at the weights' step), a
 * predictions file (computed), metric files, options. @throws Failure `unreadable`, `no-such-file`
 */
export async function gatherMetrics(
  rooms: Rooms,
  configuration: ModelConfiguration,
  options: MetricOptions,
  context: MetricContext,
): Promise<GatheredMetrics> {
  const weights = weightsOf(context.files);
  const paths = await pathsOf(rooms, configuration, options, context.onlyNamed === true);
  const read = [
    ...paths.curves,
    ...paths.metrics,
    ...(paths.predictions === null ? [] : [paths.predictions]),
  ];
  const logged = await readMetrics(rooms.platform, rooms.repository.root, { ...paths, weights });
  const computed = await predicted(rooms, paths.predictions, configuration);
  const fromCurves = ([key]: [string, JsonNumber]) => logged.origins[key]?.at !== undefined;
  const entries = Object.entries(logged.metrics);
  const curveValues = Object.fromEntries(entries.filter(fromCurves));
  const fileValues = Object.fromEntries(entries.filter((entry) => !fromCurves(entry)));
  const metrics = { ...curveValues, ...computed.metrics, ...fileValues, ...options.metrics };
  const origins = {
    ...logged.origins,
    ...keep(computed.origins, fileValues),
    ...optionOrigins(options),
  };
  const stale = await staleFiles(rooms, read, context);
  return {
    metrics,
    origins: markStale(origins, stale),
    curves: logged.curves,
    paths: read,
    predictions: paths.predictions,
    warnings: [...logged.warnings, ...computed.warnings, ...[...stale].map(staleWarning)],
  };
}

/** The names of all metrics that the files of a model hold now: what its primary one is chosen from. */
export async function metricNames(
  platform: Platform,
  root: string,
  configuration: ModelConfiguration,
): Promise<string[]> {
  try {
    const metrics = await matching(platform, root, configuration.metrics);
    const curves = await matching(platform, root, configuration.curves);
    return Object.keys(
      (await readMetrics(platform, root, { metrics, curves, weights: null })).metrics,
    );
  } catch (error) {
    // A file that cannot be read is told of at the commit; a search goes on without it.
    if (isFailure(error)) return [];
    throw error;
  }
}

async function pathsOf(
  rooms: Rooms,
  configuration: ModelConfiguration,
  options: MetricOptions,
  onlyNamed: boolean,
): Promise<MetricPaths> {
  const { platform, repository } = rooms;
  const named = (path: string) => resolveInside(platform, repository.root, path);
  const configured = (globs: readonly string[]) =>
    onlyNamed ? [] : matching(platform, repository.root, globs);
  const { metricsFile, curvesFile } = options;
  const predictions = options.predictions ?? null;
  const [found] =
    onlyNamed || configuration.predictions === null
      ? []
      : await matching(platform, repository.root, [configuration.predictions]);
  return {
    metrics:
      metricsFile === undefined
        ? await configured(configuration.metrics)
        : [await named(metricsFile)],
    curves:
      curvesFile === undefined ? await configured(configuration.curves) : [await named(curvesFile)],
    predictions: predictions === null ? (found ?? null) : await named(predictions),
  };
}

async function matching(
  platform: Platform,
  root: string,
  globs: readonly string[],
): Promise<string[]> {
  if (globs.length === 0) return [];
  return (await expand(platform, root, globs)).files.map(({ path }) => path);
}

async function predicted(rooms: Rooms, path: string | null, { positive }: ModelConfiguration) {
  if (path === null) return { metrics: {}, origins: {}, warnings: [] };
  const { metrics, warnings } = await readPredictions(
    rooms.platform,
    rooms.repository.root,
    path,
    positive ?? undefined,
  );
  const origins = Object.fromEntries(Object.keys(metrics).map((key) => [key, { path }]));
  return { metrics, origins, warnings };
}

/** The origins of metrics that a metrics file does not name as well. */
function keep(
  origins: Readonly<Record<string, MetricOrigin>>,
  named: Readonly<Record<string, JsonNumber>>,
): Record<string, MetricOrigin> {
  return Object.fromEntries(Object.entries(origins).filter(([key]) => !Object.hasOwn(named, key)));
}

function optionOrigins({ metrics }: MetricOptions): Record<string, MetricOrigin> {
  return Object.fromEntries(Object.keys(metrics ?? {}).map((key) => [key, { path: 'option' }]));
}

/**
 * Files that are as they were in the parent, byte for byte and not written again since, while the
 * weights are others: what they say is of the parent's weights.
 */
async function staleFiles(
  rooms: Rooms,
  paths: readonly string[],
  { files, parent }: MetricContext,
): Promise<Set<string>> {
  if (parent === null || compareArtifacts(parent.files, files).length === 0) return new Set();
  const before = parent.sources ?? {};
  const now = await digestsOf(rooms, paths);
  const since = BigInt(Date.parse(parent.createdAt)) * 1_000_000n;
  const stale = new Set<string>();
  for (const [path, digest] of Object.entries(now)) {
    const facts = await rooms.platform.disk.followedFacts(pathIn(rooms, path));
    if (before[path] === digest && facts !== null && facts.modified < since) stale.add(path);
  }
  return stale;
}

function markStale(
  origins: Readonly<Record<string, MetricOrigin>>,
  stale: ReadonlySet<string>,
): Record<string, MetricOrigin> {
  const marked = Object.entries(origins).map(([key, origin]) => [
    key,
    stale.has(origin.path) ? { ...origin, stale: true } : origin,
  ]);
  return Object.fromEntries(marked);
}

function staleWarning(path: string): Warning {
  return {
    code: 'stale-metrics',
    path,
    message: `${path} did not change while the weights did; its metrics are marked stale and not ranked.`,
  };
}
