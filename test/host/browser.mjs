// A browser for the tests: one that is installed, else the Chromium that an npm package carries.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium as playwright } from 'playwright-core';
import { filledOnce, Remedy, say } from '../../setup.mjs';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts a browser without a window. CAIRN_BROWSER names one to use; the value `packaged` asks for
 * the npm package's even where another is installed.
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function openBrowser() {
  const { executable, environment } = await findBrowser();
  const env = /** @type {Record<string, string>} */ ({ ...process.env, ...environment });
  return playwright.launch({ executablePath: executable, args: QUIET, env });
}

/** The browser that is used; unpacked first where it is the packaged one. */
export async function findBrowser() {
  const wanted = process.env.CAIRN_BROWSER;
  const found = wanted ?? INSTALLED.find((file) => existsSync(file));
  if (found === undefined || found === 'packaged') return await packagedBrowser();
  return { executable: found, environment: {} };
}

/** Whether this machine has a browser, or the packaged one runs here. */
export function browserAvailable() {
  const runsPackaged = process.platform === 'linux' && process.arch === 'x64';
  return (
    runsPackaged ||
    process.env.CAIRN_BROWSER !== undefined ||
    INSTALLED.some((file) => existsSync(file))
  );
}

/**
 * The Chromium of @sparticuz/chromium, unpacked once. It brings a font and the few libraries that
 * a bare machine lacks; the machine's own are used where it has them.
 */
async function packagedBrowser() {
  const manifest = new URL('../package.json', import.meta.resolve('@sparticuz/chromium'));
  const { version } = JSON.parse(readFileSync(manifest, 'utf8'));
  const folder = await filledOnce(`chromium-${version}`, (target) => {
    say('Unpacking a browser (npm package @sparticuz/chromium) …');
    return unpack(fileURLToPath(new URL('bin/', manifest)), target);
  });
  const executable = path.join(folder, 'chromium');
  return { executable, environment: missingParts(executable, folder) };
}

/**
 * @param {string} archives
 * @param {string} folder
 */
async function unpack(archives, folder) {
  const { inflate } = await import('@sparticuz/chromium');
  const temporary = process.env.TMPDIR;
  // It unpacks into the folder for temporary files, which other projects share: give it ours.
  process.env.TMPDIR = folder;
  try {
    const parts = ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br', 'al2023.tar.br'];
    await Promise.all(parts.map((part) => inflate(path.join(archives, part))));
  } finally {
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
  }
  const fonts = path.join(folder, 'fonts');
  writeFileSync(path.join(fonts, 'fonts.conf'), fontConfiguration(fonts));
}

/** @param {string} folder */
function fontConfiguration(folder) {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>${folder}</dir><cachedir>${folder}/cache</cachedir></fontconfig>
`;
}

/**
 * What the machine lacks and the package brings, as environment variables for the browser.
 * @param {string} executable
 * @param {string} folder
 * @returns {Record<string, string>}
 */
function missingParts(executable, folder) {
  const libraries = path.join(folder, 'al2023', 'lib');
  const fonts = path.join(folder, 'fonts');
  /** @type {Record<string, string>} */
  const environment = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: fonts };
  if (problem(executable, environment) === null) return environment;
  environment.LD_LIBRARY_PATH = libraries;
  const still = problem(executable, environment);
  if (still === null) return environment;
  throw new Remedy(
    `The packaged browser does not run here (${still}). Install Chromium or Chrome, or name one ` +
      'in CAIRN_BROWSER.',
  );
}

/**
 * Why a browser does not start, or null when it does.
 * @param {string} executable
 * @param {Record<string, string>} environment
 */
function problem(executable, environment) {
  const env = { ...process.env, ...environment };
  const { status, error, stderr } = spawnSync(executable, ['--version'], { encoding: 'utf8', env });
  return status === 0 ? null : (error?.message ?? stderr.trim());
}
