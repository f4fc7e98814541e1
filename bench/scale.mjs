// What large projects cost: 10,000 versions of one model, 500 models in one project, and a repository
// of 100,000 tracked files. `node bench/scale.mjs [versions|models|files]` after `npm run build`.
// Prints figures beside their budgets, and fails over one.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { build } from 'esbuild';

const root = path.join(import.meta.dirname, '..');
const cli = path.join(root, 'dist', 'cli.js');
const wanted = process.argv.slice(2);
const rounds = 7;
const over = /** @type {string[]} */ ([]);

const { formatVersionMessage, nodePlatform, openProject } = await ownModules();
const scenes = { versions: manyVersions, models: manyModels, files: manyFiles };
for (const [name, scene] of Object.entries(scenes)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const folder = mkdtempSync(path.join(tmpdir(), 'cairn-scale-'));
  try {
    console.log(`\n${name}`);
    await scene(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
if (over.length > 0) {
  console.log(`\nover the budget: ${over.join(', ')}`);
  process.exitCode = 1;
}

/** Parts of the product, as they are in this checkout. */
async function ownModules() {
  const contents = [
    `export { formatVersionMessage } from './src/core/versionMessage';`,
    `export { openProject } from './src/operations';`,
    `export { nodePlatform } from './src/platform';`,
  ].join('\n');
  const outfile = path.join(root, 'dist', 'bench-scale.cjs');
  await build({
    stdin: { contents, resolveDir: root },
    ...{ bundle: true, platform: 'node', format: 'cjs', outfile, logLevel: 'error' },
    external: ['better-sqlite3'],
  });
  return createRequire(import.meta.url)(outfile);
}

async function manyVersions(/** @type {string} */ folder) {
  const count = 10_000;
  makeHistory(folder, { digits: count });
  await timed('rebuild', () => run(folder, 'rebuild'), { times: 1 });
  await timed('verify', () => run(folder, 'verify'), { times: 1 });
  await queries(folder, 'digits@v5000');
}

async function manyModels(/** @type {string} */ folder) {
  const models = Object.fromEntries(
    Array.from({ length: 500 }, (_, index) => [`model-${index}`, 4]),
  );
  makeHistory(folder, models);
  await timed('rebuild', () => run(folder, 'rebuild'), { times: 1 });
  await timed('verify', () => run(folder, 'verify'), { times: 1 });
  await queries(folder, 'model-7@v2');
}

/** What a window asks its engine, and what a person asks the command line. */
async function queries(/** @type {string} */ folder, /** @type {string} */ reference) {
  const project = await openProject(nodePlatform(), folder);
  const model = reference.split('@')[0];
  await timed('list a page', () => project.log({ model, limit: 200 }), { most: 50 });
  const where = 'val_accuracy > 0.8 and LR <= 0.005';
  await timed('filter', () => project.log({ model, where, limit: 200 }), { most: 50 });
  const sorted = { model, sort: '-metric:val_accuracy', limit: 200 };
  await timed('sort by a metric', () => project.log(sorted), { most: 50 });
  await timed('show', () => project.show({ reference }), { most: 50 });
  await timed('find the best', () => project.show({ reference: `${model}@best` }), { most: 50 });
  await timed('all that the tree shows first', () => project.overview(), { most: 300 });
  await project.close();
  const listed = () => run(folder, 'log', model ?? '', '--limit', '20');
  await timed('cairn log --limit 20', listed, { most: 250 });
}

async function manyFiles(/** @type {string} */ folder) {
  const git = gitIn(folder);
  git('init', '-q', '-b', 'main');
  for (let directory = 0; directory < 1_000; directory++) {
    const inside = path.join(folder, `d${directory % 30}`, `e${directory}`);
    mkdirSync(inside, { recursive: true });
    for (let file = 0; file < 100; file++) {
      writeFileSync(path.join(inside, `f${file}.py`), `x = ${directory * 100 + file}\n`);
    }
  }
  writeFileSync(path.join(folder, 'train.py'), 'LR = 0.1\n');
  git('add', '-A');
  git('commit', '-q', '-m', 'many files');
  run(folder, 'init');
  run(folder, 'commit', '-m', 'first');
  git('status', '--short');
  const floor = await timed('git status, and git add -A into a copy of the index', () => {
    git('status', '--short');
    const copy = path.join(folder, '.git', 'index-copy');
    cpSync(path.join(folder, '.git', 'index'), copy, { preserveTimestamps: true });
    execFileSync('git', ['add', '-A'], {
      cwd: folder,
      env: { ...process.env, GIT_INDEX_FILE: copy },
    });
    rmSync(copy);
  });
  const most = floor * 1.5;
  await timed('cairn status', () => run(folder, 'status'), { most, times: 5 });
  let turn = 0;
  const commit = () => {
    writeFileSync(path.join(folder, 'train.py'), `LR = 0.${++turn}\n`);
    run(folder, 'commit', '-m', `turn ${turn}`);
  };
  await timed('cairn commit', commit, { most, times: 5 });
}

/** Version commits through Git's fast import; the database comes from them. */
function makeHistory(/** @type {string} */ folder, /** @type {Record<string, number>} */ models) {
  const git = gitIn(folder);
  git('init', '-q', '-b', 'main');
  const stream = [];
  const data = (/** @type {string} */ text) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  for (const [model, count] of Object.entries(models)) {
    for (let number = 1; number <= count; number++) {
      const record = recordOf(model, number);
      const message = formatVersionMessage({ record, logHead: '0'.repeat(64) });
      stream.push(
        `commit refs/heads/cairn/${model}\n`,
        `committer Ada <ada@example.org> ${1_700_000_000 + number} +0000\n`,
        data(message),
        `M 100644 inline train.py\n${data(`LR = ${number}\n`)}`,
      );
    }
  }
  execFileSync('git', ['fast-import', '--quiet'], { cwd: folder, input: stream.join('') });
  writeFileSync(path.join(folder, 'train.py'), 'LR = 1\n');
  git('add', '-A');
  git('commit', '-q', '-m', 'code');
  run(folder, 'init');
}

function recordOf(/** @type {string} */ model, /** @type {number} */ number) {
  return {
    ...{ format: 1, model, number, revision: 1, kind: 'version', label: null },
    createdAt: new Date(1_700_000_000_000 + number * 1_000).toISOString(),
    creator: { name: 'Ada', email: 'ada@example.org' },
    description: `version ${number}`,
    parent: number === 1 ? null : `${model}@v${number - 1}.1`,
    parameters: { LR: ((number % 20) + 1) / 1000, LAYERS: [64, 32], OPTIMIZER: 'adam' },
    ...{ files: [], datasets: [] },
    metrics: {
      val_accuracy: 0.5 + (number % 100) / 250,
      val_loss: 1 / ((number % 90) + 1),
      f1: 0.5,
    },
    environment: { python: '3.12.0', platform: 'linux-x64' },
    code: { commit: null, head: null, branch: 'main', dirty: false },
    ...{ run: null, primary: { metric: 'val_accuracy', better: 'higher' } },
  };
}

function gitIn(/** @type {string} */ folder) {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
  return (/** @type {string[]} */ ...words) =>
    execFileSync('git', [...identity, ...words], { cwd: folder, maxBuffer: 1 << 28 });
}

function run(/** @type {string} */ folder, /** @type {string[]} */ ...words) {
  execFileSync(process.execPath, [cli, ...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/**
 * Milliseconds, the median of several times after one that warms up.
 * @param {string} what
 * @param {() => unknown} work
 * @param {{ most?: number, times?: number }} [options] the budget, and how often it is measured
 */
async function timed(what, work, { most, times = rounds } = {}) {
  const taken = [];
  for (let round = times === 1 ? 0 : -1; round < times; round++) {
    const begin = performance.now();
    await work();
    if (round >= 0) taken.push(performance.now() - begin);
  }
  const median = taken.sort((a, b) => a - b)[taken.length >> 1] ?? 0;
  const budget = most === undefined ? '' : `   (at most ${most.toFixed(0)} ms)`;
  console.log(`  ${what.padEnd(52)} ${median.toFixed(1).padStart(9)} ms${budget}`);
  if (most !== undefined && median > most) over.push(what);
  return median;
}
