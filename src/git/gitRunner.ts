import { Failure } from '../core/failure';
import type { Conversation, Platform, ProcessRequest, ProcessResult } from '../platform';
import { failureFrom } from './gitFailure';

/** Where the commands run and what they are told about it. */
export interface GitLocation {
  /** The worktree's top; every command runs there. */
  readonly root: string;
  readonly gitDirectory: string;
  readonly commonDirectory: string;
  /** Scrubbed, and naming this repository (`GIT_DIR`, `GIT_WORK_TREE`). */
  readonly environment: Readonly<Record<string, string>>;
}

export interface GitRequest {
  readonly command: readonly string[];
  readonly input?: Uint8Array | string;
  /** A new file for what it says, where that is much. */
  readonly outputFile?: string;
  /** More variables, over those of the location. */
  readonly environment?: Readonly<Record<string, string>>;
  /** More settings (`key=value`). */
  readonly settings?: readonly string[];
  /** Whether it writes anything at all, temporary files included. */
  readonly writes: boolean;
  /** In place of the worktree's top. */
  readonly directory?: string;
  /** How long it may take; by default two minutes, an hour for what writes (filters may be slow). */
  readonly milliseconds?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Git commands that read bytes or standard input, through the platform's processes. */
export interface GitRunner {
  readonly location: GitLocation;
  /** What it wrote. @throws Failure when it exits with another code than 0 */
  run(request: GitRequest): Promise<Buffer>;
  /** How it ended, whatever the exit code. @throws Failure `git-timeout` */
  attempt(request: GitRequest): Promise<ProcessResult>;
  converse(request: GitRequest): Promise<Conversation>;
}

/**
 * Settings for every command: names as they are, no refusal because of line ends, and nothing that
 * runs or writes beside the temporary index (file system monitor, untracked cache, shared index).
 * The empty monitor is off for old Git too, where `false` would be the name of a program.
 */
const settings = [
  'core.quotePath=false',
  'core.safecrlf=false',
  'core.fsmonitor=',
  'core.untrackedCache=false',
  'core.splitIndex=false',
  'core.ignoreStat=false',
  'index.sparse=false',
  'submodule.recurse=false',
  'gc.auto=0',
  'maintenance.auto=false',
];

/** An index that is not the user's is none of the hooks' business (`post-index-change`). */
const withoutHooks = 'core.hooksPath=/dev/null';

export const defaultMilliseconds = 120_000;
const writingMilliseconds = 3_600_000;
const outputLimit = 1024 * 1024 * 1024;

function processRequest(location: GitLocation, request: GitRequest): ProcessRequest {
  const hooks = request.environment?.['GIT_INDEX_FILE'] === undefined ? [] : [withoutHooks];
  const all = [...settings, ...hooks, ...(request.settings ?? [])];
  return {
    command: 'git',
    arguments: [...all.flatMap((setting) => ['-c', setting]), ...request.command],
    directory: request.directory ?? location.root,
    environment: { ...location.environment, ...request.environment },
    writes: request.writes,
    milliseconds:
      request.milliseconds ?? (request.writes ? writingMilliseconds : defaultMilliseconds),
    outputLimit,
    ...(request.input === undefined ? {} : { input: request.input }),
    ...(request.outputFile === undefined ? {} : { outputFile: request.outputFile }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  };
}

/** Runs Git for one worktree. */
export function gitRunner(platform: Platform, location: GitLocation): GitRunner {
  const attempt = async (request: GitRequest): Promise<ProcessResult> => {
    const asked = processRequest(location, request);
    const result = await platform.processes.run(asked);
    if (!result.timedOut) return result;
    const milliseconds = asked.milliseconds ?? defaultMilliseconds;
    throw new Failure('git-timeout', { command: `git ${request.command.join(' ')}`, milliseconds });
  };
  const run = async (request: GitRequest): Promise<Buffer> => {
    const { exitCode, stdout, stderr, overflowed } = await attempt(request);
    if (exitCode === 0) return stdout;
    const said = overflowed ? `more than ${outputLimit} bytes of output` : stderr;
    const { command } = request;
    throw failureFrom({ command, exitCode, stderr: said, directory: location.root });
  };
  const converse = (request: GitRequest): Promise<Conversation> =>
    platform.processes.converse(processRequest(location, request));
  return Object.freeze({ location, run, attempt, converse });
}
