// `npm start`: builds what changed, makes the example project, and opens VS Code on it with the
// extension: the desktop's where there is one, else VS Code in the browser.
//
//   --port N    the browser's VS Code listens there; a free port is taken when N is not free
//   --no-open   serve VS Code for the browser and only print the address
//   --fresh     make the example project anew
//   --check     start, see that VS Code answers, print the address and stop
//
// The example lies in cairn-example/digits of the home directory, or where CAIRN_EXAMPLE says.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfStale } from '../esbuild.mjs';
import { fingerprint, prepare, Remedy, root, say, whenCommand } from '../setup.mjs';
import { installExtension, quietSettings, startServer } from '../test/host/server.mjs';
import { desktopVscode } from './desktop.mjs';

// Outside of the checkout, so that it is a repository like any other.
const PROJECT = path.resolve(
  process.env['CAIRN_EXAMPLE'] ?? path.join(homedir(), 'cairn-example', 'digits'),
);
/** What the making leaves in a folder of its own; nothing else is ever deleted. */
const MARKER = path.join(PROJECT, '.git', 'cairn-example.json');
const HOME = path.join(root, '.vscode-test', 'start');
const USUAL_PORT = 8421;

async function main() {
  await prepare();
  const options = readOptions();
  requireGit();
  await buildIfStale();
  await makeExample(options.fresh);
  const desktop = options.browser ? { reason: 'as asked' } : desktopVscode();
  if ('command' in desktop) await openDesktop(desktop.command);
  else await serveBrowser(options, desktop.reason);
}

function readOptions() {
  const boolean = { type: /** @type {const} */ ('boolean'), default: false };
  const options = { port: { type: /** @type {const} */ ('string') } };
  const { values } = parsed({ ...options, 'no-open': boolean, fresh: boolean, check: boolean });
  const port = Number(values.port ?? USUAL_PORT);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Remedy(`--port takes a number from 1 to 65535, not "${values.port}".`);
  }
  const browser = values['no-open'] || values.check || values.port !== undefined;
  return { port, browser, open: !values['no-open'], fresh: values.fresh, check: values.check };
}

/** @template {import('node:util').ParseArgsOptionsConfig} T @param {T} options */
function parsed(options) {
  try {
    return parseArgs({ options });
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error;
    throw new Remedy(`${message}\nUse: npm start -- [--port N] [--no-open] [--fresh] [--check]`);
  }
}

function requireGit() {
  if (spawnSync('git', ['--version']).status === 0) return;
  throw new Remedy('Git was not found: install it from https://git-scm.com and start again.');
}

/** @param {boolean} fresh */
async function makeExample(fresh) {
  if (fresh && existsSync(MARKER)) rmSync(PROJECT, { recursive: true, force: true });
  say('Example project …');
  const make = path.join(root, 'examples', 'digits', 'make.mjs');
  const child = spawn(process.execPath, [make, PROJECT], { stdio: 'inherit' });
  const code = await exitCode(child);
  if (code === 130 || code === 143) process.exit(code);
  if (code !== 0) throw new Remedy('The example project was not made, as said above.');
}

/** @param {string} command */
async function openDesktop(command) {
  say(`Opening VS Code (${command}) on ${PROJECT} …`);
  const parameters = [`--extensionDevelopmentPath=${root}`, '--new-window', '--wait', PROJECT];
  const shell = process.platform === 'win32';
  const child = spawn(command, parameters, { stdio: 'inherit', shell });
  say('Close its window, or press Ctrl+C here, to end.');
  const code = await exitCode(child);
  if (code !== 0) {
    throw new Remedy(
      `\`${command}\` ended with code ${code}. \`npm start -- --no-open\` serves VS Code for the ` +
        'browser instead.',
    );
  }
}

/**
 * @param {{ port: number, open: boolean, check: boolean }} options
 * @param {string} reason why it is not the desktop's
 */
async function serveBrowser({ port, open, check }, reason) {
  say(`VS Code in the browser: ${reason}.`);
  const data = path.join(HOME, 'data');
  const extensions = path.join(HOME, 'extensions');
  await installWhenChanged(data, extensions);
  const ending = interrupted();
  const server = await startServer({
    data,
    extensions,
    settings: quietSettings,
    port,
    folder: PROJECT,
  });
  if (server.port !== port) say(`Port ${port} is taken; using ${server.port}.`);
  say(`\nVS Code with Cairn: ${server.url}/`);
  if (check) return server.stop();
  if (open) openAddress(`${server.url}/`);
  say('Ctrl+C ends it.');
  await ending;
  await server.stop();
}

/**
 * Packages and installs the extension, unless the one that is installed was built from the same.
 * @param {string} data
 * @param {string} extensions
 */
async function installWhenChanged(data, extensions) {
  const stamp = path.join(HOME, 'installed');
  const built = builtFingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === built) return;
  say('Installing the extension …');
  const { packageExtension } = await import('../vsix.mjs');
  const vsix = packageExtension({ out: 'dist/cairn.vsix', quiet: true });
  await installExtension({ data, extensions, vsix });
  writeFileSync(stamp, built);
}

/** Changes whenever the package would, and not when the same is built again. */
function builtFingerprint() {
  const dist = path.join(root, 'dist');
  const bundles = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(js|css)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const files = [path.join(root, 'package.json'), ...bundles];
  return files.map((file) => `${fingerprint(file)}  ${path.relative(root, file)}`).join('\n');
}

/** Opens an address in the person's browser; where that does not work, they have the address. */
function openAddress(/** @type {string} */ address) {
  const [program, ...parameters] = {
    darwin: ['open', address],
    win32: ['cmd', '/c', 'start', '', address],
  }[/** @type {'darwin' | 'win32'} */ (process.platform)] ?? ['xdg-open', address];
  const child = spawn(/** @type {string} */ (program), parameters, {
    stdio: 'ignore',
    detached: true,
  });
  child.on('error', () => say('Open the address in a browser.'));
  child.unref();
}

/** Resolves at the first Ctrl+C; more of them do not cut the ending short. */
function interrupted() {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, resolve);
  });
}

/** @param {import('node:child_process').ChildProcess} child @returns {Promise<number>} */
function exitCode(child) {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}

whenCommand(import.meta.url, main);
