import type { DatasetConfiguration, ModelConfiguration } from './configuration';
import { isModelName } from './names';
import { nearestOf } from './nearest';
import type { PrimaryMetric } from './version';

/** Something wrong in `cairn.yaml`, at a place in its tree. */
export interface ConfigurationProblem {
  /** Keys and indexes from the top. */
  readonly path: readonly (string | number)[];
  /** A clause without a full stop. */
  readonly message: string;
}

export interface CheckedConfiguration {
  /** Complete only where there are no problems. */
  readonly models: readonly ModelConfiguration[];
  readonly problems: readonly ConfigurationProblem[];
}

/** The limits of `cairn.yaml`; what goes beyond is a mistake or an attack. */
const configurationLimits = {
  models: 200,
  /** Entries of one list. */
  entries: 500,
  /** Characters of a glob, a path or a name. */
  text: 1024,
} as const;

type Path = readonly (string | number)[];
type Tree = Readonly<Record<string, unknown>>;

/** Reads one value of the tree: reports what is wrong with it and gives what can be used. */
type Reader<T> = (value: unknown, path: Path, report: Report) => T;
type Report = (path: Path, message: string) => void;

/**
 * Checks what `cairn.yaml` holds, as plain data, against the rules of its published schema
 * (media/cairn.schema.json), and fills in what was not said. A key without a value counts as not
 * said. Beyond the schema: names of models are unique ignoring case.
 */
export function checkConfiguration(tree: unknown): CheckedConfiguration {
  const problems: ConfigurationProblem[] = [];
  const report: Report = (path, message) => problems.push({ path, message });
  const top = mapping(tree ?? {}, [], ['models'], report);
  const models = mapping(top?.['models'] ?? {}, ['models'], null, report) ?? {};
  const names = Object.keys(models);
  if (names.length > configurationLimits.models) {
    report(['models'], `${names.length} models, more than ${configurationLimits.models}`);
  }
  checkNames(names, report);
  return {
    models: names.map((name) => readModel(name, models[name], ['models', name], report)),
    problems,
  };
}

function checkNames(names: readonly string[], report: Report): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    if (!isModelName(name)) {
      report(
        ['models', name],
        `"${name}" cannot name a model: 1 to 64 letters, digits, ".", "-" or "_", a letter or ` +
          'digit first, no "..", no "." or ".lock" at the end',
      );
    }
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined) {
      report(['models', name], `"${name}" and "${twin}" are one name, upper and lower case apart`);
    }
    seen.set(name.toLowerCase(), name);
  }
}

const modelKeys = [
  'code',
  'artifacts',
  'parameters',
  'metrics',
  'curves',
  'predictions',
  'positive',
  'datasets',
  'primary',
  'max_drop',
  'refuse',
];

function readModel(name: string, value: unknown, path: Path, report: Report): ModelConfiguration {
  const tree = mapping(value ?? {}, path, modelKeys, report) ?? {};
  const read = <T>(key: string, reader: Reader<T>): T | null => {
    const given = Object.hasOwn(tree, key) ? tree[key] : null;
    return given === null || given === undefined ? null : reader(given, [...path, key], report);
  };
  const refuse = read('refuse', refusal);
  return {
    name,
    code: read('code', globs),
    artifacts: read('artifacts', globs) ?? [],
    parameters: read('parameters', globs) ?? [],
    metrics: read('metrics', globs) ?? [],
    curves: read('curves', globs) ?? [],
    predictions: read('predictions', glob),
    positive: read('positive', positiveClass),
    datasets: read('datasets', datasets) ?? [],
    primary: read('primary', primaryMetric),
    maxDrop: read('max_drop', drop),
    ...(refuse === null ? {} : { refuse }),
  };
}

/** A mapping with nothing but known keys (any, where `known` is `null`); `null` if it is none. */
function mapping(
  value: unknown,
  path: Path,
  known: readonly string[] | null,
  report: Report,
): Tree | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    report(path, `${named(path)} holds ${kindOf(value)} where keys and values belong`);
    return null;
  }
  const tree = value as Tree;
  for (const key of known === null ? [] : Object.keys(tree)) {
    if (!known?.includes(key)) report([...path, key], unknownKey(key, known ?? []));
  }
  return tree;
}

