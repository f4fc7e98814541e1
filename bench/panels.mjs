// How fast the panels are in a real browser, as they are packaged: the first paint of Compare and Metrics
// on the example project, and frames while a table of 10,000 versions by 200 columns scrolls. `node
// bench/panels.mjs [PROJECT]`; without a project the example is made. Prints figures beside their
// budgets, and fails over one. Work is the time that the page's thread had a core, so that it stays the
// same on a machine that is busy with something else; times by the clock do not.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildIfStale } from '../esbuild.mjs';
import { root } from '../setup.mjs';
import { openBrowser } from '../test/host/browser.mjs';
import { ownModules } from './ownModules.mjs';

const origin = 'http://panel.bench';
const rounds = 7;
const size = { rows: 10_000, columns: 200, frames: 240 };
const over = /** @type {string[]} */ ([]);

await buildIfStale();
const { metricsView, nodePlatform, openProject, webviewPage } = await ownModules('panels', {
  metricsView: 'extension/panels/metricsView',
  nodePlatform: 'platform',
  openProject: 'operations',
  webviewPage: 'extension/panels/webviewPage',
});
const folder = mkdtempSync(path.join(tmpdir(), 'cairn-panels-'));
const browser = await openBrowser();
try {
  await onExample(process.argv[2] ?? madeExample());
  await scrolling();
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
if (over.length > 0) {
  console.log(`\nover the budget: ${over.join(', ')}`);
  process.exitCode = 1;
}

function madeExample() {
  const target = path.join(folder, 'digits');
  const make = path.join(root, 'examples', 'digits', 'make.mjs');
  execFileSync(process.execPath, [make, target, '--quiet']);
  return target;
}

/** @param {string} example */
async function onExample(example) {
  const project = await openProject(nodePlatform(), example);
  const { models } = await project.overview();
  const [model] = models;
  const { versions } = await project.log({ model: model.name });
  const sides = [versions.at(-1), versions[0]].map(
    (one) => `${one.model}@v${one.number}.${one.revision}`,
  );
  console.log(`the example, with ${versions.length} versions, and ${rounds} times each`);
  const compare = {
    load: async () => {
      const { report, weights } = await project.report({ sides });
      return { ...report, weights, choices: [] };
    },
    curves: async () => ({
      curves: await Promise.all(sides.map((reference) => project.curves({ reference }))),
    }),
    evidence: () => project.evidence({ sides }),
    weights: async () => ({ side: 1, files: [] }),
  };
  const state = { root: example, model: model.name, text: '', focus: [], sides, at: null };
  await painted('compare', state, '#overview', compare);
  const metrics = {
    load: async () => {
      const table = await project.table({ model: model.name });
      return metricsView([model], model, table, {
        choices: null,
        writable: true,
        now: 0,
        baseline: null,
      });
    },
    columns: async (/** @type {object} */ ask) => ({ columns: await project.tableColumns(ask) }),
    curves: async (/** @type {any} */ { from, to, axis, ...ask }) => ({
      curves: await project.chartCurves(ask),
    }),
  };
  await painted('metrics', state, 'cairn-metrics-table', metrics);
  await project.close();
}

/**
 * @typedef {Readonly<Record<string, (ask: any) => Promise<unknown>>>} Answers
 * @param {string} panel
 * @param {object} state
 * @param {string} content what stands in the panel once it can be read
 * @param {Answers} answers
 */
async function painted(panel, state, content, answers) {
  const first = /** @type {number[]} */ ([]);
  const whole = /** @type {number[]} */ ([]);
  const works = /** @type {number[]} */ ([]);
  for (let round = -1; round < rounds; round++) {
    const { page, work } = await openPanel(panel, state, answers);
    const times = await page.evaluate(timesOfPaints, content);
    const worked = await work();
    await page.context().close();
    if (round < 0) continue;
    first.push(times.first);
    whole.push(times.whole);
    works.push(worked);
  }
  told(`${panel}: first paint`, median(first), 300);
  told(`${panel}: its content can be read`, median(whole), 300);
  told(`${panel}: work until then`, median(works), 200);
}

/** In the page: when something was painted, and the frame after the content stood there. @param {string} wanted */
async function timesOfPaints(wanted) {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const stands = () => document.querySelector('main > *')?.shadowRoot?.querySelector(wanted);
  while (!stands()) await frame();
  await frame();
  const whole = performance.now();
  let paint;
  while (paint === undefined) {
    await frame();
    [paint] = performance.getEntriesByName('first-contentful-paint');
  }
  return { first: paint.startTime, whole };
}

/** The table that a person scrolls down, and to the right, by the wheel's steps. */
async function scrolling() {
  const { rows, columns } = size;
  const names = Array.from({ length: columns }, (_, index) => ({
    ...{ kind: index % 2 === 0 ? 'metric' : 'parameter', key: `value_${index}` },
    ...{ numeric: true, varies: true, count: rows },
  }));
  const table = {
    edition: 'one',
    columns: names,
    rows: Array.from({ length: rows }, (_, index) => rowOf(rows - index)),
  };
  const model = { name: 'digits', primary: null, current: null, best: null };
  const { page, work } = await openPanel(
    'metrics',
    { root: '/', model: 'digits', text: '', focus: [] },
    {
      load: async () =>
        metricsView([model], model, table, {
          choices: null,
          writable: true,
          now: 0,
          baseline: null,
        }),
      columns: async (ask) => ({
        columns: ask.columns.map((/** @type {object} */ name, /** @type {number} */ at) => ({
          ...{ ...name, at: null, stale: [] },
          values: table.rows.map(({ number }) => Math.sin(number + at)),
        })),
      }),
      curves: async () => ({ curves: [] }),
    },
  );
  await page.getByRole('gridcell').first().waitFor();
  // Everything is read, as after a moment in which nobody scrolls.
  await page.waitForFunction((/** @type {number} */ wanted) => {
    return document.querySelector('main > *')?.['data'].loaded.size >= wanted;
  }, columns);
  for (const [words, down, right] of /** @type {const} */ ([
    ['down', 400, 0],
    ['to the right', 0, 90],
  ])) {
    const before = await work();
    const frames = await page.evaluate(framesWhileScrolling, { down, right, count: size.frames });
    told(`scrolling ${words}: work of a frame`, ((await work()) - before) / size.frames, 33);
    frames.sort((a, b) => a - b);
    told(
      `scrolling ${words}: a frame, at the 95th percentile`,
      frames[Math.floor(frames.length * 0.95)] ?? 0,
      34,
    );
    told(`scrolling ${words}: the longest frame`, frames.at(-1) ?? 0, 100);
  }
  await page.context().close();
}

/** @param {number} number */
function rowOf(number) {
  return {
    ...{ reference: `digits@v${number}.1`, title: `v${number}`, number, label: null, state: null },
    ...{ description: `version ${number}`, createdAt: '2026-11-21T10:00:00.000Z', curves: false },
    ...{ creator: { name: 'Ada', email: 'ada@example.org' }, relatives: [] },
  };
}

/**
 * In the page: milliseconds from frame to frame.
 * @param {{ down: number, right: number, count: number }} by pixels a frame
 */
async function framesWhileScrolling({ down, right, count }) {
  const root = document.querySelector('main > *')?.shadowRoot;
  const grid = root?.querySelector('cairn-metrics-table')?.shadowRoot?.querySelector('.scroller');
  if (grid === null || grid === undefined) throw new Error('there is no table');
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const taken = [];
  let before = await frame();
  for (let index = 0; index < count; index++) {
    grid.scrollBy(right, down);
    const now = await frame();
    taken.push(now - before);
    before = now;
  }
  return taken;
}

/**
 * A panel in a fresh page, with the bench as the extension.
 * @param {string} panel
 * @param {object} state
 * @param {Answers} answers
 */
async function openPanel(panel, state, answers) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 800 } });
  const page = await context.newPage();
  await page.exposeFunction('toExtension', async (/** @type {any} */ { id, name, ask }) => {
    const answer = (await answers[name]?.(ask)) ?? null;
    // Whatever the extension sends is cloned: here as JSON, as VS Code does it.
    await page.evaluate(`postMessage(${JSON.stringify({ kind: 'answer', id, answer })}, '*')`);
  });
  await page.addInitScript(`globalThis.acquireVsCodeApi = () => ({
    postMessage: (letter) => globalThis.toExtension(letter), getState: () => undefined, setState: () => {},
  });`);
  const parts = { panel, title: panel, state, source: origin, nonce: 'bench' };
  const [script, style] = [`${origin}/${panel}.js`, `${origin}/${panel}.css`];
  const body = webviewPage({ ...parts, script, style });
  await page.route('**/*', (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body });
    if (pathname === '/favicon.ico') return route.fulfill({ status: 204 });
    return route.fulfill({ path: path.join(root, 'dist', 'webview', pathname) });
  });
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  /** What the page's thread has worked so far, in milliseconds. */
  const work = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1_000;
  };
  await page.goto(origin, { waitUntil: 'commit' });
  return { page, work };
}

/** @param {number[]} times */
function median(times) {
  return times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
}

/** @param {string} what @param {number} taken in milliseconds @param {number} most */
function told(what, taken, most) {
  console.log(`  ${what.padEnd(52)} ${taken.toFixed(1).padStart(8)} ms   (at most ${most} ms)`);
  if (taken > most) over.push(what);
}
