import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/**
 * What VS Code calls in its extension host, in the server's as in the desktop's: runs every test
 * beside this file and leaves the results where CAIRN_TEST_RESULTS says.
 */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, color: false });
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

function runAndRecord(mocha: Mocha): Promise<number> {
  const skipped: string[] = [];
  const failures: { title: string; error: string }[] = [];
  let passed = 0;
  return new Promise((resolve) => {
    const runner = mocha.run((count) => {
      const file = process.env['CAIRN_TEST_RESULTS'];
      if (file) writeFileSync(file, JSON.stringify({ passed, skipped, failures }));
      resolve(count);
    });
    runner.on('pass', () => {
      passed += 1;
    });
    runner.on('pending', (test: Mocha.Test) => skipped.push(test.fullTitle()));
    runner.on('fail', (test: Mocha.Runnable, error: Error) =>
      failures.push({ title: test.fullTitle(), error: error.stack ?? String(error) }),
    );
  });
}
