import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { openRepository, type Repository, type SnapshotRequest } from '../../src/git';
import { nodePlatform, type Platform } from '../../src/platform';
import type { FaultySeam } from '../platform/faultySeam';
import { scratchDirectory } from '../platform/scratch';

type Environment = Record<string, string | undefined>;

/** The caller's environment with a home of its own, and with Git's identity and nothing else. */
function isolated(home: string): Environment {
  const global = join(home, 'gitconfig');
  mkdirSync(home, { recursive: true });
  writeFileSync(
    global,
    '[user]\n\tname = Ada\n\temail = ada@example.org\n' +
      '[init]\n\tdefaultBranch = main\n\ttemplateDir = /dev/null\n' +
      '[protocol "file"]\n\tallow = always\n',
  );
  const { PATH, TMPDIR } = process.env;
  return { PATH, TMPDIR, HOME: home, GIT_CONFIG_GLOBAL: global, GIT_CONFIG_NOSYSTEM: '1' };
}

/** Where the repositories of one test file lie, and the machine as Cairn sees it there. */
export class Workshop {
  readonly directory: string;
  readonly environment: Environment;
  readonly temporary: string;
  #count = 0;
  #templateRoot: string | null = null;

  constructor(name: string) {
    this.directory = scratchDirectory(`git-${name}`);
    this.environment = isolated(join(this.directory, 'home'));
    this.temporary = join(this.directory, 'temporary');
    mkdirSync(this.temporary);
  }

  platform(more: Environment = {}, seam?: FaultySeam): Platform {
    return nodePlatform({
      environment: { ...this.environment, ...more },
      temporary: this.temporary,
      ...(seam === undefined ? {} : { seam }),
    });
  }

  freshPath(name = 'repository'): string {
    this.#count += 1;
    return join(this.directory, `${this.#count}-${name}`);
  }

  /** A new repository without a commit. */
  init(...options: string[]): UserRepository {
    const root = this.freshPath();
    this.git(this.directory, 'init', '--quiet', ...options, root);
    return new UserRepository(this, root);
  }

  /** A new repository whose first commit holds the files. */
  repository(files: Record<string, string | Buffer> = { 'train.py': 'lr = 1\n' }): UserRepository {
    const root = this.freshPath();
    // As `git init` makes it, without the time that a process takes.
    cpSync(this.#template(), root, { recursive: true });
    const user = new UserRepository(this, root);
    user.write(files);
    user.git('add', '--all');
    user.git('commit', '--quiet', '--message', 'first');
    return user;
  }

  #template(): string {
    this.#templateRoot ??= this.init().root;
    return this.#templateRoot;
  }

  git(directory: string, ...command: string[]): string {
    return this.gitWith({}, directory, ...command);
  }

