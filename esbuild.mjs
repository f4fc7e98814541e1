// Builds everything that runs: the extension, the threads of engine and store, the command line, the panels,
// and the tests that run inside VS Code. `npm run build`, or `npm run watch` while working.

import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { prepare, Remedy, root, say, whenCommand } from './setup.mjs';

/** @type {import('esbuild').BuildOptions} */
const shared = {
  absWorkingDir: root,
  bundle: true,
  charset: 'utf8',
  legalComments: 'external',
  logLevel: 'warning',
  metafile: true,
  sourcemap: 'linked',
};

/** @type {import('esbuild').BuildOptions} */
const node = {
  ...shared,
  // Text beyond Latin would make Node keep two bytes for each character, and read it at half the speed.
  charset: 'ascii',
  platform: 'node',
  format: 'cjs',
  target: 'node22',
  mainFields: ['module', 'main'],
  external: ['vscode', 'better-sqlite3', 'mocha'],
  minifySyntax: true,
  minifyWhitespace: true,
};

/** The panels: webview-ui/src/<panel>/main.ts becomes dist/webview/<panel>.js (and .css). */
function panels() {
  const folder = path.join(root, 'webview-ui', 'src');
  const names = readdirSync(folder).filter((name) =>
    existsSync(path.join(folder, name, 'main.ts')),
  );
  return Object.fromEntries(names.map((name) => [name, path.join(folder, name, 'main.ts')]));
}

/** The tests that run inside VS Code, each under its own name. */
function hostTests() {
  const folder = path.join(root, 'test', 'host');
  const files = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
  return ['index.ts', ...files].map((name) => path.join(folder, name));
}

function bundles() {
  return [
    { ...node, entryPoints: ['src/extension/main.ts'], outfile: 'dist/extension.js' },
    { ...node, entryPoints: ['src/engine/main.ts'], outfile: 'dist/engine.js' },
    { ...node, entryPoints: ['src/artifacts/coderThread.ts'], outfile: 'dist/coder.js' },
    { ...node, entryPoints: ['src/formats/tensorThread.ts'], outfile: 'dist/tensors.js' },
    {
      ...node,
      entryPoints: ['src/cli/main.ts'],
      outfile: 'dist/cli.js',
      banner: { js: '#!/usr/bin/env node' },
    },
    { ...node, entryPoints: ['src/cli/run.ts'], outfile: 'dist/commands.js' },
    { ...node, entryPoints: hostTests(), outdir: 'dist/test-host' },
    {
      ...shared,
      platform: /** @type {const} */ ('browser'),
      format: /** @type {const} */ ('iife'),
      target: ['chrome132', 'es2022'],
      entryPoints: panels(),
      outdir: 'dist/webview',
      minify: true,
      loader: { '.ttf': /** @type {const} */ ('file'), '.svg': /** @type {const} */ ('text') },
    },
  ];
}

/** Most bytes of a panel's script: more would be felt when it opens. */
const budgets = new Map(
  Object.entries({ compare: 900_000, metrics: 900_000, model: 300_000, rollback: 300_000 }).map(
    ([panel, most]) => [`dist/webview/${panel}.js`, most],
  ),
);

/**
 * The scripts that are larger than they may be, in sentences.
 * @param {readonly (readonly [file: string, output: { bytes: number }])[]} outputs
 */
export function overBudget(outputs) {
  return outputs.flatMap(([file, { bytes }]) => {
    const most = budgets.get(file);
    if (most === undefined || bytes <= most) return [];
    return [
      `${file} has ${kilobytes(bytes).trim()}, at most ${kilobytes(most).trim()} are allowed.`,
    ];
  });
}

/** @type {Promise<void> | undefined} */
let built;

/**
 * Builds everything into dist/ and says how large each file became; once a process, however many
 * ask. What an earlier build left and this one did not make is removed.
 */
export function build() {
  built ??= buildAll();
  return built;
}

async function buildAll() {
  const esbuild = await import('esbuild');
  const results = await Promise.all(bundles().map((bundle) => esbuild.build(bundle))).catch(
    (error) => {
      // esbuild has printed where and why.
      if (Array.isArray(error.errors)) throw new Remedy('The build failed, as said above.');
      throw error;
    },
  );
  const outputs = results.flatMap(({ metafile }) => Object.entries(metafile?.outputs ?? {}));
  for (const [file, { bytes }] of outputs) {
    if (file.endsWith('.map')) continue;
    const most = budgets.get(file);
    const budget = most === undefined ? '' : ` of ${kilobytes(most).trim()}`;
    say(`  ${file.padEnd(40)} ${kilobytes(bytes)}${budget}`);
  }
  const over = overBudget(outputs);
  if (over.length > 0) throw new Remedy(over.join('\n'));
  removeOthers(new Set(outputs.map(([file]) => path.join(root, file))));
  writeFileSync(path.join(root, 'dist', '.built'), '');
}

/** @param {Set<string>} made */
function removeOthers(made) {
  const there = readdirSync(path.join(root, 'dist'), { recursive: true, withFileTypes: true });
  for (const entry of there) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && !made.has(file)) rmSync(file);
  }
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(1).padStart(8)} kB`;
}

/** Builds unless dist/ is newer than everything that it is made from. */
export async function buildIfStale() {
  const stamp = path.join(root, 'dist', '.built');
  const sources = ['src', 'webview-ui', 'test/host', 'esbuild.mjs', 'package-lock.json'];
  if (existsSync(stamp) && statSync(stamp).mtimeMs > newest(sources)) {
    say('Built already.');
    return;
  }
  say('Building …');
  await build();
}

/** The latest modification below the given files and folders. @param {string[]} sources */
function newest(sources) {
  const times = sources.flatMap((source) => {
    const full = path.join(root, source);
    if (!existsSync(full)) return [];
    const inside = statSync(full).isDirectory() ? readdirSync(full, { recursive: true }) : [];
    return [full, ...inside.map((name) => path.join(full, String(name)))];
  });
  return Math.max(...times.map((file) => statSync(file).mtimeMs));
}

async function watch() {
  const esbuild = await import('esbuild');
  const contexts = await Promise.all(
    bundles().map((bundle) => esbuild.context({ ...bundle, logLevel: 'info' })),
  );
  await Promise.all(contexts.map((bundle) => bundle.watch()));
  say('Watching; Ctrl+C ends it.');
}

whenCommand(import.meta.url, async () => {
  await prepare();
  await (process.argv.includes('--watch') ? watch() : build());
});
