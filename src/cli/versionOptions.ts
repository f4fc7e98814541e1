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

/** What was parsed, as the verbs take it. @throws Failure `usage` */
export function versionOptionsFrom(options: Record<string, unknown>): VersionOptions {
  const text = (key: string) => options[key] as string | undefined;
  const texts = (key: string) => options[key] as string[] | undefined;
  return {
    ...(text('label') === undefined ? {} : { label: text('label') }),
    ...(texts('file') === undefined ? {} : { files: texts('file') }),
    ...(texts('param') === undefined
      ? {}
      : { parameters: pairs(texts('param'), '--param', parameterValue) }),
    ...(text('paramsFile') === undefined ? {} : { parametersFile: text('paramsFile') }),
    ...(texts('metric') === undefined
      ? {}
      : { metrics: pairs(texts('metric'), '--metric', metricValue) }),
    ...(text('metricsFile') === undefined ? {} : { metricsFile: text('metricsFile') }),
    ...(text('curvesFile') === undefined ? {} : { curvesFile: text('curvesFile') }),
    ...(texts('dataset') === undefined ? {} : { datasets: texts('dataset') }),
    ...(text('predictions') === undefined ? {} : { predictions: text('predictions') }),
    ...(options.full === true ? { full: true } : {}),
  };
}

function pairs<T>(
  given: readonly string[] = [],
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
export function parameterValue(text: string): ParameterValue {
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
export function metricValue(text: string, option: string): JsonNumber {
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
