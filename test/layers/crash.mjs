import { vitest } from './tool.mjs';

/**
 * Every writing verb with the disk failing at each of its calls: the quick form tries a part of
 * them, `--all` every one.
 * @type {import('../run.mjs').Layer}
 */
export const layer = {
  title: 'faults (Vitest)',
  run: (parameters) => {
    const all = parameters.includes('--all');
    const rest = parameters.filter((word) => word !== '--all');
    const environment = all ? { CAIRN_FAULTS: 'all' } : {};
    return vitest(['--project', 'crash', '--passWithNoTests', ...rest], environment);
  },
};
