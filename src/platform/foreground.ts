import { spawn } from 'node:child_process';
import { Failure } from '../core/failure';
import type { ProcessGround } from './childProcess';
import { errnoOf, passSeam } from './diskErrors';
import type { ForegroundRequest, ForegroundResult } from './processes';

/** Signal 0 reaches nobody and tells whether there is somebody (kill(2)). */
export function isAlive(id: number): boolean {
  if (!Number.isInteger(id) || id <= 0) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    // Somebody else's process may not be asked, which says that there is one.
    return errnoOf(error) === 'EPERM';
  }
}

/** As `Processes.interrupt`. */
export function interrupt(ground: ProcessGround, id: number): boolean {
  if (!isAlive(id)) return false;
  passSeam(ground.seam, 'process.run', `interrupt ${id}`);
  try {
    return process.kill(id, 'SIGINT');
  } catch (error) {
    // It ended meanwhile, or is not ours to end.
    const errno = errnoOf(error);
    if (errno !== 'ESRCH' && errno !== 'EPERM') throw error;
    return false;
  }
}

/** As `Processes.runForeground`. */
export async function runForeground(
  ground: ProcessGround,
  request: ForegroundRequest,
): Promise<ForegroundResult> {
  const { command, directory, signal } = request;
  passSeam(ground.seam, 'process.run', command);
  const child = spawn(command, [...request.arguments], {
    cwd: directory,
    env: { ...process.env, ...request.environment },
    stdio: ['inherit', 'pipe', 'pipe'],
    windowsHide: true,
  });
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (bytes: Buffer) => request.told(name, bytes));
  }
  // A terminal's Ctrl+C reaches the command by itself, and twice would end its tidying up.
  const patience = process.stdin.isTTY === true ? 2_000 : 0;
  const stop = () => void setTimeout(() => child.kill('SIGINT'), patience).unref();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', (error) => reject(notStarted(command, error)));
      child.once('close', (exitCode, ended) => resolve({ exitCode, signal: ended }));
    });
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

function notStarted(command: string, error: Error): Failure {
  const why = errnoOf(error) === 'ENOENT' ? 'there is no such command' : error.message;
  return new Failure('usage', { what: `${command} cannot be started: ${why}` }, { cause: error });
}
