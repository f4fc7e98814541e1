// What past values beside code cost: 5,000 lines of Python, 1,000 versions, a keystroke at a time.
// `node --expose-gc bench/inline.mjs` after `npm run build`. Prints figures, and fails over a budget.
// A keystroke's time is that of the thread that stands for the extension host: its processor time.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import { root } from '../setup.mjs';
import { cairn, makeHistory } from './madeHistory.mjs';
import { ownModules } from './ownModules.mjs';

const versions = Number(process.argv[2] ?? 1_000);
const lines = Number(process.argv[3] ?? 5_000);
const keystrokes = 60;
const budget = { keystrokeMilliseconds: 30, indexMegabytes: 50 };

const folder = mkdtempSync(path.join(tmpdir(), 'cairn-bench-'));
try {
  await run();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function run() {
  const { formatVersionMessage, inlineText, nodePlatform, openProject } = await ownModules(
    'inline',
    {
      formatVersionMessage: 'core/versionMessage',
      inlineText: 'extension/inline/inlineText',
      nodePlatform: 'platform',
      openProject: 'operations',
    },
  );
  const begin = performance.now();
  makeHistory(folder, { models: { digits: versions }, script, formatVersionMessage });
  cairn(folder, 'rebuild');
  say(`${versions} versions of ${lines} lines made`, performance.now() - begin);
  const memory = await indexMemory(nodePlatform, openProject);
  const host = await hostTime(inlineText);
  const over = [
    ...(host.worst > budget.keystrokeMilliseconds ? ['a keystroke'] : []),
    ...(memory > budget.indexMegabytes ? ['the index'] : []),
  ];
  if (over.length === 0) return;
  console.log(`over the budget: ${over.join(', ')}`);
  process.exitCode = 1;
}

/** A script of many lines: blocks of functions whose settings change now and then. */
function script(/** @type {number} */ version) {
  const blocks = Math.ceil((lines - 4) / 10);
  const body = Array.from({ length: blocks }, (_, block) => {
    // Each version changes the settings of a handful of blocks.
    const turn = Math.floor((version + block * 7) / 50);
    return [
      `def train_${block}(batch_size=${32 + (turn % 5)}, epochs=${10 + (block % 7)}):`,
      `    optimizer = torch.optim.Adam(model.parameters(), lr=${(turn % 9) + 1}e-4)`,
      `    scheduler = StepLR(optimizer, step_size=${block % 30}, gamma=0.${(turn % 8) + 1})`,
      '    for x, y in loader:',
      '        optimizer.zero_grad()',
      '        loss = criterion(model(x), y)',
      '        loss.backward()',
      '        optimizer.step()',
      '    return model',
      '',
    ].join('\n');
  });
  return `import torch\n\nLR = ${(version % 20) + 1}e-3\n${body.join('\n')}\n`;
}

/** What the index of the file's past holds of memory, in megabytes. */
async function indexMemory(
  /** @type {() => unknown} */ nodePlatform,
  /** @type {(platform: unknown, folder: string) => Promise<any>} */ openProject,
) {
  const project = await openProject(nodePlatform(), folder);
  const held = () => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed / 1e6;
  };
  const before = held();
  const begin = performance.now();
  const busy = process.cpuUsage();
  const ask = () => project.parameterHistory({ path: 'train.py', texts: [script(versions)] });
  let answer = await ask();
  say(`the newest ${answer.reading?.done} versions answer`, performance.now() - begin);
  while (answer.reading !== null) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    answer = await ask();
  }
  say(`the past of ${answer.parameters.length} parameters read`, performance.now() - begin);
  const { user, system } = process.cpuUsage(busy);
  console.log(`  of it ${((user + system) / 1e6).toFixed(1)} s of processor time`);
  const index = held() - before;
  console.log(`the index holds ${index.toFixed(1)} MB`);
  await project.close();
  return index;
}

/**
 * Types into the script, with the engine on its thread as in VS Code, and measures how long this
 * thread, the extension host's, is busy with it: text out, answer in, texts for the lines.
 */
async function hostTime(/** @type {(...given: any[]) => unknown} */ inlineText) {
  const worker = new Worker(path.join(root, 'dist', 'engine.js'));
  let id = 0;
  const ask = (/** @type {object} */ question) =>
    new Promise((resolve, reject) => {
      const number = ++id;
      const hear = (/** @type {any} */ reply) => {
        if (reply.id !== number || reply.kind === 'progress') return;
        worker.off('message', hear);
        if (reply.kind === 'answer') resolve(reply.answer);
        else reject(new Error(JSON.stringify(reply)));
      };
      worker.on('message', hear);
      worker.postMessage({ ...question, id: number });
    });
  const { project } = await ask({ kind: 'open', directory: folder, readOnly: true });
  const typed = script(versions).split('\n');
  const verb = { kind: 'call', project, verb: 'parameterHistory' };
  const begin = performance.now();
  const whole = { ...verb, request: { path: 'train.py', texts: [typed.join('\n')] } };
  let first = await ask(whole);
  say('the first answer of the next session', performance.now() - begin);
  while (first.reading !== null) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    first = await ask(whole);
  }
  const busy = [];
  const waited = [];
  for (let stroke = 0; stroke < keystrokes; stroke++) {
    const line = typed.findIndex((text, index) => index > stroke * 70 && text.includes('lr='));
    typed[line] = (typed[line] ?? '').replace(/lr=\d/, `lr=${stroke % 9}`);
    const start = process.threadCpuUsage();
    const asked = performance.now();
    const text = typed.join('\n');
    // As the extension does with a long file: what is in sight, with room above and below.
    const from = text.indexOf(typed[Math.max(0, line - 200)] ?? '');
    const part = { text: 0, from, to: from + 400 * 60 };
    const answer = await ask({ ...verb, request: { path: 'train.py', texts: [text], part } });
    const shown = answer.parameters.map((/** @type {any} */ one) => inlineText(one, answer));
    if (shown.length === 0) throw new Error('nothing was told');
    waited.push(performance.now() - asked);
    const { user, system } = process.threadCpuUsage(start);
    busy.push((user + system) / 1000);
  }
  await worker.terminate();
  const [typical, worst] = [median(busy), Math.max(...busy)];
  console.log(`host time a keystroke: ${typical.toFixed(1)} ms, at worst ${worst.toFixed(1)} ms`);
  console.log(`from keystroke to answer: ${median(waited).toFixed(0)} ms`);
  return { typical, worst };
}

function median(/** @type {number[]} */ numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
}

function say(/** @type {string} */ what, /** @type {number} */ milliseconds) {
  console.log(`${what}: ${(milliseconds / 1000).toFixed(2)} s`);
}
