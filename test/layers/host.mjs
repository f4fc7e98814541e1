import { build } from '../../esbuild.mjs';
import { say } from '../../setup.mjs';
import { browserAvailable } from '../host/browser.mjs';
import { runHostTests } from '../host/launch.mjs';
import { noBrowser, watched } from './tool.mjs';

/** @type {import('../run.mjs').Layer} */
export const layer = {
  title: 'tests inside the extension host (mocha)',
  run: async ([grep]) => {
    if (!browserAvailable()) return noBrowser('host');
    await build();
    const options = { ...(grep === undefined ? {} : { grep }), retries: watched ? 0 : 1 };
    const { passed, skipped, ...outcome } = await runHostTests(options);
    const failures = outcome.failures.map(told);
    for (const failure of failures) say(`   ✗ ${failure}`);
    return { passed, failures, skipped, unsteady: outcome.unsteady.map(told) };
  },
};

/** @param {{ title: string, error: string }} failure */
function told({ title, error }) {
  return `${title}: ${error}`;
}
