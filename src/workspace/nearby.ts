import type { Platform } from '../platform';
import { escapeGlob, matcher } from './globs';
import { folderGlob } from './seriesGlobs';
import { directoryOf, nameOf } from './units';
import { walk } from './walk';

/** Names (globs of the last part of a path) that tools write under, most telling first. */
export interface ConventionalNames {
  readonly parameters: readonly string[];
  readonly metrics: readonly string[];
  readonly curves: readonly string[];
  readonly predictions: readonly string[];
}

export type NearbyFiles = {
  readonly [K in keyof ConventionalNames]: readonly string[];
};

/** Places beside a model where such files lie. */
const sidePlaces = [
  'metrics',
  'results',
  'result',
  'reports',
  'report',
  'evaluation',
  'eval',
  'logs',
  'log',
  'outputs',
  'output',
  'dvclive',
  'config',
  'configs',
  'conf',
];

/** The files of a project by their directories. */
export function byDirectory(paths: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return Map.groupBy(paths, directoryOf);
}

/**
 * Globs of the conventional files nearest to a model: in its directory or the first above it that
 * has any, or in a place for them beside it. Where the directories between are a series' own, the
 * glob fits every member (`version_*` + `/metrics.csv`).
 * @param directory of the member that the files are looked for
 */
export function nearbyFiles(
  directory: string,
  files: ReadonlyMap<string, readonly string[]>,
  names: ConventionalNames,
): NearbyFiles {
  const nearest = (kind: keyof ConventionalNames) => nearestNamed(directory, files, names[kind]);
  return {
    parameters: nearest('parameters'),
    metrics: nearest('metrics'),
    curves: nearest('curves'),
    predictions: nearest('predictions').slice(0, 1),
  };
}

/** More files than this beside a model are no place for a metrics file. */
const besideLimit = 20_000;

/**
 * As `nearbyFiles`, for a project that names no such files: looks into the model's directory, those
 * above it up to the root, and the places beside each, and nowhere else.
 */
export async function nearbyOnDisk(
  platform: Platform,
  root: string,
  directory: string,
  names: ConventionalNames,
): Promise<NearbyFiles> {
  const starts = [...upwards(directory)].flatMap((place) => [
    place,
    ...sidePlaces.map((side) => (place === '' ? side : `${place}/${side}`)),
  ]);
  const request = { starts, enters: () => false, entries: besideLimit };
  const { files } = await walk(platform, root, request);
  return nearbyFiles(directory, byDirectory(files), names);
}

function nearestNamed(
  directory: string,
  files: ReadonlyMap<string, readonly string[]>,
  names: readonly string[],
): string[] {
  const matchers = names.map((name) => matcher([name]));
  const rank = (path: string) => matchers.findIndex((matches) => matches(nameOf(path)));
  for (const place of upwards(directory)) {
    const inPlace = (side: string) => files.get(place === '' ? side : `${place}/${side}`) ?? [];
    const found = [...(files.get(place) ?? []), ...sidePlaces.flatMap(inPlace)]
      .filter((path) => rank(path) >= 0)
      .sort((a, b) => rank(a) - rank(b));
    if (found.length > 0) return found.map((path) => globFrom(place, path));
  }
  return [];
}

function* upwards(directory: string): Generator<string> {
  for (let place = directory; place !== ''; place = directoryOf(place)) yield place;
  yield '';
}

function globFrom(place: string, path: string): string {
  if (place === '') return escapeGlob(path);
  return `${folderGlob(place)}/${escapeGlob(path.slice(place.length + 1))}`;
}

/**
 * Of several files that one glob matches, those that go with a model file: with the longest way in
 * common. (`version_3/metrics.csv` for `version_3/checkpoints/last.ckpt`.)
 */
export function nearestTo(member: string, paths: readonly string[]): string[] {
  const shared = (path: string) => {
    const [one, other] = [member.split('/'), path.split('/')];
    const differs = other.findIndex((part, index) => part !== one[index]);
    return differs < 0 ? other.length : differs;
  };
  const most = Math.max(0, ...paths.map(shared));
  return paths.filter((path) => shared(path) === most);
}
