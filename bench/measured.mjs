// What the benchmarks share: medians, tables, directories that go away again, Cairn's store as it
// stands in src (bundled, with its threads), and the peers as they are installed.

import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.join(import.meta.dirname, '..');

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}

/** Seconds that `work` takes. @param {() => unknown} work */
export async function seconds(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** @param {string[][]} rows */
export function table(rows) {
  const widths = rows[0]?.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths?.[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/**
 * Notes a figure beside what it may be at most, for whoever runs several benchmarks (bench/store.mjs).
 * @param {string} what @param {number | undefined} value @param {number | undefined} limit
 */
export function figure(what, value, limit) {
  const notes = process.env.CAIRN_FIGURES;
  if (notes === undefined || value === undefined || limit === undefined) return;
  appendFileSync(notes, `${JSON.stringify({ what, value, limit })}\n`);
}

/** A directory for this run; gone when the process ends. `CAIRN_BENCH` names where. */
export function scratch() {
  const directory = mkdtempSync(path.join(process.env.CAIRN_BENCH ?? os.tmpdir(), 'cairn-bench-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Bytes of all files below. @param {string} directory @returns {number} */
export function bytesBelow(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + lstatSync(path.join(entry.parentPath, entry.name)).size, 0);
}

/** Files that lie in a directory, in order. @param {string} directory */
export function filesIn(directory) {
  return readdirSync(directory)
    .sort()
    .map((name) => path.join(directory, name));
}

/** Makes a file's bytes last, as Cairn does before it says that it is done. @param {string} file */
export function fsync(file) {
  const descriptor = openSync(file, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** @param {string} command @param {string[]} words @param {string} cwd */
export function run(command, words, cwd) {
  const env = {
    ...process.env,
    ...{ BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK: 'yes', RESTIC_PASSWORD: 'bench' },
    ...{ GIT_CONFIG_GLOBAL: '/dev/null', GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.com' },
    ...{ GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.com' },
    ...{ BORG_BASE_DIR: cwd, RESTIC_CACHE_DIR: path.join(cwd, '.cache') },
  };
  const { status, stderr, error } = spawnSync(command, words, { cwd, env, encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}: ${stderr}`);
}

/** @param {string} command */
function isInstalled(command) {
  return spawnSync(command, ['--version']).error === undefined;
}

/**
 * Something that keeps versions of one file.
 * @typedef {{
 *   name: string,
 *   begin(home: string): Promise<void> | void,
 *   commit(file: string, version: number): Promise<void> | void,
 *   restore(version: number, to: string): Promise<void> | void,
 *   kept(): number,
 * }} Keeper
 */

/** Cairn's store by itself, in this process, as VS Code's window has it. @returns {Promise<Keeper>} */
export async function cairn() {
  const product = await loadProduct();
  /** @type {any} */
  let store;
  let directory = '';
  /** @type {string[]} */
  const digests = [];
  return {
    name: 'cairn',
    begin(home) {
      directory = path.join(home, 'artifacts');
      store = product.openArtifactStore(product.nodePlatform(), directory, path.join(home, 'tmp'));
      digests.length = 0;
    },
    async commit(file, version) {
      const layout = await product.layoutOf(file);
      const base = digests[version - 1] ?? null;
      digests[version] = (await store.put(file, undefined, { layout, base })).sha256;
    },
    restore: (version, to) => store.restore(digests[version], to, 0o644),
    kept: () => bytesBelow(directory),
  };
}

/** The store, the readers of model files and the machine, bundled as the product is. */
export async function loadProduct() {
  return createRequire(import.meta.url)(await productScript());
}

/** The script of it; gone when the process ends. */
export async function productScript() {
  const out = mkdtempSync(path.join(os.tmpdir(), 'cairn-bench-product-'));
  process.on('exit', () => rmSync(out, { recursive: true, force: true }));
  const options = /** @type {const} */ ({
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
  });
  const contents = `
    export { openArtifactStore } from './src/artifacts';
    export { nodePlatform } from './src/platform';
    import { byteLayoutOf } from './src/formats';
    import { nodePlatform, openFileReader } from './src/platform';
    export async function layoutOf(path) {
      const reader = await openFileReader(nodePlatform().disk, path);
      try { return await byteLayoutOf(reader, path); } finally { await reader.close(); }
    }`;
  await build({
    ...options,
    stdin: { contents, resolveDir: root },
    outfile: path.join(out, 'product.cjs'),
  });
  const thread = path.join(root, 'src/artifacts/coderThread.ts');
  await build({ ...options, entryPoints: [thread], outfile: path.join(out, 'coder.js') });
  return path.join(out, 'product.cjs');
}

/** @returns {Keeper} */
function gitLfs() {
  let home = '';
  return {
    name: 'git-lfs',
    begin(directory) {
      home = directory;
      run('git', ['init', '-q'], home);
      run('git', ['lfs', 'install', '--local'], home);
      run('git', ['lfs', 'track', 'model'], home);
    },
    commit(file, version) {
      run('cp', ['--reflink=auto', file, path.join(home, 'model')], home);
      run('git', ['add', 'model'], home);
      run('git', ['commit', '-q', '-m', `v${version}`], home);
      run('git', ['tag', `v${version}`], home);
    },
    restore(version, to) {
      rmSync(path.join(home, 'model'), { force: true });
      run('git', ['checkout', '-q', `v${version}`, '--', 'model'], home);
      run('mv', [path.join(home, 'model'), to], home);
    },
    kept: () => bytesBelow(path.join(home, '.git', 'lfs')),
  };
}

/** @returns {Keeper} */
function borg() {
  let home = '';
  return {
    name: 'borg (lz4)',
    begin(directory) {
      home = directory;
      run('borg', ['init', '-e', 'none', 'repository'], home);
    },
    commit(file, version) {
      run('cp', ['--reflink=auto', file, path.join(home, 'model')], home);
      run('borg', ['create', '-C', 'lz4', `repository::v${version}`, 'model'], home);
    },
    restore(version, to) {
      run('borg', ['extract', `repository::v${version}`], home);
      run('mv', [path.join(home, 'model'), to], home);
    },
    kept: () => bytesBelow(path.join(home, 'repository')),
  };
}

/** @returns {Keeper} */
function restic() {
  let home = '';
  return {
    name: 'restic',
    begin(directory) {
      home = directory;
      run('restic', ['init', '-q', '-r', 'repository'], home);
    },
    commit(file, version) {
      run('cp', ['--reflink=auto', file, path.join(home, 'model')], home);
      run('restic', ['backup', '-q', '-r', 'repository', '--tag', `v${version}`, 'model'], home);
    },
    restore(version, to) {
      const words = ['restore', 'latest', '-q', '-r', 'repository', '--tag', `v${version}`];
      run('restic', [...words, '--target', 'restored'], home);
      run('mv', [path.join(home, 'restored', 'model'), to], home);
    },
    kept: () => bytesBelow(path.join(home, 'repository')),
  };
}

/** Cairn and every peer that is installed; the others are named. @returns {Promise<Keeper[]>} */
export async function keepers() {
  const peers = /** @type {const} */ ([
    ['git-lfs', gitLfs],
    ['borg', borg],
    ['restic', restic],
  ]);
  const missing = peers.filter(([command]) => !isInstalled(command)).map(([command]) => command);
  if (missing.length > 0) console.log(`Not installed, and so not measured: ${missing.join(', ')}.`);
  return [
    await cairn(),
    ...peers.filter(([command]) => isInstalled(command)).map(([, make]) => make()),
  ];
}

/** An empty directory of that name. @param {string} directory */
export function fresh(directory) {
  if (existsSync(directory)) rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  return directory;
}
