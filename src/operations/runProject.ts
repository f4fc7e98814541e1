import type { Activity } from '../core/progress';
import type { RunRecord, RunSeries, RunState } from '../core/run';
import type { Curve, JsonNumber } from '../core/version';
import type { CommitRequest, CommitResult, VersionOptions } from './versionRequests';

/** What the inbox brought. */
export interface TakenIn {
  /** Runs of which something new was taken in. */
  readonly runs: number;
  /** References of versions that training code had asked for. */
  readonly versions: readonly string[];
  /** Those that could not be made, and why. */
  readonly refused: readonly { readonly run: string; readonly why: string }[];
}

/** What a window that is open saw since it last asked. */
export interface TakeInRequest {
  /** Files that changed, relative to the project's top: with them logs of tools are followed. */
  readonly changed?: readonly string[];
  /** Something that may have been a training is over: a command in a terminal, say. */
  readonly ended?: boolean;
}

/** A run as lists and views show it. */
export interface RunSummary
  extends Pick<
    RunRecord,
    | 'id'
    | 'source'
    | 'model'
    | 'title'
    | 'state'
    | 'startedAt'
    | 'endedAt'
    | 'parameters'
    | 'tags'
    | 'commit'
    | 'exitCode'
    | 'changed'
    | 'origin'
  > {
  /** The last value of each metric, at most 200 of them. */
  readonly metrics: Readonly<Record<string, JsonNumber>>;
  /** The highest step or epoch that was logged. */
  readonly step: number | null;
  /** Versions that came of it, with revisions. */
  readonly versions: readonly string[];
  /** `ValueError: diverged`. */
  readonly error: string | null;
}

export interface RunDetails {
  readonly run: RunSummary;
  readonly record: RunRecord;
  readonly series: readonly RunSeries[];
}

/** What becomes of a run's material when a person turns it into a version. */
export interface RunCommitRequest
  extends VersionOptions,
    Pick<CommitRequest, 'message' | 'model' | 'updateLabel'> {
  readonly run: string;
}

/** One tool's leavings that were found, and what became of them. */
export interface ImportSummary {
  readonly tool: string;
  /** Relative to the project's top where it lies in it. */
  readonly path: string;
  readonly found: number;
  readonly imported: number;
  /** Here already from an earlier import. */
  readonly known: number;
  readonly leftOut: readonly { readonly what: string; readonly why: string }[];
}

export interface ImportResult {
  readonly sources: readonly ImportSummary[];
  readonly runs: number;
}

/** The verbs of runs: a part of `Project`. A run is named by its id or a beginning of it. */
export interface RunVerbs {
  /** Takes in what training processes left in the inbox; nothing new costs a look. */
  takeIn(request: TakeInRequest, activity?: Activity): Promise<TakenIn>;
  /** Newest first. */
  runs(request: {
    model?: string;
    states?: readonly RunState[];
    limit?: number;
    offset?: number;
  }): Promise<{ runs: readonly RunSummary[]; total: number }>;
  run(request: { run: string }): Promise<RunDetails>;
  /** `width`: about how many points a curve may have; extremes stay. */
  runCurves(request: {
    run: string;
    names?: readonly string[];
    from?: number;
    to?: number;
    width?: number;
  }): Promise<readonly Curve[]>;
  /** A version of a run: its parameters, metrics and curves, the model files as they are now. */
  commitRun(request: RunCommitRequest, activity?: Activity): Promise<CommitResult>;
  deleteRun(request: { run: string }): Promise<{ run: string }>;
  /** Asks the process of a run that goes on, on this machine, to end, as Ctrl+C does. */
  stopRun(request: { run: string }): Promise<{ run: string }>;
  /** Looks for what other tools left (below `path`), and brings it in; `dryRun` only looks. */
  importHistory(
    request: { path?: string; dryRun?: boolean },
    activity?: Activity,
  ): Promise<ImportResult>;
}
