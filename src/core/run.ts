import type { ParameterValue } from './parameters';
import type { Curve, DatasetRecord, EnvironmentRecord, JsonNumber, PrimaryMetric } from './version';

/**
 * What became of a run: `finished` and `failed` it said itself, `stopped` by a person's hand;
 * `vanished` when its process is gone and nothing was said.
 */
export type RunState = 'running' | 'finished' | 'failed' | 'stopped' | 'vanished';

/** A version that training code asked for, and what became of that. */
export interface VersionRequest {
  /** From 1 in its run. */
  readonly number: number;
  /** Milliseconds since the epoch; metrics and curves of the version end there. */
  readonly at: number;
  readonly message: string;
  readonly label: string | null;
  /** With a label that is taken: it becomes a revision. */
  readonly update: boolean;
  readonly primary: PrimaryMetric | null;
  /** `copy` lies in the run's directory of the inbox, `path` is where it belongs. */
  readonly files: readonly { readonly path: string; readonly copy: string }[];
  /** A file of curves in the run's directory. */
  readonly history: string | null;
  readonly metrics: Readonly<Record<string, JsonNumber>>;
  readonly state: 'waiting' | 'made' | 'refused';
  /** The version it became. */
  readonly version: string | null;
  /** Why it was refused: a failure's code. */
  readonly why: string | null;
}

/** The code as the run recorded it at its start; `tree` where the command line recorded it. */
export interface RunCode {
  readonly head: string | null;
  readonly branch: string | null;
  /** Whether there is a patch against HEAD in the run's directory. */
  readonly patch: boolean;
  readonly files: readonly { readonly path: string; readonly executable: boolean }[];
  readonly tree: string | null;
  /** Why there is none. */
  readonly missing: string | null;
}

/** A table of predictions in the run's directory. */
export interface RunPredictions {
  readonly split: string;
  readonly path: string;
  /** Milliseconds since the epoch; not known of runs that an earlier release took in. */
  readonly at?: number;
}

/** The process that a run is, or was. */
export interface RunProcess {
  readonly id: number;
  readonly host: string;
}

/** One execution of training code, as the history knows it; its curves are asked for apart. */
export interface RunRecord {
  /** Unique in the project: the name of its directory in the inbox, or one made by an import. */
  readonly id: string;
  /** Who told of it: `cairn`, `command`, `mlflow`, `tensorboard`, … */
  readonly source: string;
  readonly model: string | null;
  readonly title: string | null;
  readonly state: RunState;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly tags: Readonly<Record<string, ParameterValue>>;
  readonly datasets: readonly (Pick<DatasetRecord, 'path'> &
    Partial<Pick<DatasetRecord, 'name' | 'source' | 'preprocessing'>>)[];
  readonly predictions: readonly RunPredictions[];
  readonly environment: EnvironmentRecord | null;
  readonly code: RunCode | null;
  /** The commit it was made with, where the tool recorded one or its time tells. */
  readonly commit: { readonly oid: string; readonly guessed: boolean } | null;
  readonly process: RunProcess | null;
  /** The worktree it ran in. */
  readonly root: string | null;
  readonly command: readonly string[];
  readonly error: {
    readonly type: string;
    readonly message: string;
    readonly trace: string;
  } | null;
  readonly exitCode: number | null;
  /** Model files that it wrote, where that was watched. */
  readonly changed: readonly string[];
  readonly requests: readonly VersionRequest[];
  /** Of a run whose curves are read from files: what tells that those changed. */
  readonly watched: string | null;
  /** Where it was imported from: a path or a tool's own name of it. */
  readonly origin: string | null;
}

/** A metric of a run at a glance. */
export interface RunSeries {
  readonly name: string;
  readonly axis: Curve['axis'];
  readonly points: number;
  readonly step: number;
  readonly value: JsonNumber;
}

/** Points of one metric: `steps[i]`, `values[i]` at `times[i]` (milliseconds since the epoch). */
export interface SeriesPoints {
  readonly name: string;
  readonly axis: Curve['axis'];
  readonly steps: readonly number[];
  readonly values: readonly number[];
  readonly times: readonly number[];
}

/** A run that nothing is known of yet but its name. */
export function newRun(id: string, source: string, startedAt: string): RunRecord {
  return {
    ...{ id, source, startedAt, model: null, title: null, state: 'running', endedAt: null },
    ...{ parameters: {}, tags: {}, datasets: [], predictions: [], environment: null, code: null },
    ...{ commit: null, process: null, root: null, command: [], error: null, exitCode: null },
    ...{ changed: [], requests: [], watched: null, origin: null },
  };
}
