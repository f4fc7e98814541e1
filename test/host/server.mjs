// VS Code's server with its web workbench: what the tests drive, and what `npm start` opens where
// there is no desktop VS Code.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { Remedy, vscodeServer } from '../../setup.mjs';

/**
 * A running server.
 * @typedef {object} Server
 * @property {number} port
 * @property {string} url
 * @property {() => string} log everything that it wrote
 * @property {() => Promise<void>} stop
 */

/** Nothing that asks, phones home or moves by itself. */
export const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'extensions.ignoreRecommendations': true,
  'extensions.autoUpdate': 'off',
  'extensions.autoCheckUpdates': false,
  'git.openRepositoryInParentFolders': 'never',
};

/**
 * Starts a server and waits until it answers.
 * @param {object} options
 * @param {string} options.data where it keeps its settings and state; made when missing
 * @param {string} options.extensions where installed extensions lie; made when missing
 * @param {Record<string, unknown>} [options.settings] the user's settings, unless there are some
 * @param {number} [options.port] the one to take if it is free; else any free one
 * @param {string} [options.folder] what a window shows that asks for nothing else
 * @param {boolean} [options.untrusted] whether folders are not trusted until a person says so
 * @param {boolean} [options.tests] lets a page run extension tests
 * @param {NodeJS.ProcessEnv} [options.environment]
 * @returns {Promise<Server>}
 */
export async function startServer(options) {
  const { data, extensions, settings, tests, untrusted, folder, environment } = options;
  const chosen = await freePort(options.port);
  prepareFolders(data, extensions, settings);
  const parameters = [
    ...['--host', '127.0.0.1', '--port', String(chosen), '--without-connection-token'],
    ...['--server-data-dir', data, '--extensions-dir', extensions, '--telemetry-level', 'off'],
    ...['--accept-server-license-terms'],
    ...(untrusted ? [] : ['--disable-workspace-trust']),
    ...(tests ? ['--enable-smoke-test-driver'] : []),
    ...(folder ? ['--default-folder', folder] : []),
  ];
  const child = spawn(process.execPath, [await entry(), ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
    // A group of its own, so that stopping it also ends the extension host and the terminals.
    detached: process.platform !== 'win32',
  });
  let output = '';
  const keep = (/** @type {Buffer} */ chunk) => {
    output += chunk.toString();
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const url = `http://127.0.0.1:${chosen}`;
  const release = endWithProcess(child);
  const stop = () => end(child).then(release);
  try {
    await answering(url, child, () => output);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port: chosen, url, log: () => output, stop };
}

/**
 * Installs a package (.vsix) into an extensions folder, as a person's VS Code would.
 * @param {{ data: string, extensions: string, vsix: string }} options
 */
export async function installExtension({ data, extensions, vsix }) {
  const folders = ['--server-data-dir', data, '--extensions-dir', extensions];
  const parameters = [await entry(), ...folders, '--install-extension', vsix, '--force'];
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, { encoding: 'utf8' });
  if (status !== 0) {
    throw new Remedy(`VS Code did not install ${vsix}:\n${stdout}${stderr}`);
  }
}

/**
 * `wanted` when nothing listens there now, else any free port.
 * @param {number} [wanted]
 * @returns {Promise<number>}
 */
function freePort(wanted = 0) {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      const refused = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      if (refused && wanted !== 0) resolve(freePort());
      else reject(error);
    });
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = /** @type {net.AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}

async function entry() {
  return path.join(await vscodeServer(), 'out', 'server-main.js');
}

/**
 * @param {string} data
 * @param {string} extensions
 * @param {Record<string, unknown> | undefined} settings
 */
function prepareFolders(data, extensions, settings) {
  mkdirSync(extensions, { recursive: true });
  const user = path.join(data, 'data', 'User');
  mkdirSync(user, { recursive: true });
  const file = path.join(user, 'settings.json');
  if (settings && !existsSync(file)) writeFileSync(file, JSON.stringify(settings, null, 2));
}

/**
 * Waits until the server answers, at most a minute.
 * @param {string} url
 * @param {import('node:child_process').ChildProcess} child
 * @param {() => string} log
 */
async function answering(url, child, log) {
  const last = Date.now() + 60_000;
  while (Date.now() < last) {
    if (child.exitCode !== null) break;
    const response = await fetch(url).catch((error) => refused(error));
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Remedy(`VS Code's server did not start:\n${log()}`);
}

/** Nobody listens yet: anything else is a problem of its own. @param {any} error */
function refused(error) {
  if (error?.cause?.code === 'ECONNREFUSED' || error?.cause?.code === 'ECONNRESET') return null;
  throw error;
}

/**
 * Sees to it that the server does not outlive this process, however that ends; returns what takes
 * it back. A signal that nothing else listens to becomes an orderly exit.
 * @param {import('node:child_process').ChildProcess} child
 */
function endWithProcess(child) {
  const kill = () => signalGroup(child, 'SIGKILL');
  process.once('exit', kill);
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    if (process.listenerCount(signal) === 0) process.on(signal, () => process.exit(130));
  }
  return () => {
    process.off('exit', kill);
  };
}

/**
 * Signals the server with its extension hosts and terminals.
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  if (process.platform === 'win32' || child.pid === undefined) child.kill(signal);
  else if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid, signal);
}

/** @param {import('node:child_process').ChildProcess} child */
async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  signalGroup(child, 'SIGTERM');
  const impatient = setTimeout(() => signalGroup(child, 'SIGKILL'), 5_000);
  await ended;
  clearTimeout(impatient);
}
