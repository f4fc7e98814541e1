/**
 * Makes the example project: a fresh Git repository with the digit classifier and a history of
 * versions, each really trained and committed through Cairn's command line.
 *
 *   node examples/digits/make.mjs TARGET [--quiet]
 *
 * A finished TARGET is left as it is, an unfinished one is made anew, and a folder with anything
 * else in it is refused. Needs Git; without Python 3.8 the project has no trained versions.
 * Exit codes: 0 done, 1 failed with a sentence, 2 wrong usage, 130 or 143 interrupted.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeData, editAssignments } from './making/edits.mjs';
import { MakeFailure } from './making/makeFailure.mjs';
import { cairn, endProcesses, findPython, git, gitAgrees, train } from './making/processes.mjs';
import { claim, readMarker, writeMarker } from './making/target.mjs';
import { versions } from './making/versions.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const sources = [
  '.gitattributes',
  '.gitignore',
  'README.md',
  'data/NOTICE',
  'data/digits.csv',
  'predict.py',
  'train.py',
];
const results = ['cairn.yaml', 'metrics.json', 'history.json'];

/** Tells on standard error how far it is: on a terminal, one line that changes in place. */
function progressTeller(quiet) {
  const live = process.stderr.isTTY;
  const show = (text) => process.stderr.write(live ? `\r\x1b[K${text}` : text);
  return {
    passing: (text) => live && !quiet && show(text),
    lasting: (text) => !quiet && show(`${text}\n`),
    failing: (text) => show(`${text}\n`),
  };
}

/** Commits in the person's stead, without their hooks and signing key: it is only an example. */
async function commitToGit(target, message, files) {
  const plain = ['-c', 'core.hooksPath=/dev/null', '-c', 'commit.gpgSign=false'];
  await git(
    target,
    'add',
    '--force',
    '--',
    ...files.filter((file) => existsSync(join(target, file))),
  );
  await git(target, ...plain, 'commit', '--quiet', '--message', message);
}

async function makeRepository(target) {
  await git(target, 'init', '--quiet');
  await git(target, 'symbolic-ref', 'HEAD', 'refs/heads/main');
  const identity = { 'user.name': 'Cairn Example', 'user.email': 'example@localhost' };
  for (const [key, value] of Object.entries(identity)) {
    if (!(await gitAgrees(target, 'config', key)))
      await git(target, 'config', '--local', key, value);
  }
  for (const file of sources) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    copyFileSync(join(here, file), join(target, file));
  }
  await commitToGit(target, 'A classifier of handwritten digits', sources);
}

/** Trains one version and commits it to Cairn, and to Git where the list says so. */
async function makeVersion(target, python, version, teller) {
  const prefix = `[${versions.indexOf(version) + 1}/${versions.length}] ${version.title}`;
  const started = Date.now();
  editAssignments(join(target, 'train.py'), version.edits);
  teller.passing(`${prefix}: training`);
  await train(python, target, ({ epoch, epochs, accuracy }) => {
    teller.passing(`${prefix}: epoch ${epoch}/${epochs}, val_accuracy ${accuracy}`);
  });
  // Initialized only now: Cairn finds the model and its metrics by the files that training wrote.
  if (version === versions[0]) await cairn(target, 'init');
  if (version.data) describeData(join(target, 'cairn.yaml'), version.data);
  const saveCode = () => commitToGit(target, version.message, ['train.py', ...results]);
  if (version.git === 'before') await saveCode();
  const made = await cairn(target, 'commit', 'digits', '-m', version.message);
  if (version.git === 'after') await saveCode();
  const metrics = JSON.parse(readFileSync(join(target, 'metrics.json'), 'utf8'));
  const seconds = Math.round((Date.now() - started) / 1000);
  const reached = `val_accuracy ${metrics.val_accuracy.toFixed(4)}`;
  teller.lasting(`${prefix}: ${reached}, committed as v${made.version.number} (${seconds} s)`);
}

async function make(target, python, teller) {
  claim(target);
  await makeRepository(target);
  if (python === null) {
    await cairn(target, 'init');
    if (existsSync(join(target, 'cairn.yaml'))) {
      await commitToGit(target, 'Track the model with Cairn', ['cairn.yaml']);
    }
  }
  const trained = python === null ? [] : versions;
  for (const version of trained) {
    writeMarker(target, { state: 'making' });
    await makeVersion(target, python, version, teller);
  }
  const head = await git(target, 'rev-parse', 'HEAD');
  writeMarker(target, { state: 'complete', versions: trained.length, head });
}

/** Returns whether a project that was made without Python is still just as it was made. */
async function isUntouched(target, marker) {
  const [head, changes, branches] = await Promise.all([
    git(target, 'rev-parse', 'HEAD'),
    git(target, 'status', '--porcelain'),
    git(target, 'for-each-ref', 'refs/heads'),
  ]);
  return head === marker.head && changes === '' && branches.split('\n').length === 1;
}

/** Returns what there is to say at the end. */
async function makeUnlessThere(target, teller) {
  if (!existsSync(join(here, '..', '..', 'dist', 'cli.js'))) {
    throw new MakeFailure('Cairn is not built yet.', 'Run `npm start`, or `npm run build`, first.');
  }
  await git(here, '--version');
  const python = await findPython();
  const marker = readMarker(target);
  if (marker?.state === 'complete') {
    const improvable = marker.versions === 0 && python !== null;
    if (!improvable || !(await isUntouched(target, marker))) return `${target} is there already.`;
  }
  await make(target, python, teller);
  if (python !== null) return `${target} is ready, with ${versions.length} versions of the model.`;
  return `${target} is ready, but without trained versions: Python 3.8 or later was not found.
Install it and start again, or run train.py in that folder.`;
}

function endOnSignal() {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ]) {
    process.once(signal, () => {
      endProcesses();
      process.stderr.write('\nInterrupted. Starting again makes the example project anew.\n');
      process.exit(code);
    });
  }
}

async function main(args) {
  const quiet = args.includes('--quiet');
  const named = args.filter((argument) => argument !== '--quiet');
  if (named.length !== 1 || named[0].startsWith('-')) {
    process.stderr.write('Usage: node examples/digits/make.mjs TARGET [--quiet]\n');
    return 2;
  }
  endOnSignal();
  const teller = progressTeller(quiet);
  try {
    const outcome = await makeUnlessThere(resolve(named[0]), teller);
    if (!quiet) process.stdout.write(`${outcome}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof MakeFailure)) throw error;
    teller.failing(error.message);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
