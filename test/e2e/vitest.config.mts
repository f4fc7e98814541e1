import { defineConfig } from 'vitest/config';

/** Tests of the packaged extension in the real workbench, one window after another. */
export default defineConfig({
  test: {
    name: 'e2e',
    root: import.meta.dirname,
    include: ['*.test.ts'],
    globalSetup: ['install.ts'],
    setupFiles: ['pictures.ts'],
    pool: 'forks',
    fileParallelism: false,
    // One browser for all windows: what it has loaded and compiled serves the next.
    isolate: false,
    // One window is gone through from end to end, on machines that have other work, too.
    testTimeout: 480_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
