// The whole proof. `npm test` runs every layer; `node test/run.mjs unit host` runs the ones named,
// and what follows goes to them: `npm run test:unit -- test/git`, `npm run test:crash -- --all`.
// The last line is `N passed, N failed` over all layers.

import { spawn } from 'node:child_process';
import { prepare, Remedy, root, say, whenCommand } from '../setup.mjs';

/**
 * What a layer came to. A check (format, types, …) counts as one.
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {string[]} failures one for each that failed: its name, and why
 * @property {string[]} skipped by name, with the reason
 * @property {string[]} [unsteady] those that passed at the second try only, and why not at the first
 */

/**
 * @typedef {object} Layer
 * @property {string} title
 * @property {(parameters: string[]) => Promise<Outcome>} run
 */

/** How much of why a test failed is said again at the end, in lines. */
const LINES = 12;

/** Cheap ones first: what is wrong is said as early as it can be known. */
const ORDER = [
  'lint',
  'typecheck',
  'floors',
  'dead',
  'unit',
  'flows',
  'python',
  'fuzz',
  'crash',
  'panels',
  'host',
  'e2e',
];

async function main() {
  await prepare();
  process.chdir(root);
  const { names, parameters } = chosen(process.argv.slice(2));
  let passed = 0;
  /** @type {string[]} */
  const failures = [];
  for (const name of names) {
    if (name === 'flows' && names.includes('host')) installAhead();
    const outcome = await runLayer(name, parameters);
    passed += outcome.passed;
    failures.push(...outcome.failures.map((failure) => `${name}: ${failure}`));
  }
  if (passed + failures.length === 0) say('\nNo test ran.');
  for (const failure of failures) say(`\nFAILED ${firstLines(failure)}`);
  say(`\n${passed} passed, ${failures.length} failed`);
  process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;
}

/**
 * Installs VS Code's server in a process of its own, while tests run that do not need it. Where that
 * fails, the layer that needs it tries again, and tells.
 */
function installAhead() {
  const setup = JSON.stringify(new URL('../setup.mjs', import.meta.url));
  const script = `import { vscodeServer } from ${setup}; await vscodeServer();`;
  spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'ignore' }).unref();
}

/** @param {string[]} words the command's own: layers first, then what goes to them */
function chosen(words) {
  const first = words.findIndex((word) => !ORDER.includes(word));
  const names = first === -1 ? words : words.slice(0, first);
  const parameters = first === -1 ? [] : words.slice(first);
  if (names.length === 0 && parameters.length > 0) {
    throw new Remedy(`There is no layer "${parameters[0]}". Layers: ${ORDER.join(', ')}.`);
  }
  return { names: names.length === 0 ? ORDER : names, parameters };
}

/**
 * Runs one layer; one that throws is one failure and does not hide the layers after it.
 * @param {string} name
 * @param {string[]} parameters
 * @returns {Promise<Outcome>}
 */
async function runLayer(name, parameters) {
  /** @type {{ layer: Layer }} */
  const { layer } = await import(`./layers/${name}.mjs`);
  say(`\n── ${name}: ${layer.title}`);
  const start = performance.now();
  const outcome = await layer.run(parameters).catch((error) => {
    const why = error instanceof Remedy ? error.message : error.stack;
    say(why);
    return { passed: 0, failures: [why], skipped: [], unsteady: [] };
  });
  for (const skipped of outcome.skipped) say(`   skipped: ${skipped}`);
  for (const unsteady of outcome.unsteady ?? []) say(`   UNSTEADY ${firstLines(unsteady)}`);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  say(`   ${name}: ${outcome.passed} passed, ${outcome.failures.length} failed, ${seconds} s`);
  return outcome;
}

/** @param {string} text */
function firstLines(text) {
  return text.split('\n').slice(0, LINES).join('\n   ');
}

whenCommand(import.meta.url, main);
