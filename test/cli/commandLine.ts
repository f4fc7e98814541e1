import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { buildIfStale } from '../../esbuild.mjs';
import { root } from '../../setup.mjs';
import { Sandbox, Workspace } from '../operations/sandbox';

/** The real `dist/cli.js` in processes of its own, with nobody's configuration. */

const buildLock = join(root, 'node_modules', '.cairn-cli-build');
const buildPatience = 120_000;

let built: Promise<string> | null = null;

/** The command line's file, built anew when it is stale; `CAIRN_CLI` names another one to test. */
function commandLineFile(): Promise<string> {
  built ??=
    process.env.CAIRN_CLI === undefined ? buildAlone() : Promise.resolve(process.env.CAIRN_CLI);
  return built;
}

/** Test files run in several processes: one of them builds, the others wait. */
async function buildAlone(): Promise<string> {
  while (!(await takeLock())) await wait(100);
  try {
    await buildIfStale();
  } finally {
    await rm(buildLock, { recursive: true, force: true });
  }
  return join(root, 'dist', 'cli.js');
}

async function takeLock(): Promise<boolean> {
  try {
    await mkdir(buildLock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const held = await stat(buildLock).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  // Whoever was killed while it built leaves the lock behind.
  if (held !== null && Date.now() - held.mtimeMs > buildPatience)
    await rm(buildLock, { recursive: true, force: true });
  return false;
}

export interface Said {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly directory?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Runs it as another user. */
  readonly uid?: number;
  readonly gid?: number;
  /** Called with the process as soon as it runs. */
  readonly started?: (child: ChildProcess) => void;
}

const tools = ['git', 'sh', 'cat', 'head', 'rm', 'mkdir', 'ln', 'mv'];

/** A sandbox whose processes see Git, a few tools, and `cairn`. */
export class CommandLine extends Sandbox {
  readonly bin: string;
  #cli = '';
  #template: string | null = null;

  constructor(name: string) {
    super(`cli-${name}`);
    this.bin = join(this.directory, 'bin');
    mkdirSync(this.bin);
    for (const tool of tools) symlinkSync(found(tool), join(this.bin, tool));
    const { environment } = this;
    environment.PATH = this.bin;
    environment.TZ = 'UTC';
    // The same code is compiled in every process.
    environment.NODE_COMPILE_CACHE = join(root, 'node_modules', '.cache', 'cairn-cli');
  }

  /** Builds where that is needed; call it before all. */
  async ready(): Promise<void> {
    this.#cli = await commandLineFile();
    const script = `#!${found('sh')}\nexec "${process.execPath}" "${this.#cli}" "$@"\n`;
    const file = join(this.bin, 'cairn');
    writeFileSync(file, script);
    chmodSync(file, 0o755);
  }

  get file(): string {
    return this.#cli;
  }

  /** A fresh copy of a project with one version, `digits@v1`. */
  async project(): Promise<Workspace> {
    this.#template ??= await this.#firstVersion();
    const copy = mkdtempSync(join(this.directory, 'digits-'));
    cpSync(this.#template, copy, { recursive: true, preserveTimestamps: true });
    return new Workspace(this, copy);
  }

  async #firstVersion(): Promise<string> {
    const workspace = this.repository();
    await workspace.initialize();
    const project = await workspace.open();
    await project.commit({ message: 'first' });
    await project.close();
    return workspace.root;
  }

  /** Runs `cairn` with these arguments. */
  cairn(argv: readonly string[], options: RunOptions = {}): Promise<Said> {
    return this.run(process.execPath, [this.#cli, ...argv], options);
  }

  /** Runs a line of shell, in which `cairn` is a command. */
  shell(line: string, options: RunOptions = {}): Promise<Said> {
    return this.run(join(this.bin, 'sh'), ['-c', line], options);
  }

  run(command: string, argv: readonly string[], options: RunOptions = {}): Promise<Said> {
    const child = spawn(command, argv, {
      cwd: options.directory ?? this.directory,
      env: { ...this.environment, ...options.environment } as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.gid }),
    });
    options.started?.(child);
    return saidBy(child);
  }
}

function saidBy(child: ChildProcess): Promise<Said> {
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (piece: string) => {
      text[name] += piece;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit, signal) => resolve({ exit, signal, ...text }));
  });
}

const places = new Map<string, string>();

/** Where the search path has a tool. */
function found(tool: string): string {
  const known = places.get(tool);
  if (known !== undefined) return known;
  const place = execFileSync('sh', ['-c', `command -v ${tool}`], {
    encoding: 'utf8',
    env: { PATH: `${process.env.PATH}${delimiter}/usr/bin${delimiter}/bin` },
  }).trim();
  places.set(tool, place);
  return place;
}
