// Runs the tests of test/host inside a real extension host: VS Code's server, with a page of its
// workbench held open by a browser, loads the extension from this checkout and then the tests.

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Remedy, root } from '../../setup.mjs';
import { openBrowser } from './browser.mjs';
import { quietSettings, startServer } from './server.mjs';

const LIMIT_MS = 300_000;

/**
 * What the tests came to; a failure is its title and its error.
 * @typedef {object} HostResults
 * @property {number} passed
 * @property {string[]} skipped
 * @property {{ title: string, error: string }[]} failures
 * @property {{ title: string, error: string }[]} unsteady those that a second try was needed for
 */

/**
 * @param {{ grep?: string, retries?: number }} [options] `grep` chooses tests by their title; one
 *   that fails is tried `retries` times more
 * @returns {Promise<HostResults>}
 */
export async function runHostTests({ grep, retries = 0 } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'cairn-host-'));
  const workspace = path.join(folder, 'workspace');
  const results = path.join(folder, 'results.json');
  mkdirSync(workspace);
  const server = await startServer({
    data: path.join(folder, 'data'),
    extensions: path.join(folder, 'extensions'),
    settings: quietSettings,
    tests: true,
  });
  const browser = await openBrowser();
  try {
    const environment = {
      CAIRN_TEST_RESULTS: results,
      CAIRN_TEST_GREP: grep ?? '',
      CAIRN_TEST_RETRIES: String(retries),
    };
    const log = await untilExit(browser, testUrl(server, workspace, environment));
    return readResults(results, `${log}\n${server.log()}`);
  } finally {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The page that loads the extension and its tests from this checkout.
 * @param {import('./server.mjs').Server} server
 * @param {string} workspace
 * @param {Record<string, string>} environment
 */
function testUrl({ url, port }, workspace, environment) {
  const remote = (/** @type {string} */ file) => `vscode-remote://127.0.0.1:${port}${file}`;
  const payload = [
    ['extensionDevelopmentPath', remote(root)],
    ['extensionTestsPath', remote(path.join(root, 'dist/test-host/index.js'))],
    ['extensionEnvironment', JSON.stringify(environment)],
    ['skipWelcome', 'true'],
  ];
  return `${url}/?folder=${workspace}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

/**
 * Opens the page and waits until the tests have ended. Returns what the page said meanwhile.
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 */
async function untilExit(browser, url) {
  const page = await browser.newPage();
  /** @type {string[]} */
  const log = [];
  const exit = new Promise((resolve, reject) => {
    const tooLong = new Remedy(`The tests did not end within ${LIMIT_MS / 1000} s.`);
    const timer = setTimeout(() => reject(tooLong), LIMIT_MS);
    page.on('crash', () => reject(new Error('The page of the workbench crashed.')));
    page.exposeFunction(
      'codeAutomationLog',
      (/** @type {string} */ type, /** @type {unknown} */ x) => {
        log.push(`${type} ${JSON.stringify(x)}`);
      },
    );
    page.exposeFunction('codeAutomationExit', (/** @type {number} */ code) => {
      clearTimeout(timer);
      resolve(code);
    });
  });
  await page.goto(url);
  await exit;
  return log.join('\n');
}

/**
 * @param {string} file
 * @param {string} log
 * @returns {HostResults}
 */
export function readResults(file, log) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
    throw new Remedy(`The extension host ended without running the tests:\n${log}`);
  }
}
