// Makes the extension's package for one platform: `npm run package` for this machine's,
// `npm run package -- --target win32-x64` for another. Each holds one SQLite binary.

import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './esbuild.mjs';
import { prepare, Remedy, root, say, whenCommand } from './setup.mjs';

/** VS Code's name of a platform, and the name of the SQLite binary that serves it. */
const BINARIES = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'alpine-x64': 'linuxmusl-x64',
  'alpine-arm64': 'linuxmusl-arm64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'win32-x64',
  'win32-arm64': 'win32-arm64',
};
const LIMIT_BYTES = 6_000_000;

/** The platform of this machine, in VS Code's words. */
function thisPlatform() {
  const musl = process.platform === 'linux' && !glibcVersion();
  return `${musl ? 'alpine' : process.platform}-${process.arch}`;
}

function glibcVersion() {
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (
    process.report.getReport()
  );
  return report.header.glibcVersionRuntime;
}

/**
 * Packages what lies in dist/ for `target` and returns the file.
 * @param {{ target?: string, out?: string, quiet?: boolean }} options `quiet` lists no files
 */
export function packageExtension({ target = thisPlatform(), out, quiet = false } = {}) {
  const binary = binaryFor(target);
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const file = path.resolve(root, out ?? `${name}-${target}-${version}.vsix`);
  const ignoreFile = path.join(root, 'dist', 'vscodeignore');
  const included = readFileSync(path.join(root, '.vscodeignore'), 'utf8');
  writeFileSync(ignoreFile, `${included}!node_modules/better-sqlite3/prebuilds/${binary}.node\n`);
  const parameters = ['--target', target, '--out', file, '--ignoreFile', ignoreFile];
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  // Without a repository to point to, links and pictures of the README stay as they are.
  parameters.push('--allow-missing-repository', '--skip-license', '--no-rewrite-relative-links');
  const { status, stdout, stderr } = spawnSync(process.execPath, [vsce, 'package', ...parameters], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0 || !quiet) process.stdout.write(`${stdout}${stderr}`);
  if (status !== 0) throw new Remedy('The package was not made, as said above.');
  return file;
}

/** @param {string} target */
function binaryFor(target) {
  const binary = BINARIES[/** @type {keyof typeof BINARIES} */ (target)];
  if (binary !== undefined) return binary;
  throw new Remedy(`There is no package for ${target}. Use ${Object.keys(BINARIES).join(', ')}.`);
}

async function main() {
  await prepare();
  const { values } = parseArgs({
    options: { target: { type: 'string' }, out: { type: 'string' } },
  });
  if (values.target !== undefined) binaryFor(values.target);
  say('Building …');
  await build();
  const file = packageExtension(values);
  const { size } = statSync(file);
  say(`${path.relative(process.cwd(), file)} ${(size / 1e6).toFixed(2)} MB`);
  if (size > LIMIT_BYTES) {
    throw new Remedy(`That is over ${LIMIT_BYTES / 1e6} MB: see what .vscodeignore lets in.`);
  }
}

whenCommand(import.meta.url, main);
