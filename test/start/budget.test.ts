import { expect, test } from 'vitest';
import { overBudget } from '../../esbuild.mjs';

test('a panel whose script is larger than it may be ends the build', () => {
  const most = { bytes: 900_000 };
  expect(overBudget([['dist/webview/compare.js', most]])).toEqual([]);
  expect(overBudget([['dist/engine.js', { bytes: 9_000_000 }]])).toEqual([]);
  expect(overBudget([['dist/webview/metrics.js', { bytes: 900_100 }]])).toEqual([
    'dist/webview/metrics.js has 900.1 kB, at most 900.0 kB are allowed.',
  ]);
});
