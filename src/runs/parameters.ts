import {
  flattenParameters,
  type Parameters,
  type ParameterValue,
  sameParameter,
} from '../core/parameters';
import type { Warning } from '../core/version';
import type { Platform } from '../platform';
import { readDocument } from './parameterDocument';
import { readTextFile, type TextFile, unreadable } from './textFile';

/** Parameters read from files. */
export interface ParameterReading {
  readonly parameters: Parameters;
  /** `file:line`, or the file alone where the line is not known. */
  readonly origins: Readonly<Record<string, string>>;
  readonly warnings: readonly Warning[];
}

/** A parameter file is written by hand; more than this is data. */
const parameterFileLimit = 1024 * 1024;
const maximumParameters = 10_000;

/**
 * Reads parameters from JSON, YAML and TOML files, flattened with dots. A parameter of several
 * files has the last file's value, with a warning where they differ.
 * @param paths relative to `root`, with forward slashes
 * @throws Failure `no-such-file`; `unreadable` with the line for what is malformed, is no object at
 * its top, or is over a limit (with the found and the allowed number)
 */
export async function readParameters(
  platform: Platform,
  root: string,
  paths: readonly string[],
): Promise<ParameterReading> {
  // Maps, for a parameter may be called `__proto__`.
  const parameters = new Map<string, ParameterValue>();
  const origins = new Map<string, string>();
  const warnings: Warning[] = [];
  for (const path of paths) {
    const file = await readTextFile(platform, root, path, parameterFileLimit);
    const { tree, lines, warnings: own } = readDocument(file);
    warnings.push(...own);
    for (const [key, value] of Object.entries(flattened(file, tree))) {
      const before = origins.get(key);
      if (before !== undefined && !sameParameter(parameters.get(key), value)) {
        warnings.push(differs(key, before, path));
      }
      parameters.set(key, value);
      origins.set(key, originOf(path, key, lines));
    }
  }
  return {
    parameters: Object.fromEntries(parameters),
    origins: Object.fromEntries(origins),
    warnings,
  };
}

function differs(key: string, before: string, path: string): Warning {
  const message = `${key} stands in ${before} and with another value in ${path}, which counts`;
  return { code: 'parameter-duplicate', path, message };
}

function flattened({ path, text }: TextFile, tree: unknown): Record<string, ParameterValue> {
  // An empty file holds no parameters, which is no mistake.
  if ((tree === null || tree === undefined) && text.trim().length < 16) return {};
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) {
    return unreadable(path, null, 'it holds no named values');
  }
  const flat = flattenedOrRefused(path, tree);
  const count = Object.keys(flat).length;
  if (count > maximumParameters) {
    unreadable(path, null, `it holds ${count} parameters, at most ${maximumParameters} are read`);
  }
  return flat;
}

function flattenedOrRefused(path: string, tree: object): Record<string, ParameterValue> {
  try {
    return flattenParameters(tree);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return unreadable(path, null, error.message, error);
  }
}

/** The line of the value, or of the nearest thing around it that has one. */
function originOf(path: string, key: string, lines: ReadonlyMap<string, number>): string {
  for (let known = key; known !== ''; known = known.slice(0, Math.max(known.lastIndexOf('.'), 0))) {
    const line = lines.get(known);
    if (line !== undefined) return `${path}:${line}`;
  }
  return path;
}

/**
 * Whether a tree is the description of a model's architecture that a library wrote beside the
 * weights (Hugging Face's `config.json`, Keras's `config.json`): no hyperparameters of a training.
 */
export function isModelConfiguration(tree: unknown): boolean {
  if (typeof tree !== 'object' || tree === null) return false;
  const marks = ['model_type', 'architectures', 'transformers_version', '_name_or_path'];
  const keras = 'class_name' in tree && 'config' in tree;
  return keras || marks.some((mark) => Object.hasOwn(tree, mark));
}
