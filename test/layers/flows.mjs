import { vitest } from './tool.mjs';

/** @type {import('../run.mjs').Layer} */
export const layer = {
  title: 'verbs and command line on real repositories (Vitest)',
  run: (parameters) => vitest(['--project', 'flows', ...parameters]),
};
