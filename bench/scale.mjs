// What large projects cost: 10,000 versions of one model, 500 models in one project, and a repository
// of 100,000 tracked files. `node bench/scale.mjs [versions|models|files]` after `npm run build`.
// Prints figures beside their budgets, and fails over one.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { cairn, gitIn, makeHistory } from './madeHistory.mjs';
import { ownModules } from './ownModules.mjs';

const wanted = process.argv.slice(2);
const rounds = 7;
const over = /** @type {string[]} */ ([]);

const { formatVersionMessage, nodePlatform, openProject } = await ownModules('scale', {
  formatVersionMessage: 'core/versionMessage',
  nodePlatform: 'platform',
  openProject: 'operations',
});
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

/** @param {number} number */
function script(number) {
  return `LR = ${number}\n`;
}

async function manyVersions(/** @type {string} */ folder) {
  const count = 10_000;
  makeHistory(folder, { models: { digits: count }, script, formatVersionMessage });
  await timed('rebuild', () => cairn(folder, 'rebuild'), { times: 1 });
  await timed('verify', () => cairn(folder, 'verify'), { times: 1 });
  await queries(folder, 'digits@v5000');
}

async function manyModels(/** @type {string} */ folder) {
  const models = Object.fromEntries(
    Array.from({ length: 500 }, (_, index) => [`model-${index}`, 4]),
  );
  makeHistory(folder, { models, script, formatVersionMessage });
  await timed('rebuild', () => cairn(folder, 'rebuild'), { times: 1 });
  await timed('verify', () => cairn(folder, 'verify'), { times: 1 });
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
  const listed = () => cairn(folder, 'log', model ?? '', '--limit', '20');
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
  cairn(folder, 'init');
  cairn(folder, 'commit', '-m', 'first');
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
  await timed('cairn status', () => cairn(folder, 'status'), { most, times: 5 });
  let turn = 0;
  const commit = () => {
    writeFileSync(path.join(folder, 'train.py'), `LR = 1.${++turn}\n`);
    cairn(folder, 'commit', '-m', `turn ${turn}`);
  };
  await timed('cairn commit', commit, { most, times: 5 });
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
