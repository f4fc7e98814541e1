import type { ArtifactChange, DataChange, FileChange, VersionComparison } from '../core/comparison';
import type { FailureData } from '../core/failure';
import type { Operation } from '../core/operation';
import type { ParameterChange } from '../core/parameters';
import type {
  InlineValues,
  LineHistory,
  LinesAsked,
  ParameterDetail,
  TextPart,
  TextsAsked,
} from '../core/pastValues';
import type { RollbackPart, RollbackPlan } from '../core/plan';
import type { Activity } from '../core/progress';
import type { Curve, CurveSet, PrimaryMetric, VersionRecord, Warning } from '../core/version';
import type { ComparingVerbs } from './comparingProject';
import type { LabelRival } from './rebuildLabels';
import type { RunVerbs } from './runProject';
import type { StorageVerbs } from './storageProject';
import type { TableVerbs } from './tableProject';
import type { CommitRequest, CommitResult, VersionOptions } from './versionRequests';

/** What `init` did. */
export interface InitializeResult {
  readonly project: string;
  readonly models: readonly string[];
  readonly created: boolean;
  readonly configuration: string;
  readonly found: readonly FoundModel[];
  /** Versions that are in the history: those that a clone brought, after its first `init`. */
  readonly versions: number;
  readonly warnings: readonly Warning[];
}

/** A model that looking through the folder found. */
export interface FoundModel {
  readonly name: string;
  /** The artifact globs that would be written to `cairn.yaml`. */
  readonly artifacts: readonly string[];
  /** Proposed by default (newest three; `pretrained/` and `base/` are not). */
  readonly ticked: boolean;
  readonly files: number;
  readonly bytes: number;
}

export interface CommitPlan {
  readonly code: readonly FileChange[];
  readonly files: readonly { path: string; size: number; format: string; status: string }[];
  readonly left_out: readonly { path: string; why: string }[];
  readonly bytes: number;
}

export interface UpdateRequest extends VersionOptions {
  readonly reference: string;
  readonly reason: string;
  readonly message?: string;
  readonly run?: string;
  readonly allowEmpty?: boolean;
}

export interface LogRequest {
  readonly model?: string;
  readonly limit?: number;
  readonly offset?: number;
  /** `number`, `createdAt`, `label`, or a metric's or parameter's key; `-` before it: descending. */
  readonly sort?: string;
  readonly where?: string;
  readonly text?: string;
  readonly backups?: boolean;
}

export interface LogResult {
  readonly versions: readonly VersionRecord[];
  readonly total: number;
}

export interface ModelStatus {
  readonly model: string;
  readonly current: string | null;
  /** Versions of the model, wherever the working files came from. */
  readonly versions: number;
  readonly changes: {
    readonly code: readonly FileChange[];
    readonly parameters: readonly ParameterChange[];
    readonly artifacts: readonly ArtifactChange[];
    readonly data: readonly DataChange[];
    /** Files of metrics, curves and predictions that Git would take for code. */
    readonly metrics: readonly FileChange[];
  };
  /** Members of the model's series on disk that are in no version. */
  readonly uncommitted: { readonly files: number; readonly bytes: number };
  readonly warnings: readonly Warning[];
}

export interface RollbackRequest {
  readonly reference: string;
  readonly only?: readonly RollbackPart[];
  readonly dryRun?: boolean;
  readonly reason?: string;
}

export interface RollbackResult {
  readonly plan: RollbackPlan;
  readonly applied: boolean;
  readonly operation: number | null;
  readonly backup: string | null;
  readonly warnings: readonly Warning[];
}

/** What `undo` did: a rollback's shape; `undone` names the operation taken back. */
export interface UndoResult extends RollbackResult {
  readonly undone: number;
}

export interface Problem {
  readonly code: string;
  readonly message: string;
  /** The version, file, ref or log entry that is wrong. */
  readonly what: string;
  /** What to do, as one sentence. */
  readonly mend: string;
}

export interface VerifyResult {
  readonly sound: boolean;
  readonly problems: readonly Problem[];
  /** Files of versions that came in from Git: they are with whoever made them, which is no damage. */
  readonly elsewhere: readonly {
    readonly sha256: string;
    readonly path: string;
    readonly versions: readonly string[];
  }[];
  readonly checked: {
    readonly versions: number;
    readonly artifacts: number;
    readonly bytes: number;
    readonly operations: number;
    readonly full: boolean;
  };
}

