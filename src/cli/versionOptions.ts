import { isAbsolute, relative, resolve, sep } from 'node:path';
import { Option } from 'commander';
import { Failure } from '../core/failure';
import type { ParameterValue } from '../core/parameters';
import type { JsonNumber } from '../core/version';
import type { VersionOptions } from '../operations';

const collect = (value: string, before: string[] | undefined) => [...(before ?? []), value];
const list = (flags: string, description: string) =>
  new Option(flags, description).argParser(collect);

/** The options that commit and update share. */
export const versionOptions: readonly Option[] = [
  new Option('--label <name>', 'a name of its own, unique in the model'),
  list('--file <path>', 'a model file, instead of the configured ones (repeatable)'),
  list('--param <key=value>', 'a parameter (repeatable)'),
  new Option('--params-file <path>', 'a JSON, YAML or TOML file of parameters'),
  list('--metric <key=value>', 'a metric (repeatable)'),
  new Option('--metrics-file <path>', 'a JSON or CSV file of metrics'),
  new Option('--curves-file <path>', 'a history of training: JSON or CSV'),
  list('--dataset <path>', 'a dataset (repeatable)'),
  new Option(
    '--predictions <path>',
    'a CSV of y_true,y_pred[,score…]: metrics are computed from it',
  ),
  new Option('--full', 'hash datasets whole, whatever their size'),
];

/** What was parsed, as the verbs take it, but for the paths. @throws Failure `usage` */
export function versionOptionsFrom(options: Record<string, unknown>): VersionOptions {
  const { label, file, param, paramsFile, metric, metricsFile, curvesFile, dataset, predictions } =
    options as Given;
  return {
    ...(label === undefined ? {} : { label }),
    ...(file === undefined ? {} : { files: file }),
    ...(param === undefined ? {} : { parameters: pairs(param, '--param', parameterValue) }),
    ...(paramsFile === undefined ? {} : { parametersFile: paramsFile }),
    ...(metric === undefined ? {} : { metrics: pairs(metric, '--metric', metricValue) }),
    ...(metricsFile === undefined ? {} : { metricsFile }),
    ...(curvesFile === undefined ? {} : { curvesFile }),
    ...(dataset === undefined ? {} : { datasets: dataset }),
    ...(predictions === undefined ? {} : { predictions }),
    ...(options.full === true ? { full: true } : {}),
  };
}

/**
 * Paths come relative to `directory`, where the command runs and the shell completes them; the
 * verbs take them relative to the project's root, and as they are where they lie outside of it.
 */
export function withProjectPaths<T extends VersionOptions>(
  options: T,
  directory: string,
  root: string,
): T {
  const path = (given: string): string => {
    const absolute = resolve(directory, given);
    const inside = relative(root, absolute);
    const outside = inside === '' || isAbsolute(inside) || inside.split(sep)[0] === '..';
    return outside ? absolute : inside.replaceAll(sep, '/');
  };
  const mapped = Object.fromEntries(
    pathOptions.flatMap((key) => {
      const given = options[key];
      if (given === undefined) return [];
      return [[key, typeof given === 'string' ? path(given) : given.map(path)]];
    }),
  );
  return { ...options, ...mapped };
}

const pathOptions = [
  'files',
  'parametersFile',
  'metricsFile',
  'curvesFile',
  'datasets',
  'predictions',
] as const;

/** As the parser leaves them; the repeatable ones are lists. */
interface Given {
  readonly label?: string;
  readonly file?: string[];
  readonly param?: string[];
  readonly paramsFile?: string;
  readonly metric?: string[];
  readonly metricsFile?: string;
  readonly curvesFile?: string;
  readonly dataset?: string[];
  readonly predictions?: string;
}

function pairs<T>(
  given: readonly string[],
  option: string,
  value: (text: string, option: string) => T,
): Record<string, T> {
  return Object.fromEntries(
    given.map((text) => {
      const at = text.indexOf('=');
      if (at <= 0) throw new Failure('usage', { what: `${option} takes KEY=VALUE, not "${text}"` });
      return [text.slice(0, at), value(text.slice(at + 1), `${option} ${text}`)];
    }),
  );
}

/** What JSON reads as a leaf or a list is that; everything else is the text. */
function parameterValue(text: string): ParameterValue {
  if (/^(?:true|false|null|-?\d|\[|")/i.test(text)) {
    try {
      const value: unknown = JSON.parse(text);
      if (value === null || typeof value !== 'object' || Array.isArray(value))
        return value as ParameterValue;
    } catch (error) {
      // `1e-3x` or `[a` is no JSON: then it is a text.
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}

/** @throws Failure `usage` when it is no number */
function metricValue(text: string, option: string): JsonNumber {
  const special = {
    nan: 'NaN',
    inf: 'Infinity',
    infinity: 'Infinity',
    '-inf': '-Infinity',
    '-infinity': '-Infinity',
  } as const;
  const named = special[text.toLowerCase() as keyof typeof special];
  if (named !== undefined) return named;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value))
    throw new Failure('usage', { what: `${option} is no number` });
  return value;
}
