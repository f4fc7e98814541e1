import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../../setup.mjs';
import { command } from './tool.mjs';

const FOLDERS = ['python', 'examples'];

/** Runs unittest and writes what it came to where its first argument says. */
const RUNNER = `
import json, sys, unittest
suite = unittest.defaultTestLoader.discover(sys.argv[2], top_level_dir=sys.argv[2])
result = unittest.TextTestRunner(verbosity=1).run(suite)
failures = [f"{test.id()}: {why}" for test, why in result.failures + result.errors]
failures += [f"{test.id()}: passed, and should not have" for test in result.unexpectedSuccesses]
skipped = [f"{test.id()}: {why}" for test, why in result.skipped]
passed = result.testsRun - len(failures) - len(skipped)
json.dump({"passed": passed, "failures": failures, "skipped": skipped}, open(sys.argv[1], "w"))
`;

/** @type {import('../run.mjs').Layer} */
export const layer = {
  title: 'the Python module and examples (unittest)',
  run: async () => {
    const folders = FOLDERS.flatMap(foldersWithTests);
    if (folders.length === 0) return { passed: 0, failures: [], skipped: ['python: no tests'] };
    if (spawnSync('python3', ['--version']).status !== 0) {
      return { passed: 0, failures: [], skipped: ['python: there is no python3'] };
    }
    const outcomes = [];
    for (const folder of folders) outcomes.push(await discover(folder));
    return {
      passed: outcomes.reduce((sum, { passed }) => sum + passed, 0),
      failures: outcomes.flatMap(({ failures }) => failures),
      skipped: outcomes.flatMap(({ skipped }) => skipped),
    };
  },
};

/** @param {string} folder @returns {Promise<import('../run.mjs').Outcome>} */
async function discover(folder) {
  const results = mkdtempSync(path.join(tmpdir(), 'cairn-results-'));
  const file = path.join(results, 'results.json');
  try {
    await command('python3', ['-c', RUNNER, file, folder], { PYTHONDONTWRITEBYTECODE: '1' });
    return JSON.parse(readFileSync(file, 'utf8'));
  } finally {
    rmSync(results, { recursive: true, force: true });
  }
}

/** The folders that hold test_*.py, each once. @param {string} folder */
function foldersWithTests(folder) {
  const top = path.join(root, folder);
  if (!existsSync(top)) return [];
  const tests = readdirSync(top, { recursive: true, withFileTypes: true }).filter((entry) =>
    /^test_.*\.py$/.test(entry.name),
  );
  return [...new Set(tests.map((entry) => entry.parentPath))];
}
