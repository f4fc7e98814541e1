import { build } from '../../esbuild.mjs';
import { browserAvailable, findBrowser } from '../host/browser.mjs';
import { noBrowser, vitest } from './tool.mjs';

/** @type {import('../run.mjs').Layer} */
export const layer = {
  title: 'the built panels in a browser (Playwright)',
  run: async (parameters) => {
    if (!browserAvailable()) return noBrowser('panels');
    // Before the tests, whose hooks have no time for unpacking.
    await findBrowser();
    await build();
    return vitest(['--config', 'test/webview/panels/vitest.config.mts', ...parameters]);
  },
};
