import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractTypeScriptConfig from 'dependency-cruiser/config-utl/extract-ts-config';

/**
 * Checks the floors of the house: who may import whom (.dependency-cruiser.cjs), and what a file
 * may be called. `npm run floors` prints what this finds; floors.test.ts proves that it finds it.
 */

const FORBIDDEN_NAMES = /^(utils?|helpers?|commons?|types?|managers?)\.[cm]?[jt]sx?$/i;
const FORBIDDEN_NAME_ENDINGS = /(Utils?|Helpers?|Manager)\.[cm]?[jt]sx?$/;
const SOURCE_FOLDERS = ['src', 'webview-ui', 'test', 'examples', 'bench'];

/**
 * One place where the floors are broken; `to` is null where a name is wrong.
 * @typedef {{ rule: string, from: string, to: string | null }} Violation
 * @typedef {import('dependency-cruiser').IConfiguration} Rules
 */

/**
 * All violations in the tree at `root`, held against the dependency-cruiser configuration `rules`.
 * @param {string} root
 * @param {Rules} [rules]
 * @returns {Promise<Violation[]>}
 */
export async function violations(root, rules = configuration()) {
  const { tsConfig, ...options } = rules.options ?? {};
  const typescript = extractTypeScriptConfig(
    path.join(import.meta.dirname, '../..', tsConfig?.fileName ?? 'tsconfig.json'),
  );
  const folders = ['src', 'webview-ui/src'].filter(
    (folder) => files(path.join(root, folder)).length,
  );
  const { output } = await cruise(
    folders,
    { ...options, baseDir: root, validate: true, ruleSet: { forbidden: rules.forbidden ?? [] } },
    {},
    { tsConfig: typescript },
  );
  if (typeof output === 'string') throw new Error(output);
  const imports = output.summary.violations.map(({ rule, from, to }) => ({
    rule: rule.name,
    from,
    to,
  }));
  return [...imports, ...nameViolations(root)];
}

/** The project's own rules. @returns {Rules} */
export function configuration() {
  return createRequire(import.meta.url)('../../.dependency-cruiser.cjs');
}

/** @param {string} root @returns {Violation[]} */
function nameViolations(root) {
  /** @type {Violation[]} */
  const found = [];
  for (const folder of SOURCE_FOLDERS) {
    for (const file of files(path.join(root, folder))) {
      const from = path.relative(root, file).split(path.sep).join('/');
      const name = path.basename(file);
      if (FORBIDDEN_NAMES.test(name) || FORBIDDEN_NAME_ENDINGS.test(name)) {
        found.push({ rule: 'names-say-what', from, to: null });
      }
      if (name === 'index.ts' && from.startsWith('src/') && !/^src\/[^/]+\/index\.ts$/.test(from)) {
        found.push({ rule: 'one-door-a-room', from, to: null });
      }
    }
  }
  return found;
}

/** The files under `folder`, or none when there is no such folder. @param {string} folder */
function files(folder) {
  const entries = readdirSync(path.dirname(folder), { withFileTypes: true });
  if (!entries.some((entry) => entry.name === path.basename(folder) && entry.isDirectory())) {
    return [];
  }
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map((entry) => path.join(entry.parentPath, entry.name));
}
