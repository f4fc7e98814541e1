/**
 * The one failure of the project: a literal code with data, and no advice. What a person should do
 * next is the doors' business; each has a total map from code to advice.
 */
export interface FailureData {
  /** Arguments that make no sense. `what` is a clause without a full stop. */
  usage: { what: string };
  'git-missing': Record<never, never>;
  'git-failed': { command: string; exitCode: number | null; stderr: string };
  'git-timeout': { command: string; milliseconds: number };
  'git-dubious-ownership': { directory: string };
  'not-a-repository': { directory: string };
  'not-a-project': { directory: string };
  'repository-bare': { directory: string };
  'no-such-model': { model: string; known: string[] };
  'no-such-version': { reference: string };
  /** `last`: nothing was done since, so that an undo brings it back. */
  'version-withdrawn': { version: string; at: string; by: string; last: boolean };
  'no-such-file': { path: string };
  'no-such-run': { run: string };
  'model-ambiguous': { known: string[] };
  'no-model-files': { model: string };
  'primary-metric-missing': { model: string };
  'name-invalid': { what: 'model' | 'label' | 'stage'; name: string; why: string };
  'reference-invalid': { text: string };
  'label-taken': { label: string; model: string; version: string };
  /** `mended`: bytes that the store had lost, and has again. */
  'nothing-changed': { model: string; version: string; mended?: number };
  'nothing-to-undo': Record<never, never>;
  'undo-blocked': { operation: number; why: string };
  'repository-busy': { state: string };
  'run-writing': { model: string; run: string };
  'branch-checked-out': { branch: string; worktree: string };
  'branch-name-blocked': { branch: string };
  'branch-moved': { branch: string; expected: string | null; found: string | null };
  'ref-refused': { ref: string; stderr: string };
  /** `lock`: the file by which another Git process holds it, or one that died held it. */
  'ref-locked': { ref: string; lock: string };
  'filter-failed': { path: string; stderr: string };
  'filter-missing': { path: string; filter: string };
  'file-changed': { path: string };
  'file-refused': { path: string; verdict: string; why: string };
  'file-torn': { path: string; why: string };
  'path-outside': { path: string; root: string };
  'path-leads-out': { path: string; target: string };
  'path-occupied': { path: string; by: string[] };
  'configuration-invalid': { path: string; problems: { line: number | null; message: string }[] };
  unreadable: { path: string; why: string };
  'disk-full': { path: string; needed: number | null; free: number | null };
  'disk-failed': { operation: string; path: string; errno: string };
  'artifact-missing': {
    sha256: string;
    path: string | null;
    versions: string[];
    /** It never was here: its version came in from Git, after a clone or a pull. */
    elsewhere?: true;
  };
  'artifact-damaged': { sha256: string; path: string | null; versions: string[] };
  'confirmation-needed': { bytes: number; free: number | null };
  'database-newer': { path: string; found: number; supported: number };
  'database-damaged': { path: string; why: string };
  'record-invalid': { where: string; why: string };
  /** Other projects, by their `cairn` directories, keep artifacts in the same store. */
  'store-shared': { directory: string; projects: string[] };
  'lock-held': { path: string; waited: number };
  'runtime-too-old': { found: string; needed: string };
  'workspace-untrusted': { verb: string };
}

export type FailureCode = keyof FailureData;

/** Thrown by every room for what a person can do something about; anything else thrown is a bug. */
export class Failure<C extends FailureCode = FailureCode> extends Error {
  override readonly name = 'Failure';
  constructor(
    readonly code: C,
    readonly data: FailureData[C],
    options?: ErrorOptions,
  ) {
    super(code, options);
  }
}

/** Tells a failure of the given code apart from every other thrown value. */
export function isFailure<C extends FailureCode>(thrown: unknown, code?: C): thrown is Failure<C> {
  return thrown instanceof Failure && (code === undefined || thrown.code === code);
}

/** Whether the system says of a place that nothing can be written there; reading fails as `unreadable`. */
export function refusesWriting({ errno }: FailureData['disk-failed']): boolean {
  return /^(?:SQLITE_READONLY|EACCES|EPERM|EROFS)/.test(errno);
}

/** What a writing verb ends with where nothing can be written, for the reason that is given. */
export function whyUnwritable(reason: FailureData['disk-failed'], cause?: unknown): Failure {
  return reason.errno === 'ENOSPC'
    ? new Failure('disk-full', { path: reason.path, needed: null, free: null }, { cause })
    : new Failure('disk-failed', reason, { cause });
}

/** A person (or a caller) called the operation off. No failure: doors end quietly, exit code 130. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** Throws `Cancelled` once the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Cancelled('cancelled');
}
