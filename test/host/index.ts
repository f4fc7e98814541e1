import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/**
 * What VS Code calls in its extension host, in the server's as in the desktop's: runs every test
 * beside this file and leaves the results where CAIRN_TEST_RESULTS says. With CAIRN_TEST_RETRIES a
 * test that fails is tried that often again.
 */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 120_000, color: false });
  mocha.suite.retries(Number(process.env['CAIRN_TEST_RETRIES'] ?? 0));
  const grep = process.env['CAIRN_TEST_GREP'];
  if (grep) mocha.grep(grep);
  // A session begins in a folder that nothing was made in: it comes before the others.
  const files = readdirSync(__dirname).filter((file) => file.endsWith('.test.js'));
  const first = files.filter((file) => file.startsWith('session'));
  for (const file of new Set([...first, ...files.sort()])) {
    mocha.addFile(path.join(__dirname, file));
  }
  const failures = await runAndRecord(mocha);
  if (failures > 0) throw new Error(`${failures} tests failed`);
}

interface Failed {
  readonly title: string;
  readonly error: string;
}

function runAndRecord(mocha: Mocha): Promise<number> {
  const skipped: string[] = [];
  const failures: Failed[] = [];
  const unsteady: Failed[] = [];
  let passed = 0;
  return new Promise((resolve) => {
    const runner = mocha.run((count) => {
      const file = process.env['CAIRN_TEST_RESULTS'];
      if (file) writeFileSync(file, JSON.stringify({ passed, skipped, failures, unsteady }));
      resolve(count);
    });
    runner.on('pass', () => {
      passed += 1;
    });
    runner.on('pending', (test: Mocha.Test) => skipped.push(test.fullTitle()));
    const failed = (test: Mocha.Runnable, error: Error) => ({
      title: test.fullTitle(),
      error: error.stack ?? String(error),
    });
    runner.on('fail', (test, error) => failures.push(failed(test, error)));
    runner.on('retry', (test, error) => unsteady.push(failed(test, error)));
  });
}
