import { check, tool } from './tool.mjs';

/** @type {import('../run.mjs').Layer} */
export const layer = {
  title: 'dead code and unused packages (knip)',
  run: async () => check((await tool('knip/bin/knip.js', ['--no-progress'])) === 0),
};
