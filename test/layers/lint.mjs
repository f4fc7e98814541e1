import { check, tool } from './tool.mjs';

/** @type {import('../run.mjs').Layer} */
export const layer = {
  title: 'format and lint (Biome)',
  run: async () => check((await tool('@biomejs/biome/bin/biome', ['check', '.'])) === 0),
};