export interface RebuildResult {
  readonly versions: number;
  readonly missing: readonly string[];
  /** Versions of remotes whose label another version has: they stay in Git only. */
  readonly leftOut: readonly LabelRival[];
}

/** A model as the tree and the status bar show it. */
export interface ModelOverview {
  readonly name: string;
  readonly primary: PrimaryMetric | null;
  readonly versions: number;
  /** The number that the next version gets; those of withdrawn versions are not used again. */
  readonly next: number;
  readonly backups: number;
  /** `model@vN.R` in this worktree. */
  readonly current: string | null;
  readonly currentRecord: VersionRecord | null;
  readonly best: string | null;
  readonly lastGood: string | null;
}

/** Where an operation can be undone from here: shown beside it. */
export interface OperationRow extends Operation {
  readonly undoable: boolean;
}

/**
 * An opened project: every verb of Cairn on it. Arguments and results can be structured-cloned,
 * so that a door can stand on another thread. `Activity` comes last where a verb may take long.
 */
export interface Project extends RunVerbs, StorageVerbs, TableVerbs, ComparingVerbs {
  /** The worktree's top; record paths are relative to it. */
  readonly root: string;
  /** `<git common dir>/cairn`. */
  readonly home: string;
  /** Why nothing can be written here; the history is then shown as it was when it was opened. */
  readonly unwritable: FailureData['disk-failed'] | null;

  status(
    request: { model?: string },
    activity?: Activity,
  ): Promise<{ models: readonly ModelStatus[] }>;
  commit(request: CommitRequest, activity?: Activity): Promise<CommitResult>;
  planCommit(
    request: CommitRequest,
    activity?: Activity,
  ): Promise<{ plan: CommitPlan; warnings: readonly Warning[] }>;
  update(request: UpdateRequest, activity?: Activity): Promise<CommitResult>;
  planUpdate(
    request: UpdateRequest,
    activity?: Activity,
  ): Promise<{ plan: CommitPlan; warnings: readonly Warning[] }>;
  log(request: LogRequest): Promise<LogResult>;
  show(request: { reference: string }): Promise<CommitResult>;
  /** All revisions, oldest first. */
  revisions(request: { reference: string }): Promise<readonly VersionRecord[]>;
  /** `to` left out: the working files. */
  /** With `values` the weights too, tensor by tensor. */
  compare(
    request: { from: string; to?: string; values?: boolean },
    activity?: Activity,
  ): Promise<VersionComparison>;
  rollback(request: RollbackRequest, activity?: Activity): Promise<RollbackResult>;
  undo(
    request: { dryRun?: boolean; reason?: string; operation?: number },
    activity?: Activity,
  ): Promise<UndoResult>;
  drop(request: { reference: string; reason?: string }, activity?: Activity): Promise<CommitResult>;
  operations(request: {
    limit?: number;
    offset?: number;
  }): Promise<{ operations: readonly OperationRow[] }>;
  verify(request: { full?: boolean }, activity?: Activity): Promise<VerifyResult>;
  rebuild(activity?: Activity): Promise<RebuildResult>;

  overview(): Promise<{ models: readonly ModelOverview[] }>;
  curves(request: { reference: string }): Promise<readonly Curve[]>;
  /** Paths and Git object ids of a version's code that differ from another version's (or its parent's). */
  codeOf(request: {
    reference: string;
  }): Promise<readonly { path: string; mode: string; oid: string }[]>;
  /** Bytes of a file of a version (code or artifact); `null` where it has none at that path. */
  readFile(request: { reference: string; path: string; limit: number }): Promise<Uint8Array | null>;
  /** Past values of the parameters in a file's text; `null` where no version of a model has it. */
  parameterHistory(
    request: TextsAsked & { readonly constants?: boolean; readonly part?: TextPart },
  ): Promise<InlineValues | null>;
  /** Everything about the parameter at a place (a string offset) of one of the texts. */
  parameterDetail(
    request: TextsAsked & { readonly text: number; readonly offset: number },
  ): Promise<ParameterDetail | null>;
  /** The versions that changed some lines of a file's text, or of a notebook's cell. */
  lineHistory(request: LinesAsked): Promise<LineHistory | null>;
  /** Model files (of any model) that matched globs name now, with the model each belongs to. */
  modelFiles(): Promise<readonly { model: string; path: string; size: number; modified: number }[]>;
  /** Changes whenever the history changed, by whoever. */
  stamp(): Promise<string>;
  close(): Promise<void>;
}

export type * from './comparingProject';
export type * from './runProject';
export type * from './storageProject';
export type * from './tableProject';
export type { Curve, CurveSet };
