import { vitest } from './tool.mjs';

/** @type {import('../run.mjs').Layer} */
export const layer = {
  title: 'unit tests (Vitest)',
  run: (parameters) => vitest(['--project', 'unit', ...parameters]),
};
