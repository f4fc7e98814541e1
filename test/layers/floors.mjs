import { root, say } from '../../setup.mjs';
import { violations } from '../floors/check.mjs';
import { check } from './tool.mjs';

/** @type {import('../run.mjs').Layer} */
export const layer = {
  title: 'floors (dependency-cruiser)',
  run: async () => {
    const found = await violations(root);
    for (const { rule, from, to } of found) say(`   ${rule}: ${from}${to ? ` → ${to}` : ''}`);
    return check(found.length === 0);
  },
};
