import { Remedy } from '../../setup.mjs';
import { vitest } from './tool.mjs';

/** @type {import('../run.mjs').Layer} */
export const layer = {
  title: 'damaged model files (--seconds N, --seed N)',
  run: (parameters) =>
    vitest(['--project', 'fuzz'], {
      ...option(parameters, '--seconds', 'CAIRN_FUZZ_SECONDS'),
      ...option(parameters, '--seed', 'CAIRN_FUZZ_SEED'),
    }),
};

/**
 * @param {string[]} parameters
 * @param {string} name
 * @param {string} variable
 */
function option(parameters, name, variable) {
  const at = parameters.indexOf(name);
  if (at < 0) return {};
  const value = parameters[at + 1] ?? '';
  if (!/^\d+$/.test(value)) throw new Remedy(`${name} takes a number.`);
  return { [variable]: value };
}
