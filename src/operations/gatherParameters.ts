import type { ModelConfiguration } from '../core/configuration';
import type { Parameters, ParameterValue } from '../core/parameters';
import type { ArtifactRecord, VersionRecord, Warning } from '../core/version';
import { readParameters } from '../runs';
import { findLiterals } from '../source';
import { expand, resolveInside } from '../workspace';
import { configurationBeside } from './configurationBeside';
import { versionBefore } from './resolve';
import { pathIn, type Rooms } from './rooms';
import { findTrainingScript, readScript, stillTrains } from './trainingScript';
import type { VersionOptions } from './versionRequests';

/** Parameters, and the place each was read from: `file`, `file:line`, or `option`. */
export interface GatheredParameters {
  readonly parameters: Parameters;
  readonly origins: Readonly<Record<string, string>>;
  /** Files that were read. */
  readonly paths: readonly string[];
  readonly warnings: readonly Warning[];
}

type Found = Pick<GatheredParameters, 'parameters' | 'origins' | 'warnings'>;

/**
 * Reads the parameters of a model: the files configured or named, else the literals at the top of
 * the training script; options count last and most.
 * @throws Failure `unreadable`, `no-such-file`
 */
export async function gatherParameters(
  rooms: Rooms,
  configuration: ModelConfiguration,
  options: Pick<VersionOptions, 'parameters' | 'parametersFile'>,
): Promise<GatheredParameters> {
  const paths = await parameterPaths(rooms, configuration, options);
  const scripts = paths.filter((path) => path.endsWith('.py'));
  const files = paths.filter((path) => !path.endsWith('.py'));
  const found: Found[] = [];
  for (const path of scripts) found.push(await fromScript(rooms, path));
  if (files.length > 0)
    found.push(await readParameters(rooms.platform, rooms.repository.root, files));
  if (options.parameters !== undefined) found.push(fromOptions(options.parameters));
  return { ...merge(found), paths };
}

/** The parameters of the working files, of a model whose files are `files`. */
export async function workingParameters(
  rooms: Rooms,
  model: string,
  files: readonly ArtifactRecord[],
): Promise<GatheredParameters> {
  return gatherParameters(rooms, await configurationBeside(rooms, model, weightsOf(files)), {});
}

/** The path of the model's weights among its files. */
export function weightsOf(files: readonly ArtifactRecord[]): string | null {
  return files.find(({ role }) => role === 'weights')?.path ?? null;
}

async function parameterPaths(
  rooms: Rooms,
  { name, parameters }: ModelConfiguration,
  { parametersFile }: Pick<VersionOptions, 'parametersFile'>,
): Promise<string[]> {
  const { platform, repository } = rooms;
  if (parametersFile !== undefined)
    return [await resolveInside(platform, repository.root, parametersFile)];
  if (parameters.length > 0) {
    const { files } = await expand(platform, repository.root, parameters);
    return files.map(({ path }) => path);
  }
  const before = scriptBefore(versionBefore(rooms, name));
  if (before !== null && (await stillTrains(platform, repository.root, before))) return [before];
  const script = await findTrainingScript(platform, repository.root);
  return script === null ? [] : [script];
}

/** The script that a version's parameters were found in; `null` where there is none, or several. */
function scriptBefore(version: VersionRecord | null): string | null {
  const places = Object.values(version?.parameterOrigins ?? {});
  const scripts = new Set(places.flatMap((place) => /^(.+\.py):\d+$/.exec(place)?.[1] ?? []));
  const [script = null] = scripts;
  return scripts.size === 1 ? script : null;
}

async function fromScript(rooms: Rooms, path: string): Promise<Found> {
  const text = (await readScript(rooms.platform, pathIn(rooms, path))) ?? '';
  const parameters: Record<string, ParameterValue> = {};
  const origins: Record<string, string> = {};
  for (const { name, value, line } of findLiterals(text)) {
    parameters[name] = value;
    origins[name] = `${path}:${line}`;
  }
  return { parameters, origins, warnings: [] };
}

function fromOptions(parameters: Parameters): Found {
  const origins = Object.fromEntries(Object.keys(parameters).map((key) => [key, 'option']));
  return { parameters, origins, warnings: [] };
}

function merge(found: readonly Found[]): Found {
  return {
    parameters: Object.assign({}, ...found.map(({ parameters }) => parameters)),
    origins: Object.assign({}, ...found.map(({ origins }) => origins)),
    warnings: found.flatMap(({ warnings }) => warnings),
  };
}
