import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../setup.mjs';

/**
 * Runs one of the packages' commands on the project's Node with what it prints passed through.
 * Resolves to its exit code.
 * @param {string} script the command's own file under node_modules, such as `vitest/vitest.mjs`
 * @param {string[]} parameters
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {Promise<number>}
 */
export function tool(script, parameters, environment = {}) {
  const file = path.join(root, 'node_modules', script);
  return command(process.execPath, [file, ...parameters], environment);
}

/**
 * @param {string} program
 * @param {string[]} parameters
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {Promise<number>}
 */
export function command(program, parameters, environment = {}) {
  const env = { ...process.env, ...environment };
  const child = spawn(program, parameters, { cwd: root, stdio: 'inherit', env });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * A check either holds or not.
 * @param {boolean} holds
 * @returns {import('../run.mjs').Outcome}
 */
export function check(holds) {
  return { passed: holds ? 1 : 0, failed: holds ? 0 : 1, skipped: [] };
}

/**
 * What a layer that needs a browser comes to where there is none.
 * @param {string} layer
 * @returns {import('../run.mjs').Outcome}
 */
export function noBrowser(layer) {
  const reason = `${layer}: no browser; install Chrome or name one in CAIRN_BROWSER`;
  return { passed: 0, failed: 0, skipped: [reason] };
}

/**
 * Runs Vitest and counts its tests. A file that could not be loaded is a failure too.
 * @param {string[]} parameters
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {Promise<import('../run.mjs').Outcome>}
 */
export async function vitest(parameters, environment) {
  const folder = mkdtempSync(path.join(tmpdir(), 'cairn-results-'));
  const file = path.join(folder, 'results.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const code = await tool('vitest/vitest.mjs', ['run', ...reporters, ...parameters], environment);
    // Without results it did not come as far as a test, and has said why.
    if (!existsSync(file)) return { passed: 0, failed: 1, skipped: [] };
    return outcomeOf(JSON.parse(readFileSync(file, 'utf8')), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @typedef {{ fullName: string, status: string }} VitestTest
 * @typedef {{ name: string, status: string, assertionResults: VitestTest[] }} VitestFile
 */

/**
 * @param {{ testResults: VitestFile[] }} report
 * @param {number} code
 * @returns {import('../run.mjs').Outcome}
 */
function outcomeOf({ testResults }, code) {
  const tests = testResults.flatMap((file) => file.assertionResults);
  const withStatus = (/** @type {string} */ status) =>
    tests.filter((test) => test.status === status);
  const broken = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((t) => t.status !== 'failed'),
  );
  const passed = withStatus('passed').length;
  const failed = withStatus('failed').length + broken.length;
  const skipped = tests
    .filter((test) => !['passed', 'failed'].includes(test.status))
    .map((test) => test.fullName);
  // An error outside any test (an unhandled rejection, a setup that failed) is a failure of its own.
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed, skipped };
}
