import { basename } from 'node:path';
import type { Platform } from '../platform';
import { matcher, reachOf } from './globs';
import { isForeign, isLeftOut } from './leftOut';
import type { Identify } from './members';
import { uniqueNames } from './modelNaming';
import { byDirectory, type ConventionalNames, type NearbyFiles, nearbyFiles } from './nearby';
import { inOrder } from './parallel';
import { absolutePath, factsBehind } from './paths';
import { unitGlobs } from './seriesGlobs';
import { type SeriesOnDisk, seriesOnDisk, type Truncation } from './seriesOnDisk';
import { directoryOf, type ModelUnit } from './units';
import { type Walked, walk } from './walk';
import { SourcesPassed, worthGrouping } from './worthGrouping';

/** A model that lies on the disk, with all that `cairn.yaml` says of it. */
export interface DiscoveredModel extends NearbyFiles {
  /** Unique among the discovered, ignoring case. */
  readonly name: string;
  readonly kind: ModelUnit['kind'];
  /** Globs that find every member of the series, and no other model's. */
  readonly artifacts: readonly string[];
  /** Proposed by default: of the newest three, and not somebody else's by its place. */
  readonly ticked: boolean;
  /** Checkpoints: a folder or a set of shards is one. */
  readonly members: number;
  readonly files: number;
  readonly bytes: number;
  /** The newest member's path, and its time in milliseconds since the epoch. */
  readonly newest: { readonly path: string; readonly modified: number };
}

export interface Discovery {
  /** Newest first, at most twelve. */
  readonly models: readonly DiscoveredModel[];
  /** How many there are in all. */
  readonly found: number;
  /** Of all that were found. */
  readonly totals: { readonly files: number; readonly bytes: number };
  /** Data that DVC tracks, by its path; models excepted. */
  readonly datasets: readonly string[];
  /** Entries looked at. */
  readonly entries: number;
  /** What stopped it before all was seen. */
  readonly truncated: Truncation;
  /** Symbolic links to directories: not looked into. */
  readonly links: readonly string[];
  readonly unreadable: readonly string[];
}

export interface DiscoveryOptions {
  readonly identify: Identify;
  readonly names: ConventionalNames;
  /** For a model whose path says nothing; default: the root's last part. */
  readonly repository?: string;
  readonly limits?: Partial<DiscoveryLimits>;
  readonly signal?: AbortSignal;
}

export interface DiscoveryLimits {
  readonly entries: number;
  readonly milliseconds: number;
  /** Files whose content is looked at, because their ending does not tell. */
  readonly identified: number;
  readonly listed: number;
  readonly ticked: number;
}

const usual: DiscoveryLimits = {
  entries: 50_000,
  milliseconds: 2_000,
  identified: 400,
  listed: 12,
  ticked: 3,
};

/** The walk may take so much of the time; the rest is for looking at what was found. */
const walkingShare = 0.7;

/**
 * Looks for models in a folder that says nothing about them: names first, then the headers of what
 * an ending does not tell. Files that Git ignores count. Writes nothing.
 */
export async function discoverModels(
  platform: Platform,
  root: string,
  options: DiscoveryOptions,
): Promise<Discovery> {
  const limits = { ...usual, ...options.limits };
  const start = platform.clock.elapsed();
  const walked = await look(platform, root, options, limits, start);
  const files = worthGrouping(walked.files).filter(isPlain);
  const { series, truncated } = await seriesOnDisk(platform, root, files, {
    ...options,
    isKnown: matcher(Object.values(options.names).flat()),
    identified: limits.identified,
    until: start + limits.milliseconds,
  });
  series.sort((a, b) => b.modified - a.modified || (a.key < b.key ? -1 : 1));
  return {
    models: listed(series, walked.files, options.names, nameAll(series, root, options), limits),
    found: series.length,
    totals: {
      files: series.reduce((sum, each) => sum + each.files, 0),
      bytes: series.reduce((sum, each) => sum + each.bytes, 0),
    },
    datasets: trackedData(files, series),
    entries: walked.entries,
    truncated: walked.stopped ?? truncated,
    links: await directoryLinks(platform, root, walked),
    unreadable: walked.unreadable,
  };
}

function look(
  platform: Platform,
  root: string,
  { signal }: DiscoveryOptions,
  limits: DiscoveryLimits,
  start: number,
): Promise<Walked> {
  const sources = new SourcesPassed();
  return walk(platform, root, {
    starts: [''],
    enters: (_, name) => !isLeftOut(name),
    leaves: (entries, path) => {
      if (isForeign(entries)) return true;
      sources.enter(entries, path);
      return false;
    },
    passes: (name, directory) => sources.passes(name, directory),
    rank: rankOf,
    entries: limits.entries,
    until: start + limits.milliseconds * walkingShare,
    ...(signal === undefined ? {} : { signal }),
  });
}

