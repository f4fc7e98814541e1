import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Workspace } from '../operations/sandbox';

const root = join(import.meta.dirname, '../..');

/** How a command ended. */
export interface Ended {
  /** `null` when a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line as it stands in `src`, run in processes of its own. */
export class CommandLine {
  readonly #script: string;

  private constructor(script: string) {
    this.#script = script;
  }

  static async build(directory: string): Promise<CommandLine> {
    // Beside the packages that are not in the bundle.
    symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'), 'junction');
    await build({
      absWorkingDir: root,
      entryPoints: { cli: 'src/cli/main.ts', commands: 'src/cli/run.ts' },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      external: ['better-sqlite3'],
      logLevel: 'error',
      outdir: directory,
    });
    return new CommandLine(join(directory, 'cli.js'));
  }

  start(workspace: Workspace, ...words: string[]): ChildProcess {
    return spawn(process.execPath, [this.#script, ...words], {
      cwd: workspace.root,
      env: workspace.sandbox.environment as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** As `start`, where no file can grow by a byte, as on a disk that is full. */
  startWithoutSpace(workspace: Workspace, ...words: string[]): ChildProcess {
    const limited = 'ulimit -f 0; exec "$0" "$@"';
    return spawn('sh', ['-c', limited, process.execPath, this.#script, ...words], {
      cwd: workspace.root,
      env: workspace.sandbox.environment as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  run(workspace: Workspace, ...words: string[]): Promise<Ended> {
    return ended(this.start(workspace, ...words));
  }
}

export async function ended(child: ChildProcess): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    said.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    said.stderr += chunk;
  });
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, ...said };
}
