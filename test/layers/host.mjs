import { build } from '../../esbuild.mjs';
import { say } from '../../setup.mjs';
import { browserAvailable } from '../host/browser.mjs';
import { runHostTests } from '../host/launch.mjs';
import { noBrowser } from './tool.mjs';

/** @type {import('../run.mjs').Layer} */
export const layer = {
  title: 'tests inside the extension host (mocha)',
  run: async ([grep]) => {
    if (!browserAvailable()) return noBrowser('host');
    await build();
    const { passed, skipped, failures } = await runHostTests(grep === undefined ? {} : { grep });
    for (const { title, error } of failures) say(`   ✗ ${title}\n${error}`);
    return { passed, failed: failures.length, skipped };
  },
};
