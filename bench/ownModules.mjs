import { createRequire } from 'node:module';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from '../setup.mjs';

/**
 * Parts of the product, as they are in this checkout: bundled once, and loaded.
 * @param {string} name of the bundle
 * @param {Readonly<Record<string, string>>} parts what is wanted, and the file below src that has it
 * @returns {Promise<any>} an object with each part under its name
 */
export async function ownModules(name, parts) {
  const contents = Object.entries(parts).map(
    ([part, file]) => `export { ${part} } from './src/${file}';`,
  );
  const outfile = path.join(root, 'dist', `bench-${name}.cjs`);
  await build({
    stdin: { contents: contents.join('\n'), resolveDir: root },
    ...{ bundle: true, platform: 'node', format: 'cjs', outfile, logLevel: 'error' },
    external: ['better-sqlite3'],
  });
  return createRequire(import.meta.url)(outfile);
}
