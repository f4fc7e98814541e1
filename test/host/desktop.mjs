// Runs the tests of test/host in the desktop VS Code: VSCODE_PATH names an installed one, else
// @vscode/test-electron downloads it. Not part of `npm test`, which downloads from npm alone.

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from '../../esbuild.mjs';
import { prepare, root, say, whenCommand } from '../../setup.mjs';

async function main() {
  await prepare();
  await build();
  const { runTests } = await import('@vscode/test-electron');
  const { readResults } = await import('./launch.mjs');
  const folder = mkdtempSync(path.join(tmpdir(), 'cairn-desktop-'));
  const workspace = path.join(folder, 'workspace');
  const results = path.join(folder, 'results.json');
  mkdirSync(workspace);
  const installed = process.env.VSCODE_PATH;
  try {
    // The exit code only repeats what the results say in full.
    await runTests({
      ...(installed ? { vscodeExecutablePath: installed } : {}),
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(root, 'dist/test-host/index.js'),
      extensionTestsEnv: { CAIRN_TEST_RESULTS: results },
      launchArgs: [workspace, '--disable-extensions', '--user-data-dir', path.join(folder, 'data')],
    }).catch((error) => say(error.message));
    const { passed, failures } = readResults(results, '');
    for (const { title, error } of failures) say(`✗ ${title}\n${error}`);
    say(`\n${passed} passed, ${failures.length} failed`);
    process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

whenCommand(import.meta.url, main);
