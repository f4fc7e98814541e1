import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../setup.mjs';

/** Whether a person looks at what is printed. */
export const watched = process.env['CI'] === undefined;

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
 * A check either holds or not, and has said why.
 * @param {boolean} holds
 * @returns {import('../run.mjs').Outcome}
 */
export function check(holds) {
  return { passed: holds ? 1 : 0, failures: holds ? [] : ['see above'], skipped: [] };
}

/**
 * What a layer that needs a browser comes to where there is none.
 * @param {string} layer
 * @returns {import('../run.mjs').Outcome}
 */
export function noBrowser(layer) {
  const reason = `${layer}: no browser; install Chrome or name one in CAIRN_BROWSER`;
  return { passed: 0, failures: [], skipped: [reason] };
}

/**
 * Runs Vitest and counts its tests. Where nobody watches (CI), the tests that pass are dots, so
 * that the ones that fail are not lost among them, and a test that fails is tried once more: one
 * that passes then is named as unsteady.
 * @param {string[]} parameters
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {Promise<import('../run.mjs').Outcome>}
 */
export async function vitest(parameters, environment) {
  const folder = mkdtempSync(path.join(tmpdir(), 'cairn-results-'));
  const file = path.join(folder, 'results.json');
  const results = path.join(import.meta.dirname, 'results.mjs');
  const manner = watched ? ['--reporter=default'] : ['--reporter=dot', '--retry=1'];
  const words = ['run', ...manner, `--reporter=${results}`, ...parameters];
  try {
    const env = { ...(watched ? {} : { NO_COLOR: '1' }), ...environment, CAIRN_TEST_RESULTS: file };
    const code = await tool('vitest/vitest.mjs', words, env);
    const failed = `Vitest ended with code ${code}`;
    // Without results it did not come as far as a test, and has said why.
    if (!existsSync(file)) return { passed: 0, failures: [failed], skipped: [] };
    const outcome = JSON.parse(readFileSync(file, 'utf8'));
    if (code !== 0 && outcome.failures.length === 0) outcome.failures.push(failed);
    return outcome;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
