import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { basename } from 'node:path';
import { Cancelled, Failure } from '../core/failure';
import { errnoOf } from './diskErrors';
import { diskReading } from './diskReading';
import type { ProcessRequest } from './processes';
import type { WriteSeam } from './seam';

/** What starting processes rests on. */
export interface ProcessGround {
  readonly seam: WriteSeam;
  /** As `Platform.system`. */
  readonly system: string;
}

export const defaultMilliseconds = 120_000;
/** How long a process may take to end by itself once it is told to. */
const mercy = 2000;
/** How long its output may stay silent after its end while something it started holds the pipe. */
const echo = 1000;
const errorOutputLimit = 1 << 20;

/** What a pipe says when the process at its other end no longer reads. */
const unheard = new Set([
  'EPIPE',
  'ECONNRESET',
  'EOF',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
]);

export function commandLine(request: ProcessRequest): string {
  return [request.command, ...request.arguments].join(' ');
}

/** One process, started in a group of its own, with everything needed to end it for certain. */
export class RunningProcess {
  readonly child: ChildProcess;
  timedOut = false;
  overflowed = false;
  #cancelled = false;
  #inputError: Error | null = null;
  #killed = false;
  #errorOutput: Buffer[] = [];
  #errorLength = 0;
  readonly #system: string;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = () => this.cancel();
  /** Resolves when it has ended and said all it will say. */
  readonly ended: Promise<number | null>;

  constructor(child: ChildProcess, system: string, signal: AbortSignal | undefined) {
    this.child = child;
    this.#system = system;
    this.#signal = signal;
    child.stderr?.on('data', (chunk: Buffer) => this.#keepError(chunk));
    child.stdin?.on('error', (error: NodeJS.ErrnoException) => this.#keepInputError(error));
    this.ended = this.#waitForEnd();
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (signal?.aborted) this.cancel();
  }

  get errorOutput(): string {
    return Buffer.concat(this.#errorOutput).toString('utf8');
  }

  #keepError(chunk: Buffer): void {
    const room = errorOutputLimit - this.#errorLength;
    if (room <= 0) return;
    this.#errorOutput.push(chunk.subarray(0, room));
    this.#errorLength += Math.min(room, chunk.length);
  }

  /** A process need not read its input to the end: its exit code tells what became of it. */
  #keepInputError(error: NodeJS.ErrnoException): void {
    if (!unheard.has(error.code ?? '')) this.#inputError ??= error;
  }

  cancel(): void {
    this.#cancelled = true;
    this.kill();
  }

  /** @throws Cancelled when that is why it ended; Error when its input could not be written */
  throwIfFailed(): void {
    if (this.#cancelled) throw new Cancelled('cancelled');
    if (this.#inputError !== null) throw this.#inputError;
  }

  /** Asks it and all it started to end, and ends them when they do not. */
  kill(): void {
    if (this.#killed) return;
    this.#killed = true;
    this.#signalGroup('SIGTERM');
    const force = setTimeout(() => this.#signalGroup('SIGKILL'), mercy);
    void this.ended.finally(() => clearTimeout(force));
  }

  #signalGroup(signal: 'SIGTERM' | 'SIGKILL'): void {
    const { pid } = this.child;
    if (pid === undefined) return;
    if (this.#system.startsWith('win32')) {
      execFile('taskkill', ['/pid', String(pid), '/T', '/F'], { windowsHide: true }, () => {
        // It says no when the process has ended by itself meanwhile.
        this.child.kill();
      });
      return;
    }
    try {
      process.kill(-pid, signal);
    } catch (error) {
      // The whole group has ended already.
      if (errnoOf(error) !== 'ESRCH') throw error;
    }
  }

  #waitForEnd(): Promise<number | null> {
    return new Promise((resolve) => {
      this.child.once('close', (exitCode) => {
        this.#signal?.removeEventListener('abort', this.#onAbort);
        resolve(this.timedOut || this.overflowed ? null : exitCode);
      });
    });
  }

  /**
   * Something that it started may keep its pipes when it has ended, so that they never close: from
   * now on silence closes them. Only for whoever reads all output as it comes.
   */
  closeWhenSilent(): void {
    const { stdout, stderr } = this.child;
    let silence: NodeJS.Timeout | undefined;
    const listen = () => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        stdout?.destroy();
        stderr?.destroy();
      }, echo);
    };
    const exited = () => {
      listen();
      stdout?.on('data', listen);
      stderr?.on('data', listen);
    };
    if (this.child.exitCode !== null || this.child.signalCode !== null) exited();
    else this.child.once('exit', exited);
    void this.ended.finally(() => clearTimeout(silence));
  }
}

function isGit(command: string): boolean {
  return ['git', 'git.exe'].includes(basename(command).toLowerCase());
}

/** What the failure of a start, or of what is said to a process, means. */
export async function startError(request: ProcessRequest, error: unknown): Promise<unknown> {
  const { command, directory } = request;
  const errno = errnoOf(error);
  // The system says ENOENT for a missing directory too.
  if (errno === 'ENOENT' && (await diskReading.followedFacts(directory)) === null) {
    return new Failure('no-such-file', { path: directory }, { cause: error });
  }
  if (errno === null || !isGit(command)) return error;
  if (errno === 'ENOENT') return new Failure('git-missing', {}, { cause: error });
  const data = { command: commandLine(request), exitCode: null, stderr: String(error) };
  return new Failure('git-failed', data, { cause: error });
}

function spawned(
  request: ProcessRequest,
  system: string,
  output: number | 'pipe',
): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(request.command, request.arguments, {
      cwd: request.directory,
      env: { ...request.environment },
      stdio: ['pipe', output, 'pipe'],
      // A group of its own, so that it can be ended with all it started.
      detached: !system.startsWith('win32'),
      windowsHide: true,
    });
    child.on('error', reject);
    child.once('spawn', () => resolve(child));
  });
}

/**
 * Starts a process; a call that writes passes the seam first. Errors as `Processes.run` says.
 * @param output the descriptor that standard output goes to
 */
export async function startProcess(
  ground: ProcessGround,
  request: ProcessRequest,
  output: number | 'pipe' = 'pipe',
): Promise<RunningProcess> {
  if (request.signal?.aborted) throw new Cancelled('cancelled');
  try {
    const call = { kind: 'process.run', target: commandLine(request) } as const;
    const fault = request.writes ? ground.seam.before(call) : null;
    if (fault !== null && fault.late !== true) throw fault.error;
    const child = await spawned(request, ground.system, output);
    const running = new RunningProcess(child, ground.system, request.signal);
    running.timedOut = fault !== null;
    return running;
  } catch (error) {
    throw await startError(request, error);
  }
}
