// The whole proof. `npm test` runs every layer; `node test/run.mjs unit host` runs the ones named,
// and what follows goes to them: `npm run test:unit -- test/git`, `npm run test:crash -- --all`.
// The last line is `N passed, N failed` over all layers.

import { prepare, Remedy, root, say, whenCommand } from '../setup.mjs';

/**
 * What a layer came to. A check (format, types, …) counts as one.
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {number} failed
 * @property {string[]} skipped by name, with the reason
 */

/**
 * @typedef {object} Layer
 * @property {string} title
 * @property {(parameters: string[]) => Promise<Outcome>} run
 */

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
  const total = { passed: 0, failed: 0 };
  for (const name of names) {
    const outcome = await runLayer(name, parameters);
    total.passed += outcome.passed;
    total.failed += outcome.failed;
  }
  if (total.passed + total.failed === 0) say('\nNo test ran.');
  say(`\n${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
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
    say(error instanceof Remedy ? error.message : error.stack);
    return { passed: 0, failed: 1, skipped: [] };
  });
  for (const skipped of outcome.skipped) say(`   skipped: ${skipped}`);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  say(`   ${name}: ${outcome.passed} passed, ${outcome.failed} failed, ${seconds} s`);
  return outcome;
}

whenCommand(import.meta.url, main);
