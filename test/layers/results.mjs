import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../setup.mjs';

/**
 * A Vitest reporter: writes what a layer came to where CAIRN_TEST_RESULTS says, a file that could
 * not be loaded, a hook and an error outside any test among the failures.
 */
// biome-ignore lint/style/noDefaultExport: Vitest takes a reporter from a file's default export.
export default class Results {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly Partial<Error>[]} strays errors outside any test
   */
  onTestRunEnd(modules, strays) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const groups = modules.flatMap((module) => [module, ...module.children.allSuites()]);
    const inState = (/** @type {string} */ state) =>
      tests.filter((test) => test.result().state === state);
    const failures = [
      ...inState('failed').map((test) => told(test.fullName, test.result().errors)),
      ...groups.filter((group) => group.errors().length > 0).map(brokenGroup),
      ...strays.map((error) => told('outside the tests', [error])),
    ];
    const unsteady = tests
      .filter((test) => test.diagnostic()?.flaky === true)
      .map((test) => told(test.fullName, test.result().errors));
    const skipped = inState('skipped').map((test) => test.fullName);
    const outcome = { passed: inState('passed').length, failures, skipped, unsteady };
    writeFileSync(process.env['CAIRN_TEST_RESULTS'] ?? '', JSON.stringify(outcome));
  }
}

/** @param {import('vitest/node').TestModule | import('vitest/node').TestSuite} group */
function brokenGroup(group) {
  const name = group.type === 'module' ? path.relative(root, group.moduleId) : group.fullName;
  return told(name, group.errors());
}

/**
 * @param {string} name
 * @param {readonly Partial<Error>[] | undefined} errors
 */
function told(name, errors = []) {
  const lines = errors.flatMap((error) => (error.stack ?? error.message ?? '').split('\n'));
  return `${name}: ${lines.filter((line) => !line.includes('node_modules')).join('\n')}`;
}