const modelPlaces =
  /^(?:models?|checkpoints?|ckpts?|weights|outputs?|runs|results|saved_models?|lightning_logs|artifacts|experiments)$/i;
const dataPlaces = /^(?:data|datasets?|images|corpus|corpora|raw|processed)$/i;

function rankOf(name: string): 0 | 1 | 2 {
  if (modelPlaces.test(name)) return 0;
  return dataPlaces.test(name) ? 2 : 1;
}

/** Whether a glob can name the path on every system. */
function isPlain(path: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: names with such characters are what it looks for.
  return !/[\\\x00-\x1f]/.test(path);
}

/** By the path of the series, so that a name does not depend on which member is the newest. */
function nameAll(
  series: readonly SeriesOnDisk[],
  root: string,
  { repository = basename(root) }: DiscoveryOptions,
): (each: SeriesOnDisk) => string {
  const path = ({ units }: SeriesOnDisk) => units.map((unit) => unit.path).sort()[0] ?? '';
  const names = uniqueNames(series.map(path), repository);
  return (each) => names.get(path(each)) ?? repository;
}

function listed(
  series: readonly SeriesOnDisk[],
  files: readonly string[],
  conventional: ConventionalNames,
  nameOf: (each: SeriesOnDisk) => string,
  limits: DiscoveryLimits,
): DiscoveredModel[] {
  if (series.length === 0) return [];
  const places = byDirectory(files.filter(isPlain));
  const proposed = series.filter(isOwn).slice(0, limits.ticked);
  return series.slice(0, limits.listed).map((each) => ({
    name: nameOf(each),
    kind: each.newest.kind,
    artifacts: exactGlobs(each, series),
    ticked: proposed.includes(each),
    members: each.units.length,
    files: each.files,
    bytes: each.bytes,
    newest: { path: each.newest.path, modified: each.modified },
    ...nearbyFiles(placeOf(each.newest), places, conventional),
  }));
}

/** Models that were fetched, or that tests are made with, are not what is trained here. */
const fetched =
  /^(?:pretrained(?:[_-].*)?|base(?:[_-]models?)?|backbones?|foundation|third_party|vendor|data|datasets?|tests?|testdata|fixtures|examples?)$/i;

function isOwn({ newest }: SeriesOnDisk): boolean {
  return !newest.path.split('/').some((part) => fetched.test(part));
}

function placeOf({ kind, path }: ModelUnit): string {
  return kind === 'pretrained' || kind === 'saved-model' ? path : directoryOf(path);
}

/** More globs than this say nothing to a reader. */
const globLimit = 40;

/** The globs of a series, without what they would take in of another one. */
function exactGlobs(series: SeriesOnDisk, all: readonly SeriesOnDisk[]): string[] {
  const globs = [...new Set(series.units.flatMap(unitGlobs))].sort().slice(0, globLimit);
  const bases = globs.map((glob) => reachOf(glob).base);
  const matches = matcher(globs);
  const isNear = (path: string) => bases.some((base) => path.startsWith(base));
  const intruders = all.filter(
    (other) =>
      other !== series && other.newest.files.some(({ path }) => isNear(path) && matches(path)),
  );
  const own = series.newest.files.map(({ path }) => path);
  const unwanted = [...new Set(intruders.flatMap(({ units }) => units.flatMap(unitGlobs)))]
    .filter((glob) => !own.some(matcher([glob])))
    .sort()
    .slice(0, globLimit);
  return [...globs, ...unwanted.map((glob) => `!${glob}`)];
}

/** What `X.dvc` files track, without what is a model or holds one. */
function trackedData(files: readonly string[], series: readonly SeriesOnDisk[]): string[] {
  const models = series.flatMap(({ units }) => units.map(({ path }) => path));
  return files
    .filter((path) => path.endsWith('.dvc'))
    .map((path) => path.slice(0, -'.dvc'.length))
    .filter((path) => !models.some((model) => model === path || model.startsWith(`${path}/`)));
}

/** Links looked at, at most; more are not worth their time. */
const linkLimit = 50;

async function directoryLinks(
  platform: Platform,
  root: string,
  { links }: Walked,
): Promise<string[]> {
  const kinds = await inOrder(links.slice(0, linkLimit), async (path) => {
    const facts = await factsBehind(platform, absolutePath(root, path));
    return facts?.kind === 'directory' ? [path] : [];
  });
  return kinds.flat();
}
