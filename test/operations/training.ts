import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../../setup.mjs';
import type { Workspace } from './sandbox';

/** Real training processes with the module of this checkout. */

export const python = spawnSync('python3', ['--version']).status === 0 ? 'python3' : null;

const module = join(root, 'python');

export interface Process {
  readonly pid: number;
  /** The next line that it prints; fails with what it said on standard error where none comes. */
  line(): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<number | null>;
}

function environment(workspace: Workspace, more: Record<string, string> = {}) {
  const own = { PYTHONPATH: module, PYTHONDONTWRITEBYTECODE: '1', ...more };
  return { ...workspace.sandbox.environment, ...own } as NodeJS.ProcessEnv;
}

/** Runs training code to its end; what it said on standard error. */
export function train(workspace: Workspace, code: string, more: Record<string, string> = {}): void {
  execFileSync('python3', ['-c', `import cairn\n${code}`], {
    cwd: workspace.root,
    env: environment(workspace, more),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** Begins training code and lets it run. */
export function start(workspace: Workspace, code: string): Process {
  const child = spawn('python3', ['-u', '-c', `import cairn\n${code}`], {
    cwd: workspace.root,
    env: environment(workspace),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    complaint += piece;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    pid: child.pid ?? 0,
    line: async () => {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`The training ended without a line.\n${complaint}`);
      return value;
    },
    kill: (signal) => void child.kill(signal),
    ended: new Promise((resolve) => child.once('close', (code) => resolve(code))),
  };
}
