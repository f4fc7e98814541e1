// What the Metrics panel asks of the engine and what it works out itself: a table of 10,000 versions by
// 200 metrics and parameters, filtered and sorted; a curve of a million points. `node
// bench/metricsTable.mjs [versions] [columns]`. Prints figures beside their budgets, and fails over one.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { ownModules } from './ownModules.mjs';

const count = Number(process.argv[2] ?? 10_000);
const width = Number(process.argv[3] ?? 200);
const points = 1_000_000;
const rounds = 5;
const over = /** @type {string[]} */ ([]);

const panel = '../webview-ui/src/metrics';
const {
  initializeProject,
  nodePlatform,
  openHistory,
  openProject,
  rankCorrelation,
  rowFilter,
  shownRows,
  TableData,
} = await ownModules('table', {
  initializeProject: 'operations',
  nodePlatform: 'platform',
  openHistory: 'history',
  openProject: 'operations',
  rankCorrelation: 'core/rankCorrelation',
  rowFilter: `${panel}/shownRows`,
  shownRows: `${panel}/shownRows`,
  TableData: `${panel}/tableData`,
});
const folder = mkdtempSync(path.join(tmpdir(), 'cairn-table-'));
try {
  await measure();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (over.length > 0) {
  console.log(`\nover the budget: ${over.join(', ')}`);
  process.exitCode = 1;
}

async function measure() {
  await makeHistory();
  const project = await openProject(nodePlatform(), folder);
  const model = 'digits';
  const table = await project.table({ model });
  console.log(`${table.rows.length} versions and runs, ${table.columns.length} columns`);
  await timed('the rows and what columns there are', () => project.table({ model }), 1_000);
  const ask = (/** @type {number} */ many) =>
    project.tableColumns({ model, edition: table.edition, columns: table.columns.slice(0, many) });
  await timed('the columns in sight (12)', () => ask(12), 400);
  await timed('every column', () => ask(table.columns.length), 8_000);
  await inPanel(table, await ask(table.columns.length));
  const draw = (/** @type {object} */ range) => () =>
    project.chartCurves({ references: ['digits@v1.1'], series: 'loss', width: 2_000, ...range });
  await timed('a million points, all of them', draw({}), 150);
  await timed('a million points, a tenth of them', draw({ from: 4e5, to: 5e5 }), 150);
  await timed('a million points, a thousand of them', draw({ from: 4e5, to: 4.01e5 }), 150);
  await project.close();
}

/** What the panel does by itself, once it has the values. @param {any} table @param {any} columns */
async function inPanel(table, columns) {
  const data = new TableData(table);
  await timed('taking in every column', () => data.add(columns), 1_500);
  const show = (/** @type {string} */ text, /** @type {object[]} */ sorts) => () =>
    shownRows(data, {
      filter: rowFilter(text),
      choices: { shown: 'all', onlyStarred: false, sorts },
      isStarred: () => false,
      brushes: [],
    });
  await timed(
    'filtering',
    show('metric_0 > 0.9 and (parameter_1 <= 0.05 or not metric_2 < 0.5)', []),
    50,
  );
  await timed('filtering by a word', show('version 77', []), 100);
  const sorts = [
    { column: 'parameter:parameter_1', order: 'ascending' },
    { column: 'metric:metric_3', order: 'descending' },
  ];
  await timed('sorting by two columns', show('', sorts), 100);
  const numbers = (/** @type {string} */ id) =>
    table.rows.map((/** @type {unknown} */ _, /** @type {number} */ place) =>
      data.number(place, id),
    );
  const correlate = () =>
    rankCorrelation(numbers('parameter:parameter_1'), numbers('metric:metric_0'));
  await timed('one rank correlation', correlate, 50);
}

async function makeHistory() {
  execFileSync('git', ['init', '-q', '-b', 'main'], { cwd: folder });
  const platform = nodePlatform();
  await initializeProject(platform, folder, {});
  const history = await openHistory(platform, path.join(folder, '.git', 'cairn'));
  await history.lock();
  const steps = Array.from({ length: points }, (_, step) => step);
  const values = steps.map((step) => Math.exp(-step / points) + Math.sin(step * 12.9898) / 50);
  history.transaction((/** @type {any} */ writer) => {
    for (let number = 1; number <= count; number++) {
      const curves = number === 1 ? [{ name: 'loss', axis: 'step', steps, values }] : [];
      writer.addRecord({ record: recordOf(number), curves });
    }
  });
  history.close();
}

function recordOf(/** @type {number} */ number) {
  const half = width / 2;
  const numbered = (/** @type {string} */ name, /** @type {(index: number) => unknown} */ value) =>
    Object.fromEntries(
      Array.from({ length: half }, (_, index) => [`${name}_${index}`, value(index)]),
    );
  return {
    ...{ format: 1, model: 'digits', number, revision: 1, kind: 'version', label: null },
    createdAt: new Date(1_700_000_000_000 + number * 1_000).toISOString(),
    creator: { name: 'Ada', email: 'ada@example.org' },
    description: `version ${number}`,
    parent: number === 1 ? null : `digits@v${number - 1}.1`,
    parameters: numbered('parameter', (index) => ((number * (index + 3)) % 97) / 1_000),
    ...{ files: [], datasets: [] },
    metrics: numbered('metric', (index) => Math.sin(number + index) / 2 + 0.5),
    environment: { python: '3.12.0', platform: 'linux-x64' },
    code: { commit: null, head: null, branch: 'main', dirty: false },
    ...{ run: null, primary: { metric: 'metric_0', better: 'higher' } },
  };
}

/**
 * Milliseconds, the median of several times after one that warms up.
 * @param {string} what
 * @param {() => unknown} work
 * @param {number} most the budget
 */
async function timed(what, work, most) {
  const taken = [];
  for (let round = -1; round < rounds; round++) {
    const begin = performance.now();
    await work();
    if (round >= 0) taken.push(performance.now() - begin);
  }
  const median = taken.sort((a, b) => a - b)[taken.length >> 1] ?? 0;
  const budget = `   (at most ${most} ms)`;
  console.log(`  ${what.padEnd(44)} ${median.toFixed(1).padStart(9)} ms${budget}`);
  if (median > most) over.push(what);
}
