import { Failure } from '../core/failure';

/** A Git command that ended badly. */
export interface BadEnd {
  /** Its arguments, without `git` and without our own settings. */
  readonly command: readonly string[];
  readonly exitCode: number | null;
  readonly stderr: string;
  readonly directory: string;
}

/** Git 2.35.2 and 2.30.3 say "unsafe repository", later ones "dubious ownership". */
const dubious = /detected dubious ownership in repository|unsafe repository \(/;
const forbiddenBare = /cannot use bare repository/;
const none = /not a git repository/i;
const full = /No space left on device|Disk quota exceeded/;
/** With the `required` flag Git names the path, for any filter it names only the program. */
const cleanFailed = /^fatal: ([\s\S]*?): (?:clean|smudge) filter (?:'[^']*'|\S+) failed$/m;

/** The failure that fits what Git said; `git-failed` with all of it where nothing fits better. */
export function failureFrom(end: BadEnd): Failure {
  const { command, exitCode, stderr, directory } = end;
  if (dubious.test(stderr)) return new Failure('git-dubious-ownership', { directory });
  if (forbiddenBare.test(stderr)) return new Failure('repository-bare', { directory });
  if (full.test(stderr)) {
    return new Failure('disk-full', { path: directory, needed: null, free: null });
  }
  const filtered = cleanFailed.exec(stderr);
  if (filtered !== null) {
    return new Failure('filter-failed', { path: filtered[1] ?? '', stderr: stderr.trim() });
  }
  if (none.test(stderr)) return new Failure('not-a-repository', { directory });
  const said = { command: `git ${command.join(' ')}`, exitCode, stderr: stderr.trim() };
  return new Failure('git-failed', said);
}