function unknownKey(key: string, known: readonly string[]): string {
  const nearest = nearestOf(key, known);
  const hint =
    nearest === null ? `known are ${known.join(', ')}` : `the nearest known is "${nearest}"`;
  return `unknown key "${key.slice(0, 100)}"; ${hint}`;
}

const text: Reader<string> = (value, path, report) => {
  if (typeof value !== 'string') {
    report(path, `${named(path)} is ${kindOf(value)}, not text`);
    return '';
  }
  if (value.trim() === '') report(path, `${named(path)} is empty`);
  const { length } = [...value];
  if (length > configurationLimits.text) {
    report(path, `${named(path)} has ${length} characters, more than ${configurationLimits.text}`);
  }
  return value;
};

const glob: Reader<string> = (value, path, report) => {
  const given = text(value, path, report);
  const why = whyNotInside(given);
  if (why !== null) report(path, `"${given.slice(0, 100)}" ${why}`);
  return given;
};

/** Why a glob cannot be one of the project's own; `null` when it can. */
function whyNotInside(given: string): string | null {
  const bare = given.startsWith('!') ? given.slice(1) : given;
  if (bare.startsWith('/') || /^[A-Za-z]:/.test(bare))
    return 'is absolute; paths begin at the project';
  if (/(?:^|[/{,(|])\.\.(?:[/},)|]|$)/.test(bare)) return 'leads out of the project';
  if (/\\(?:[A-Za-z0-9_.-]|$)/.test(bare)) return 'has "\\" where "/" parts a path';
  return null;
}

const globs: Reader<readonly string[]> = (value, path, report) =>
  typeof value === 'string' ? [glob(value, path, report)] : list(value, path, report, glob);

function list<T>(value: unknown, path: Path, report: Report, item: Reader<T>): readonly T[] {
  if (!Array.isArray(value)) {
    report(path, `${named(path)} is ${kindOf(value)}, not a list`);
    return [];
  }
  const { entries } = configurationLimits;
  if (value.length > entries)
    report(path, `${named(path)} has ${value.length} entries, more than ${entries}`);
  return value.slice(0, entries).map((entry, index) => item(entry, [...path, index], report));
}

const positiveClass: Reader<string> = (value, path, report) => {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return text(value, path, report);
};

const datasets: Reader<readonly DatasetConfiguration[]> = (value, path, report) =>
  list(value, path, report, dataset);

// A dataset may lie anywhere: naming it here is what allows that.
const dataset: Reader<DatasetConfiguration> = (value, path, report) => {
  if (typeof value === 'string') return { path: text(value, path, report) };
  const keys = ['path', 'name', 'source', 'preprocessing'] as const;
  const tree = mapping(value, path, keys, report);
  if (tree === null) return { path: '' };
  const given: Record<string, string> = {};
  for (const key of keys) {
    const entry = tree[key];
    if (entry !== undefined && entry !== null) given[key] = text(entry, [...path, key], report);
  }
  if (given['path'] === undefined) report(path, 'a dataset needs a "path"');
  return { ...given, path: given['path'] ?? '' };
};

const primaryMetric: Reader<PrimaryMetric | null> = (value, path, report) => {
  const tree = mapping(value, path, ['metric', 'better'], report);
  if (tree === null) return null;
  const { metric, better } = tree;
  if (metric === undefined || better === undefined) {
    report(path, 'a primary metric needs "metric" and "better"');
    return null;
  }
  if (better !== 'higher' && better !== 'lower') {
    report([...path, 'better'], '"better" is "higher" or "lower"');
    return null;
  }
  return { metric: text(metric, [...path, 'metric'], report), better };
};

const drop: Reader<number | null> = (value, path, report) => {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  report(path, `${named(path)} is no number from 0 up`);
  return null;
};

function named(path: Path): string {
  const last = path.at(-1);
  if (last === undefined) return 'the file';
  return typeof last === 'number' ? `entry ${last + 1} of "${path.at(-2)}"` : `"${last}"`;
}

/** From which verdict of a scan on a model file is not committed. */
function refusal(value: unknown, path: Path, report: Report): ModelConfiguration['refuse'] | null {
  if (value === 'suspicious' || value === 'unreadable' || value === 'dangerous') return value;
  report(path, '"refuse" is none of "suspicious", "unreadable" and "dangerous"');
  return null;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'keys and values';
  return typeof value === 'string' ? 'text' : `a ${typeof value}`;
}
