import { defineConfig } from 'vitest/config';

/** What works on real repositories and whole stores: seconds, not milliseconds. */
const flows = [
  'test/{git,artifacts,repositories,broken,operations,cli,example}/**/*.test.ts',
  'test/hostile/libraries.test.ts',
  // What starts processes, or opens whole projects.
  'test/platform/{processes,conversation}.test.ts',
  'test/history/lock.test.ts',
  'test/engine/server.test.ts',
  'test/extension/versionsTree.test.ts',
];
/** The tests in the extension host and in the browser have runners of their own. */
const elsewhere = ['test/host/**', 'test/e2e/**', 'test/webview/panels/**'];
/** Two files, so that two processes share the work. */
const fuzz = 'test/hostile/*.fuzz.ts';
/** One test of the deep form fails thousands of calls, one after the other. */
const crashTimeout = process.env.CAIRN_FAULTS === 'all' ? 14_400_000 : 240_000;

/**
 * Three projects: `unit` holds the quick rooms and runs on every change, `flows` is Git, the store
 * and whole verbs,
 * `crash` makes the disk and the processes fail on purpose.
 */
export default defineConfig({
  test: {
    environment: 'node',
    pool: 'forks',
    // The tests replace no modules, so the files can share one process: far faster than one each.
    isolate: false,
    maxWorkers: '100%',
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...flows, 'test/crash/**', ...elsewhere],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: 'flows', include: flows, testTimeout: 120_000 },
      },
      { extends: true, test: { name: 'fuzz', include: [fuzz] } },
      {
        extends: true,
        test: {
          name: 'crash',
          include: ['test/crash/**/*.test.ts'],
          testTimeout: crashTimeout,
          // Half of the time these wait for the disk and for other processes: more than cores.
          maxWorkers: 4,
        },
      },
    ],
  },
});