  gitWith(
    options: { input?: string | Buffer; environment?: Environment },
    directory: string,
    ...command: string[]
  ): string {
    return execFileSync('git', command, {
      cwd: directory,
      env: { ...this.environment, ...options.environment },
      input: options.input ?? '',
      stdio: ['pipe', 'pipe', 'pipe'],
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
  }
}

/** A user's repository, worked on as a user would: with files and with Git. */
export class UserRepository {
  readonly workshop: Workshop;
  readonly root: string;

  constructor(workshop: Workshop, root: string) {
    this.workshop = workshop;
    this.root = root;
  }

  git(...command: string[]): string {
    return this.workshop.git(this.root, ...command);
  }

  write(files: Record<string, string | Buffer>): void {
    for (const [path, content] of Object.entries(files)) {
      const absolute = join(this.root, path);
      mkdirSync(dirname(absolute), { recursive: true });
      writeFileSync(absolute, content);
    }
  }

  script(path: string, text: string): string {
    const absolute = join(this.root, path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, `#!/bin/sh\n${text}\n`);
    chmodSync(absolute, 0o755);
    return absolute;
  }

  open(more: Environment = {}, seam?: FaultySeam): Promise<Repository> {
    return openRepository(this.workshop.platform(more, seam), this.root);
  }

  gitDirectory(): string {
    return this.git('rev-parse', '--absolute-git-dir').trim();
  }
}

/** Everything below a directory: content, permissions, time of change; not of directories. */
function listing(directory: string, skipped: readonly string[], prefix = ''): [string, string][] {
  const found: [string, string][] = [];
  for (const name of readdirSync(join(directory, prefix)).sort()) {
    const path = prefix === '' ? name : `${prefix}/${name}`;
    if (skipped.includes(path)) continue;
    const absolute = join(directory, path);
    const facts = lstatSync(absolute, { bigint: true });
    if (facts.isDirectory()) {
      found.push([`${path}/`, ''], ...listing(directory, skipped, path));
    } else {
      const bytes = facts.isSymbolicLink()
        ? readlinkSync(absolute)
        : facts.isFile()
          ? readFileSync(absolute)
          : '';
      const digest = createHash('sha1').update(bytes).digest('hex');
      // Git itself, whenever it reads a split index, marks the shared part as still in use.
      const time = name.startsWith('sharedindex.') ? '' : facts.mtimeNs;
      found.push([path, `${facts.mode.toString(8)} ${time} ${digest}`]);
    }
  }
  return found;
}

/**
 * What is the user's: working files and all of the Git directories (HEAD, index, references, logs,
 * stash, configuration) but the object store and Cairn's own directory.
 */
export function usersState(repository: Repository): unknown {
  const { root, gitDirectory, commonDirectory } = repository;
  const skipped = ['objects', 'cairn', 'modules', 'lfs'];
  return {
    files: listing(root, ['.git']),
    git: listing(gitDirectory, skipped),
    common: listing(commonDirectory, skipped),
  };
}

export function objectFiles(repository: Repository): string[] {
  return listing(join(repository.commonDirectory, 'objects'), []).map(([path]) => path);
}

export const everything: SnapshotRequest = {
  isCode: () => true,
  isArtifact: () => false,
  scratch: false,
};

/** A snapshot's tree as `path → mode and content`, and everything else about it. */
export interface TakenSnapshot {
  readonly files: Record<string, string>;
  readonly leftOut: Record<string, string>;
  readonly dirty: boolean;
  readonly tree: string;
}

/** Takes a snapshot, proves that nothing of the user's has changed, and reads the tree. */
export async function take(
  user: UserRepository,
  request: Partial<SnapshotRequest> = {},
  repository?: Repository,
): Promise<TakenSnapshot> {
  const opened = repository ?? (await user.open());
  const before = usersState(opened);
  const snapshot = await opened.snapshot({ ...everything, ...request });
  const { leftOut, dirty, tree } = snapshot;
  await snapshot.dispose();
  expect(usersState(opened)).toEqual(before);
  return {
    files: treeFiles(user, tree),
    leftOut: Object.fromEntries(leftOut.map(({ path, why }) => [path, why])),
    dirty,
    tree,
  };
}

/** A tree's files with their content (`120000:` and the like before it when no plain file). */
export function treeFiles(user: UserRepository, tree: string): Record<string, string> {
  const listed = user.git('ls-tree', '-r', '-z', '--full-tree', tree).split('\0').filter(Boolean);
  const entries = listed.map((line) => {
    const facts = line.slice(0, line.indexOf('\t'));
    const path = line.slice(facts.length + 1);
    const [mode = '', , oid = ''] = facts.split(' ');
    return { mode, oid, path };
  });
  const blobs = entries.filter(({ mode }) => mode !== '160000');
  const input = blobs.map(({ oid }) => `${oid}\n`).join('');
  const output = Buffer.from(
    user.workshop.gitWith({ input }, user.root, 'cat-file', '--batch'),
    'utf8',
  );
  const files: Record<string, string> = {};
  let at = 0;
  for (const { mode, oid, path } of entries) {
    if (mode === '160000') {
      files[path] = `160000:${oid}`;
      continue;
    }
    const end = output.indexOf('\n', at);
    const size = Number(output.toString('latin1', at, end).split(' ')[2]);
    const content = output.toString('utf8', end + 1, end + 1 + size);
    files[path] = mode === '100644' ? content : `${mode}:${content}`;
    at = end + 1 + size + 1;
  }
  return files;
}
