import { defineConfig } from 'vitest/config';

/**
 * Two projects: `unit` runs on every change, `crash` makes the disk and the processes fail on
 * purpose. The tests in the extension host and in the browser have runners of their own.
 */
export default defineConfig({
  test: {
    environment: 'node',
    pool: 'forks',
    // The tests replace no modules, so the files can share one process: far faster than one each.
    isolate: false,
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/crash/**', 'test/host/**', 'test/e2e/**', 'test/webview/panels/**'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'crash',
          include: ['test/crash/**/*.test.ts'],
          testTimeout: 240_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
