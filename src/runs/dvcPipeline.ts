import { isFailure } from '../core/failure';
import { flattenParameters, type ParameterValue } from '../core/parameters';
import { readDocument } from './parameterDocument';
import type { TextFile } from './textFile';

/** What a `dvc.yaml` names: paths relative to its own folder, those in braces left out. */
export interface DvcPipeline {
  readonly metrics: readonly string[];
  readonly parameters: readonly string[];
  readonly plots: readonly string[];
}

type Tree = Readonly<Record<string, unknown>>;

/**
 * Reads the metrics, parameters and plots that a `dvc.yaml` names, at its top and in its stages
 * (https://dvc.org/doc/user-guide/project-structure/dvcyaml-files). @throws Failure `unreadable`
 */
export function dvcPipeline(file: TextFile): DvcPipeline {
  const tree = asTree(readDocument(file).tree);
  const stages = Object.values(asTree(tree.stages)).map(asTree);
  const parts = [tree, ...stages, ...stages.map((stage) => asTree(stage.do))];
  const named = (key: string) => {
    const paths = parts.flatMap((part) => names(part[key])).filter((path) => !path.includes('${'));
    return [...new Set(paths)];
  };
  const isFile = (path: string) => /\.(?:ya?ml|json|toml)$/.test(path);
  const parameters = named('params').map((path) => path.replace(/:$/, ''));
  return {
    metrics: named('metrics'),
    parameters: ['params.yaml', ...parameters.filter((path) => isFile(path))],
    plots: named('plots').filter((path) => /\.(?:csv|tsv|json)$/.test(path)),
  };
}

/** What a `dvc.lock` holds: the parameters that its stages ran with, and the digests of what came out. */
export interface DvcLock {
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** MD5 by path. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** @throws Failure `unreadable` */
export function dvcLock(file: TextFile): DvcLock {
  // It is YAML, whatever its name.
  const { tree } = readDocument({ ...file, path: `${file.path}.yaml` });
  const stages = Object.values(asTree(asTree(tree).stages)).map(asTree);
  const parameters: Record<string, ParameterValue> = {};
  const outputs: Record<string, string> = {};
  for (const stage of stages) {
    for (const values of Object.values(asTree(stage.params))) {
      Object.assign(parameters, flat(asTree(values)));
    }
    for (const out of Array.isArray(stage.outs) ? stage.outs.map(asTree) : []) {
      if (typeof out.path === 'string' && typeof out.md5 === 'string') outputs[out.path] = out.md5;
    }
  }
  return { parameters, outputs };
}

/** As DVC finds its stages broken: then nothing is known of them. */
export function orNothing<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (isFailure(error, 'unreadable')) return null;
    throw error;
  }
}

function flat(tree: object): Record<string, ParameterValue> {
  try {
    return flattenParameters(tree);
  } catch (error) {
    // Nesting without end is no set of parameters.
    if (error instanceof RangeError) return {};
    throw error;
  }
}

function asTree(value: unknown): Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Tree)
    : {};
}

/** A list of paths, of `{path: options}`, or an object of them. */
function names(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(names);
  return Object.keys(asTree(value));
}
