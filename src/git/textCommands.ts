import { GitError, GitPluginError, type SimpleGit, simpleGit } from 'simple-git';
import { Failure } from '../core/failure';
import type { Platform } from '../platform';
import { errnoOf } from '../platform';
import { failureFrom } from './gitFailure';

/** How a text command ended. */
interface TextResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Git commands whose arguments and answers are text, and that read no standard input. */
export interface TextCommands {
  /** What it wrote. @throws Failure when it exits with another code than 0 */
  run(...command: string[]): Promise<string>;
  /** How it ended, whatever the exit code. @throws Failure `git-missing`, `git-timeout` */
  attempt(...command: string[]): Promise<TextResult>;
  /** As `run`, for a command that changes something: it passes the write seam first. */
  write(...command: string[]): Promise<string>;
}

const silence = 120_000;

/** simple-git stops guarded variables unless they are named; these are the ones Git has to see. */
const guardedButNeeded = new Set([
  'GIT_CONFIG_GLOBAL',
  'GIT_CONFIG_SYSTEM',
  'GIT_CONFIG_NOSYSTEM',
  'GIT_EXEC_PATH',
  'GIT_TEMPLATE_DIR',
]);
/** Guarded ones that no command here uses: they start editors, pagers, connections. */
const guardedAndNotNeeded =
  /^(?:EDITOR|VISUAL|PAGER|PREFIX|SSH_ASKPASS|GIT_(?:ASKPASS|EDITOR|SEQUENCE_EDITOR|PAGER|PROXY_COMMAND|SSH|SSH_COMMAND))$/i;

class EndedBadly extends GitError {
  constructor(readonly result: TextResult) {
    super(undefined, result.stderr);
  }
}

function needed(environment: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !guardedAndNotNeeded.test(name)),
  );
}

function clientIn(directory: string, environment: Readonly<Record<string, string>>): SimpleGit {
  const allowed = Object.keys(environment).filter((name) => /^git_/i.test(name));
  return simpleGit({
    baseDir: directory,
    maxConcurrentProcesses: 4,
    timeout: { block: silence },
    completion: { onClose: true, onExit: false },
    allowEnvironment: [...allowed, ...guardedButNeeded],
    unsafe: {
      allowUnsafeConfigPaths: true,
      allowUnsafeExec: true,
      allowUnsafeTemplateDir: true,
    },
    // Its own rule takes a failure that says nothing for success.
    errors: (error, { exitCode, stdOut, stdErr }) => {
      if (exitCode === 0 || error instanceof GitPluginError) return error;
      const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString('utf8');
      return new EndedBadly({ exitCode, stdout: text(stdOut), stderr: text(stdErr) });
    },
  }).env(needed(environment));
}

function ended(command: readonly string[], error: unknown): TextResult {
  if (error instanceof EndedBadly) {
    const { stderr, stdout } = error.result;
    if (stdout === '' && /^Error: spawn \S+ ENOENT/.test(stderr)) {
      throw new Failure('git-missing', {}, { cause: error });
    }
    return error.result;
  }
  if (error instanceof GitError && /block timeout reached/.test(error.message)) {
    throw timedOut(command, error);
  }
  throw error;
}

/**
 * Runs a command behind the seam that the process runner passes, since simple-git starts its
 * processes itself.
 */
async function throughSeam<T>(
  platform: Platform,
  command: readonly string[],
  call: () => Promise<T>,
): Promise<T> {
  const target = `git ${command.join(' ')}`;
  const fault = platform.seam.before({ kind: 'process.run', target });
  if (fault === null) return call();
  if (fault.late === true) {
    await call();
    throw timedOut(command, fault.error);
  }
  if (errnoOf(fault.error) === null) throw fault.error;
  const data = { command: target, exitCode: null, stderr: String(fault.error) };
  throw new Failure('git-failed', data, { cause: fault.error });
}

function timedOut(command: readonly string[], cause: Error): Failure {
  const data = { command: `git ${command.join(' ')}`, milliseconds: silence };
  return new Failure('git-timeout', data, { cause });
}

/**
 * Text commands, run by simple-git in a directory that exists.
 * @param environment the whole environment, already scrubbed
 */
export function textCommands(
  platform: Platform,
  directory: string,
  environment: Readonly<Record<string, string>>,
): TextCommands {
  const client = clientIn(directory, environment);
  const attempt = async (...command: string[]): Promise<TextResult> => {
    try {
      return { exitCode: 0, stdout: await client.raw(command), stderr: '' };
    } catch (error) {
      return ended(command, error);
    }
  };
  const run = async (...command: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await attempt(...command);
    if (exitCode !== 0) throw failureFrom({ command, exitCode, stderr, directory });
    return stdout;
  };
  const write = (...command: string[]): Promise<string> =>
    throughSeam(platform, command, () => run(...command));
  return Object.freeze({ run, attempt, write });
}
