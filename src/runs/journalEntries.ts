import { flattenParameters, type ParameterValue } from '../core/parameters';
import type {
  RunCode,
  RunPredictions,
  RunProcess,
  RunRecord,
  SeriesPoints,
  VersionRequest,
} from '../core/run';
import type { EnvironmentRecord, JsonNumber } from '../core/version';
import { metricValue } from './metricNumber';
import { PointSet } from './points';

/** What some lines of a journal say, in the order in which they say it. Times in milliseconds. */
export interface JournalReading {
  readonly start: {
    readonly at: number;
    readonly model: string | null;
    readonly title: string | null;
    readonly root: string | null;
    readonly process: RunProcess | null;
    readonly environment: EnvironmentRecord | null;
    readonly command: readonly string[];
    readonly tags: Readonly<Record<string, ParameterValue>>;
  } | null;
  readonly code: RunCode | null;
  /** Flat; the last of a name counts. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly series: readonly SeriesPoints[];
  readonly datasets: RunRecord['datasets'];
  readonly predictions: readonly RunPredictions[];
  readonly requests: readonly VersionRequest[];
  readonly end: {
    readonly at: number;
    readonly state: 'finished' | 'failed' | 'stopped';
    readonly error: RunRecord['error'];
  } | null;
  /** Of the last entry that has a time; `null` without one. */
  readonly lastAt: number | null;
  /** Lines that are no JSON. */
  readonly unreadable: number;
}

type Entry = Readonly<Record<string, unknown>>;

/** Gathers entries. Kinds that it does not know, and fields of another type, are passed over. */
export class JournalFold {
  readonly #points = new PointSet();
  readonly #parameters: Record<string, ParameterValue> = {};
  readonly #datasets: RunRecord['datasets'][number][] = [];
  readonly #predictions: RunPredictions[] = [];
  readonly #requests: VersionRequest[] = [];
  #start: JournalReading['start'] = null;
  #code: RunCode | null = null;
  #end: JournalReading['end'] = null;
  #lastAt: number | null = null;
  #unreadable = 0;

  add(line: string): void {
    const entry = parsed(line);
    if (entry === null) {
      this.#unreadable++;
      return;
    }
    const at = number(entry.at) ?? this.#lastAt ?? 0;
    this.#lastAt = at;
    this.#take(entry, at);
  }

  #take(entry: Entry, at: number): void {
    switch (entry.kind) {
      case 'log':
        this.#log(entry, at);
        return;
      case 'start':
        this.#start = startOf(entry, at);
        Object.assign(this.#parameters, flat(entry.parameters));
        return;
      case 'code':
        this.#code = codeOf(entry);
        return;
      case 'parameters':
        Object.assign(this.#parameters, flat(entry.values));
        return;
      case 'dataset':
        if (typeof entry.path === 'string') this.#datasets.push(datasetOf(entry, entry.path));
        return;
      case 'predictions':
        if (typeof entry.path !== 'string') return;
        this.#predictions.push({ split: text(entry.split) ?? 'val', path: entry.path, at });
        return;
      case 'commit':
        this.#requests.push(requestOf(entry, at));
        return;
      case 'end':
        this.#end = endOf(entry, at);
    }
  }

  #log(entry: Entry, at: number): void {
    const axis = number(entry.epoch) === null ? 'step' : 'epoch';
    const step = number(entry[axis]);
    if (step === null || !isObject(entry.values)) return;
    for (const name of Object.keys(entry.values)) {
      const value = metricValue(entry.values[name]);
      if (value !== undefined && value !== null) {
        this.#points.add(name, axis, step, Number(value), at);
      }
    }
  }

  finished(): JournalReading {
    return {
      start: this.#start,
      code: this.#code,
      parameters: this.#parameters,
      series: this.#points.all(),
      datasets: this.#datasets,
      predictions: this.#predictions,
      requests: this.#requests,
      end: this.#end,
      lastAt: this.#lastAt,
      unreadable: this.#unreadable,
    };
  }
}

function parsed(line: string): Entry | null {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isObject(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function objects(value: unknown): Entry[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function flat(value: unknown): Record<string, ParameterValue> {
  if (!isObject(value)) return {};
  try {
    return flattenParameters(value);
  } catch (error) {
    // Nesting without end is no set of parameters.
    if (error instanceof RangeError) return {};
    throw error;
  }
}

function startOf(entry: Entry, at: number): NonNullable<JournalReading['start']> {
  const [id, host] = [number(entry.pid), text(entry.host)];
  return {
    at,
    model: text(entry.model),
    title: text(entry.name),
    root: text(entry.root),
    process: id === null || host === null ? null : { id, host },
    environment: environmentOf(entry.environment),
    command: texts(entry.argv),
    tags: flat(entry.tags),
  };
}

function environmentOf(value: unknown): EnvironmentRecord | null {
  if (!isObject(value)) return null;
  const python = text(value.python);
  const listed = isObject(value.packages) ? Object.entries(value.packages) : [];
  const packages = listed.filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  const accelerators = texts(value.accelerators);
  return {
    ...(python === null ? {} : { python }),
    packages: Object.fromEntries(packages),
    ...(accelerators.length === 0 ? {} : { accelerators }),
    platform: text(value.platform) ?? 'unknown',
  };
}

function codeOf(entry: Entry): RunCode {
  const files = objects(entry.files).flatMap(({ path, executable }) =>
    typeof path === 'string' ? [{ path, executable: executable === true }] : [],
  );
  return {
    head: text(entry.head),
    branch: text(entry.branch),
    patch: entry.patch === true,
    files,
    tree: text(entry.tree),
    missing: text(entry.missing),
  };
}

function datasetOf(entry: Entry, path: string): RunRecord['datasets'][number] {
  const given = ['name', 'source', 'preprocessing'].flatMap((key) => {
    const value = text(entry[key]);
    return value === null ? [] : [[key, value]];
  });
  return { path, ...Object.fromEntries(given) };
}

function requestOf(entry: Entry, at: number): VersionRequest {
  const primary = isObject(entry.primary) ? entry.primary : {};
  const [metric, better] = [text(primary.metric), text(primary.better)];
  const files = objects(entry.files).flatMap(({ path, copy }) =>
    typeof path === 'string' && typeof copy === 'string' ? [{ path, copy }] : [],
  );
  return {
    number: number(entry.number) ?? 1,
    at,
    message: text(entry.message) ?? '',
    label: text(entry.label),
    update: entry.update === true,
    primary:
      metric !== null && (better === 'higher' || better === 'lower') ? { metric, better } : null,
    files,
    history: text(entry.history),
    metrics: metricsOf(entry.metrics),
    state: 'waiting',
    version: null,
    why: null,
  };
}

function metricsOf(value: unknown): Record<string, JsonNumber> {
  const metrics: Record<string, JsonNumber> = {};
  for (const [name, given] of Object.entries(flat(value))) {
    const found = metricValue(given);
    if (found !== null && found !== undefined) metrics[name] = found;
  }
  return metrics;
}

function endOf(entry: Entry, at: number): NonNullable<JournalReading['end']> {
  const state = entry.state === 'failed' || entry.state === 'stopped' ? entry.state : 'finished';
  if (!isObject(entry.error)) return { at, state, error: null };
  const { type, message, trace } = entry.error;
  const error = {
    type: text(type) ?? 'Exception',
    message: text(message) ?? '',
    trace: text(trace) ?? '',
  };
  return { at, state, error };
}
