import type { ModelConfiguration } from '../core/configuration';
import type { RollbackPart } from '../core/plan';
import type { VersionRecord } from '../core/version';
import { configurationName, matcher } from '../workspace';
import { configurationOf, knownModels } from './models';
import { currentOf } from './resolve';
import type { Rooms } from './rooms';

/** Which paths belong to a model, to another one, and to which part of a version. */
export interface Ownership {
  isCode(path: string): boolean;
  /** A model file of this or any other model. */
  isArtifact(path: string): boolean;
  /** The other model that a path belongs to; `null` when it is nobody else's. */
  otherOwner(path: string): string | null;
  partOf(path: string): RollbackPart;
}

/**
 * Reads who owns which path from `cairn.yaml` and the current versions.
 * `named`: model files given by name, and those of the record at hand.
 */
export async function ownershipOf(
  rooms: Rooms,
  model: string,
  named: readonly string[],
): Promise<Ownership> {
  const mine = await configurationOf(rooms, model);
  const others = (await knownModels(rooms)).filter((name) => name !== model);
  const owners = await Promise.all(
    others.map(async (name) => ({ name, owns: await artifactsOf(rooms, name) })),
  );
  const own = await artifactsOf(rooms, model);
  const configured = matchOn(rooms, mine.artifacts);
  const isNamed = among(named);
  const otherOwner = (path: string) =>
    configured(path) ? null : (owners.find(({ owns }) => owns(path))?.name ?? null);
  // What is configured for this model is its own, and so nobody else's.
  const isArtifact = (path: string) =>
    isNamed(path) || own(path) || owners.some(({ owns }) => owns(path));
  // Files of parameters are text that only the version's tree can give back.
  const isParameters = matchOn(rooms, mine.parameters);
  const isNamedCode = mine.code === null ? () => true : matchOn(rooms, mine.code);
  const matchesCode = (path: string) => isNamedCode(path) || isParameters(path);
  return {
    isArtifact,
    otherOwner,
    isCode: (path) => matchesCode(path) && !isArtifact(path),
    partOf: partition(rooms, mine, isArtifact),
  };
}

/** Globs ignore case where the file system does. */
function matchOn(rooms: Rooms, globs: readonly string[]): (path: string) => boolean {
  return matcher(globs, { system: rooms.platform.system });
}

async function artifactsOf(rooms: Rooms, model: string): Promise<(path: string) => boolean> {
  const configured = matchOn(rooms, (await configurationOf(rooms, model)).artifacts);
  const current: VersionRecord | null = currentOf(rooms, model);
  const isHeld = among(current?.files.map((file) => file.path) ?? []);
  return (path) => isHeld(path) || configured(path);
}

/** So few paths are compared one by one sooner than a path's hash is computed. */
const few = 4;

function among(paths: readonly string[]): (path: string) => boolean {
  const all = new Set(paths);
  return paths.length > few ? (path) => all.has(path) : (path) => paths.includes(path);
}

function partition(
  rooms: Rooms,
  mine: ModelConfiguration,
  isArtifact: (path: string) => boolean,
): (path: string) => RollbackPart {
  const parameters = matchOn(
    rooms,
    mine.parameters.filter((glob) => !glob.endsWith('.py')),
  );
  const datasets = mine.datasets.map(({ path }) => path.replace(/\/+$/, ''));
  return (path) => {
    if (isArtifact(path)) return 'artifacts';
    if (datasets.some((dataset) => path === dataset || path.startsWith(`${dataset}/`)))
      return 'data';
    return parameters(path) ? 'parameters' : 'code';
  };
}

/** Cairn's own file: it describes the project, not a version, and is never rolled back. */
export function isConfiguration(path: string): boolean {
  return path === configurationName;
}
