import { defineConfig } from 'vitest/config';

/** Tests of the built panels in a browser, each in the page that the extension makes for it. */
export default defineConfig({
  test: {
    name: 'panels',
    root: import.meta.dirname,
    include: ['*.test.ts'],
    pool: 'forks',
    isolate: false,
    maxWorkers: '100%',
    testTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
