import { execFileSync } from 'node:child_process';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import {
  initializeProject,
  type OpenOptions,
  openProject,
  type Project,
} from '../../src/operations';
import { type NodePlatformOptions, nodePlatform, type Platform } from '../../src/platform';
import { scratchDirectory } from '../platform/scratch';

/** Real Git, a real disk, nobody's configuration. */
export class Sandbox {
  readonly directory: string;
  readonly environment: Record<string, string | undefined>;
  #opened: Project[] = [];

  constructor(name: string, directory = scratchDirectory(`operations-${name}`)) {
    this.directory = directory;
    this.environment = {
      PATH: process.env.PATH,
      HOME: this.directory,
      GIT_CONFIG_GLOBAL: join(this.directory, 'gitconfig'),
      GIT_CONFIG_NOSYSTEM: '1',
      LC_ALL: 'C',
    };
    writeFileSync(
      join(this.directory, 'gitconfig'),
      '[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n[core]\n\tfsync = none\n',
    );
  }

  /** A fresh Git repository with a training script and a first commit. */
  repository(files: Record<string, string | Uint8Array> = exampleFiles()): Workspace {
    const root = mkdtempSync(join(this.directory, 'digits-'));
    const workspace = new Workspace(this, root);
    workspace.git('init', '-q', '--template=');
    workspace.write(files);
    workspace.git('add', '-A');
    workspace.git('commit', '-q', '-m', 'first');
    return workspace;
  }

  /** The same repository once more, as it is on disk: far cheaper than making it again. */
  copy(template: Workspace): Workspace {
    const root = mkdtempSync(join(this.directory, 'digits-'));
    cpSync(template.root, root, {
      recursive: true,
      preserveTimestamps: true,
      verbatimSymlinks: true,
    });
    return new Workspace(this, root);
  }

  /** A repository that `build` makes only once: every call gives a copy. */
  once(
    build: (workspace: Workspace, project: Project) => Promise<unknown>,
    files = exampleFiles(),
  ): () => Promise<Workspace> {
    const make = async () => {
      const workspace = this.repository(files);
      await workspace.initialize();
      await workspace.use((project) => build(workspace, project));
      return workspace;
    };
    let made: Promise<Workspace> | null = null;
    return async () => {
      made ??= make();
      return this.copy(await made);
    };
  }

  platform(options: NodePlatformOptions = {}): Platform {
    return nodePlatform({ environment: this.environment, ...options });
  }

  git(directory: string, ...argv: string[]): string {
    return execFileSync('git', argv, {
      cwd: directory,
      env: this.environment as NodeJS.ProcessEnv,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  opened(project: Project): Project {
    this.#opened.push(project);
    return project;
  }

  async close(): Promise<void> {
    for (const project of this.#opened.splice(0)) await project.close();
  }
}

/** One repository in a sandbox. */
export class Workspace {
  constructor(
    readonly sandbox: Sandbox,
    readonly root: string,
  ) {}

  git(...argv: string[]): string {
    return this.sandbox.git(this.root, ...argv);
  }

  write(files: Record<string, string | Uint8Array>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), content);
    }
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  bytes(path: string): Buffer {
    return readFileSync(join(this.root, path));
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true, force: true });
  }

  /** Every file of the working directory with its content (of `large` ones `-`), `.git` left out. */
  files(large: readonly string[] = []): Record<string, string> {
    const found: Record<string, string> = {};
    const visit = (directory: string) => {
      for (const entry of readdirSync(join(this.root, directory), { withFileTypes: true })) {
        const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
        if (path === '.git') continue;
        if (entry.isDirectory()) visit(path);
        else found[path] = large.includes(path) ? '-' : this.#content(path);
      }
    };
    visit('');
    return found;
  }

  #content(path: string): string {
    const absolute = join(this.root, path);
    const facts = lstatSync(absolute);
    if (facts.isSymbolicLink()) return `link ${readlinkSync(absolute)}`;
    return `${(facts.mode & 0o777).toString(8)} ${this.bytes(path).toString('hex')}`;
  }

  async initialize(platform = this.sandbox.platform()) {
    return initializeProject(platform, this.root);
  }

  async open(platform = this.sandbox.platform(), options: OpenOptions = {}): Promise<Project> {
    return this.sandbox.opened(await openProject(platform, this.root, options));
  }

  /** Opens the project for as long as `work` takes. */
  async use<T>(
    work: (project: Project) => Promise<T>,
    platform = this.sandbox.platform(),
  ): Promise<T> {
    const project = await openProject(platform, this.root);
    try {
      return await work(project);
    } finally {
      await project.close();
    }
  }

  /** A training: other weights, other figures. */
  train(seed: number, accuracy: number | string): void {
    this.write({
      'models/digits.safetensors': safetensors(seed),
      'metrics.json': JSON.stringify({ val_accuracy: accuracy, val_loss: 1 / (seed + 1) }),
      'history.json': JSON.stringify({
        loss: [3, 2, 1 / (seed + 1)],
        val_accuracy: [0.1, 0.5, accuracy],
      }),
    });
  }
}

/** A tiny, real safetensors file whose values follow from a seed. */
export function safetensors(seed: number, elements = 64): Uint8Array {
  const header = JSON.stringify({
    weight: { dtype: 'F32', shape: [elements], data_offsets: [0, elements * 4] },
  });
  const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
  const bytes = Buffer.alloc(8 + padded.length + elements * 4);
  bytes.writeBigUInt64LE(BigInt(padded.length));
  bytes.write(padded, 8, 'latin1');
  for (let index = 0; index < elements; index += 1) {
    bytes.writeFloatLE(Math.sin(seed * 1000 + index), 8 + padded.length + index * 4);
  }
  return bytes;
}

/** A repository as people have them: a script, ignored weights, metrics beside it. */
export function exampleFiles(): Record<string, string | Uint8Array> {
  return {
    '.gitignore': 'models/\n__pycache__/\n',
    'train.py': script(0.1),
    'README.md': '# digits\n',
    'models/digits.safetensors': safetensors(1),
    'metrics.json': JSON.stringify({ val_accuracy: 0.5, val_loss: 0.5 }),
    'history.json': JSON.stringify({ loss: [3, 2, 0.5], val_accuracy: [0.1, 0.3, 0.5] }),
  };
}

export function script(learningRate: number): string {
  return `"""Train."""
import torch

LEARNING_RATE = ${learningRate}
EPOCHS = 3


def train():
    loss.backward()
    torch.save(model, "models/digits.safetensors")
`;
}
