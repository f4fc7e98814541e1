import type { ModelConfiguration } from '../core/configuration';
import { Failure } from '../core/failure';
import { modelNameFrom, requireModelName } from '../core/names';
import type { Rooms } from './rooms';

/** The name a model has where nothing else names it: the repository folder's. */
export function defaultModelName(root: string): string {
  return modelNameFrom(root.split(/[\\/]/).filter(Boolean).at(-1) ?? 'model');
}

/** Every model that `cairn.yaml` or the history names, in that order. */
export async function knownModels(rooms: Rooms): Promise<string[]> {
  const configuration = await rooms.configuration();
  const names = configuration.models.map((model) => model.name);
  const taken = new Set(names.map((name) => name.toLowerCase()));
  for (const { name } of rooms.history.models()) {
    if (!taken.has(name.toLowerCase())) names.push(name);
  }
  return names;
}

/**
 * The model that is meant: the one named, else the only one.
 * @throws Failure `no-such-model`, `model-ambiguous`, `name-invalid`
 */
export async function resolveModel(rooms: Rooms, name: string | null | undefined): Promise<string> {
  const known = await knownModels(rooms);
  if (name === null || name === undefined) {
    if (known.length > 1) throw new Failure('model-ambiguous', { known });
    return known[0] ?? defaultModelName(rooms.repository.root);
  }
  requireModelName(name);
  const match = known.find((model) => model.toLowerCase() === name.toLowerCase());
  if (match !== undefined) return match;
  if (known.length === 0 && name === defaultModelName(rooms.repository.root)) return name;
  throw new Failure('no-such-model', { model: name, known });
}

/** What is configured for a model; an empty configuration where nothing is. */
export async function configurationOf(rooms: Rooms, model: string): Promise<ModelConfiguration> {
  const configuration = await rooms.configuration();
  const found = configuration.models.find(({ name }) => name.toLowerCase() === model.toLowerCase());
  return found ?? emptyConfiguration(model);
}

/** A model of which nothing is said: everything is code, files are looked for. */
export function emptyConfiguration(name: string): ModelConfiguration {
  return {
    name,
    code: null,
    artifacts: [],
    parameters: [],
    metrics: [],
    curves: [],
    predictions: null,
    positive: null,
    datasets: [],
    primary: null,
    maxDrop: null,
  };
}
