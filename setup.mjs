// What `npm start` and `npm test` need before anything else: the packages, and the Node that runs
// the project. Runs on any Node from 18 on, before a single package is there, so it imports
// nothing but Node's own modules.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(fileURLToPath(import.meta.url));
const windows = process.platform === 'win32';
const QUIET = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/** A problem that a person can mend: printed as its sentence, without a stack. */
export class Remedy extends Error {}

/** One line of progress. @param {string} text */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/**
 * Installs what is missing and makes sure that this script runs on the project's own Node: on
 * another one it starts itself again there and ends this process with the same exit code.
 */
export async function prepare() {
  if (Number(process.versions.node.split('.')[0]) < 18) {
    throw new Remedy(`Node ${process.versions.node} is too old: install Node 18 or newer.`);
  }
  const node = await projectNode();
  const binaries = path.join(root, 'node_modules', '.bin');
  // npm itself runs on it too: an older one leaves out packages that are made for a newer Node.
  process.env.PATH = [path.dirname(node), binaries, process.env.PATH].join(path.delimiter);
  installPackages();
  offerNode(node);
  if (process.versions.node !== wantedNode()) await startAgain(node);
}

/** The version of Node that package.json asks for. */
function wantedNode() {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return manifest.devDependencies.node;
}

/** The project's Node, fetched from npm when it is missing. */
async function projectNode() {
  const version = wantedNode();
  const system = windows ? 'win' : process.platform;
  const prefix = system === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const name = `${prefix}-${system}-${process.arch}`;
  const folder = await filledOnce(`node-${version}`, (target) => {
    say(`Fetching Node ${version} (npm package ${name}) …`);
    writeFileSync(path.join(target, 'package.json'), '{"private":true}');
    npm(['install', ...QUIET, `${name}@${version}`], target);
  });
  return path.join(folder, 'node_modules', name, 'bin', windows ? 'node.exe' : 'node');
}

function installPackages() {
  const stamp = path.join(root, 'node_modules', '.installed');
  const wanted = fingerprint(path.join(root, 'package-lock.json'));
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  if (!agreesWithLock()) {
    say('Installing packages (npm ci) …');
    npm(['ci', ...QUIET], root);
  }
  writeFileSync(stamp, wanted);
}

/**
 * @typedef {object} Locked
 * @property {string} version
 * @property {boolean} [optional]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 * @property {string[]} [libc]
 */

/** Whether `npm install` already put exactly the locked packages in place. */
function agreesWithLock() {
  const installed = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  /** @type {Record<string, Locked>} */
  const locked = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  const there = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(locked).every(
    ([name, entry]) => name === '' || !belongsHere(entry) || there[name]?.version === entry.version,
  );
}

/** Whether a package is for this machine; what is optional anywhere may be missing. */
function belongsHere(/** @type {Locked} */ { optional, os, cpu, libc }) {
  if (!optional) return true;
  if (libc && !libc.includes('glibc')) return false;
  return Boolean(os?.includes(process.platform) && cpu?.includes(process.arch));
}

/** Puts the Node into node_modules/.bin, where `npx` finds it. @param {string} node */
function offerNode(node) {
  const target = path.join(root, 'node_modules', 'node', 'bin', path.basename(node));
  if (existsSync(target)) return;
  mkdirSync(path.dirname(target), { recursive: true });
  copyFileSync(node, target, constants.COPYFILE_FICLONE);
  const link = path.join(root, 'node_modules', '.bin', 'node');
  if (!windows && !existsSync(link)) symlinkSync('../node/bin/node', link);
}

/** @param {string} file */
export function fingerprint(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/**
 * Runs npm and waits for it.
 * @param {string[]} parameters
 * @param {string} folder
 */
function npm(parameters, folder) {
  // Started by npm, we know its script and can run it on the Node that we choose.
  const script = process.env.npm_execpath ?? '';
  const known = path.basename(script) === 'npm-cli.js' && existsSync(script);
  const result = spawnSync(known ? 'node' : 'npm', [...(known ? [script] : []), ...parameters], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: windows && !known,
  });
  if (result.error) {
    throw new Remedy(`npm could not be started (${result.error.message}): install Node with npm.`);
  }
  if (result.status !== 0) {
    throw new Remedy(
      `\`npm ${parameters.join(' ')}\` failed in ${folder}. Is the npm registry reachable, and is ` +
        'there room on the disk? Mend that and start again: what was done stays done.',
    );
  }
}

/** Runs this same command on the project's Node; never returns. @param {string} node */
function startAgain(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  // Ctrl+C reaches the child by itself; this process only waits for its end.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((_, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => process.exit(signal ? 130 : (code ?? 1)));
  });
}

/**
 * Fills a folder under .vscode-test once, however many processes ask at the same time: a folder
 * that is there is complete.
 * @param {string} name
 * @param {(folder: string) => unknown} fill puts everything into the empty folder
 * @returns {Promise<string>} the folder
 */
export async function filledOnce(name, fill) {
  const folder = path.join(root, '.vscode-test', name);
  const done = path.join(folder, '.complete');
  const lock = `${folder}.filling`;
  mkdirSync(path.dirname(folder), { recursive: true });
  while (!existsSync(done)) {
    if (!claimed(lock)) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    try {
      if (!existsSync(done)) await fillAnew(folder, fill);
      writeFileSync(done, '');
    } finally {
      rmSync(lock, { force: true });
    }
  }
  return folder;
}

/**
 * @param {string} folder
 * @param {(folder: string) => unknown} fill
 */
async function fillAnew(folder, fill) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  await fill(folder);
}

/**
 * Whether this process may fill now. A lock whose process has ended is taken away.
 * @param {string} lock
 */
function claimed(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  if (!isFilling(lock)) rmSync(lock, { force: true });
  return false;
}

/** @param {string} lock */
function isFilling(lock) {
  try {
    process.kill(Number(readFileSync(lock, 'utf8')), 0);
    return true;
  } catch (error) {
    // ENOENT: it has just ended; ESRCH: nobody has that number. EPERM is somebody who lives.
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

const CODE_SERVER = '4.139.1';

/**
 * The folder of VS Code's server and web workbench (the npm package code-server), installed when
 * it is missing. Its own install scripts want a compiler and are not run; nothing here needs them.
 */
export async function vscodeServer() {
  const folder = await filledOnce(`code-server-${CODE_SERVER}`, (target) => {
    say(`Installing VS Code's server (npm package code-server ${CODE_SERVER}) …`);
    writeFileSync(path.join(target, 'package.json'), '{"private":true}');
    npm(['install', ...QUIET, `code-server@${CODE_SERVER}`], target);
    npm(['install', ...QUIET, '--omit=dev'], inside(target));
  });
  return inside(folder);
}

/** @param {string} folder */
function inside(folder) {
  return path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
}

/**
 * Runs `main` when the module at `url` is the command itself and not imported by another. A
 * Remedy is printed as its sentence, anything else with its stack.
 * @param {string} url the module's import.meta.url
 * @param {() => Promise<unknown>} main
 */
export function whenCommand(url, main) {
  if (realpathSync(process.argv[1] ?? '') !== fileURLToPath(url)) return;
  main().catch((error) => {
    process.stderr.write(`\n${error instanceof Remedy ? error.message : error.stack}\n`);
    process.exit(1);
  });
}
