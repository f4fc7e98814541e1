import { build } from '../../esbuild.mjs';
import { packageExtension } from '../../vsix.mjs';
import { browserAvailable, findBrowser } from '../host/browser.mjs';
import { noBrowser, vitest } from './tool.mjs';

/** @type {import('../run.mjs').Layer} */
export const layer = {
  title: 'the packaged extension in the whole workbench (Playwright)',
  run: async (parameters) => {
    if (!browserAvailable()) return noBrowser('e2e');
    // Before the tests, whose hooks have no time for unpacking.
    await findBrowser();
    await build();
    const vsix = packageExtension({ out: 'dist/cairn.vsix', quiet: true });
    return vitest(['--config', 'test/e2e/vitest.config.mts', ...parameters], { CAIRN_VSIX: vsix });
  },
};
