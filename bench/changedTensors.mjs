// Comparing two versions of which some tensors changed: 6,000 tensors of 80 kB, 60 of them changed, beside
// a model that has only those 60.
//
//   node bench/changedTensors.mjs [TENSORS] [CHANGED] [RUNS]

import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { figure, median, scratch, table } from './measured.mjs';
import { ownModules } from './ownModules.mjs';

const [tensors, changed, runs] = [6000, 60, 5].map((usual, at) =>
  Number(process.argv[2 + at] ?? usual),
);
const elements = 20_000;
const own = await ownModules('changedTensors', {
  initializeProject: 'operations',
  nodePlatform: 'platform',
  openProject: 'operations',
});

/**
 * @param {string} file
 * @param {number} count of tensors
 * @param {number} step every so many tensors one has other values; 0 for none
 */
function writeModel(file, count, step) {
  const bytes = elements * 4;
  const tensor = (/** @type {number} */ index) => [
    `layers.${index}.weight`,
    { dtype: 'F32', shape: [elements], data_offsets: [index * bytes, (index + 1) * bytes] },
  ];
  const text = JSON.stringify(
    Object.fromEntries(Array.from({ length: count }, (_, i) => tensor(i))),
  );
  const head = Buffer.alloc(8);
  head.writeBigUInt64LE(BigInt(text.length));
  const handle = openSync(file, 'w');
  writeSync(handle, head);
  writeSync(handle, text);
  const values = new Float32Array(elements);
  let state = 12345;
  for (let index = 0; index < count; index++) {
    const noise = step > 0 && index % step === 0 ? 1e-3 : 0;
    for (let at = 0; at < elements; at++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      values[at] = state / 2 ** 32 - 0.5 + noise;
    }
    writeSync(handle, values);
  }
  closeSync(handle);
}

/**
 * @param {string} name
 * @param {number} count
 * @param {number} step
 */
async function project(name, count, step) {
  const root = path.join(scratch(), name);
  mkdirSync(root, { recursive: true });
  const git = (/** @type {string[]} */ ...words) => execFileSync('git', words, { cwd: root });
  git('init', '-q');
  git('config', 'user.name', 'Ada');
  git('config', 'user.email', 'ada@example.org');
  writeFileSync(path.join(root, '.gitignore'), '*.safetensors\n');
  git('add', '-A');
  git('commit', '-q', '-m', 'code');
  const platform = own.nodePlatform();
  await own.initializeProject(platform, root);
  const opened = await own.openProject(platform, root);
  for (const [message, own] of /** @type {const} */ ([
    ['first', 0],
    ['second', step],
  ])) {
    writeModel(path.join(root, 'model.safetensors'), count, own);
    await opened.commit({ model: name, files: ['model.safetensors'], message, confirmed: true });
  }
  return { root, opened };
}

/** @param {() => Promise<unknown>} work */
async function measured(work) {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 };
}

/**
 * @param {{ root: string, opened: any }} side
 * @param {number} expected
 */
async function compared({ root, opened }, expected) {
  const times = [];
  for (let run = 0; run < runs; run++) {
    // What was compared once is kept.
    rmSync(path.join(root, '.git/cairn/comparisons'), { recursive: true, force: true });
    const work = async () => {
      const { weights } = await opened.compare({ from: 'v1', to: 'v2', values: true });
      const found = weights[0].tensors.filter((/** @type {any} */ one) => one.status === 'changed');
      if (found.length !== expected) throw new Error(`${found.length} changed, not ${expected}`);
    };
    times.push(await measured(work));
  }
  return times;
}

const large = await project('large', tensors, tensors / changed);
const small = await project('small', changed, 1);
const [all, few] = [await compared(large, changed), await compared(small, changed)];
const again = await measured(() => large.opened.compare({ from: 'v1', to: 'v2', values: true }));
await large.opened.close();
await small.opened.close();

const middle = (/** @type {any[]} */ times, /** @type {string} */ key) =>
  median(times.map((time) => time[key])).toFixed(3);
console.log(
  table([
    ['two versions, tensor by tensor', 's', 'CPU s'],
    [`${tensors} tensors, ${changed} changed`, middle(all, 'wall'), middle(all, 'cpu')],
    [`${changed} tensors, all changed`, middle(few, 'wall'), middle(few, 'cpu')],
    ['the first, once more', again.wall.toFixed(3), again.cpu.toFixed(3)],
  ]),
);
const times = Number(middle(all, 'cpu')) / Number(middle(few, 'cpu'));
figure('60 changed tensors of 6,000 beside the 60 alone, CPU, times', times, 3);
