import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { MakeFailure } from './makeFailure.mjs';

/** All that making the example ever leaves at the top of its folder. */
const ownEntries = new Set([
  '.git',
  '.gitattributes',
  '.gitignore',
  '__pycache__',
  'README.md',
  'cairn.yaml',
  'data',
  'history.json',
  'history.json.tmp',
  'metrics.json',
  'metrics.json.tmp',
  'models',
  'predict.py',
  'predictions.csv',
  'predictions.csv.tmp',
  'train.py',
]);

/** A marker older than this belongs to a making that is dead, whoever has its process id now. */
const longestStep = 10 * 60_000;

const markerOf = (target) => join(target, '.git', 'cairn-example.json');

/**
 * The marker lies in `.git`, where neither Git nor Cairn nor the person meets it. It says whose the
 * folder is: `{example, state: 'making' | 'complete', versions, head, pid, at}`, with `at` in
 * milliseconds since 1970. Only a folder whose marker says `making` is ever cleared.
 * @returns {object | null} null when there is no marker of ours
 */
export function readMarker(target) {
  try {
    const marker = JSON.parse(readFileSync(markerOf(target), 'utf8'));
    return marker?.example === 'digits' ? marker : null;
  } catch (error) {
    // No folder, no repository, no marker, or a file that is not ours: in each case not claimed.
    const unclaimed = ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(error.code);
    if (unclaimed || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Writes the marker whole or not at all. */
export function writeMarker(target, state) {
  const marker = { example: 'digits', ...state, pid: process.pid, at: Date.now() };
  const unfinished = `${markerOf(target)}.tmp`;
  writeFileSync(unfinished, `${JSON.stringify(marker)}\n`);
  renameSync(unfinished, markerOf(target));
}

/**
 * Takes the folder for the making: creates it, or clears what an interrupted making left.
 * Fails, and touches nothing, when anything lies there that is not the example's own.
 */
export function claim(target) {
  const marker = readMarker(target);
  if (marker === null) refuseForeign(target);
  else {
    refuseWhileBeingMade(target, marker);
    clear(target);
  }
  mkdirSync(join(target, '.git'), { recursive: true });
  writeMarker(target, { state: 'making' });
}

function entriesOf(folder) {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    if (error.code !== 'ENOTDIR') throw error;
    throw new MakeFailure(`${folder} is a file.`, 'Name a folder that does not exist yet.');
  }
}

/** An empty `.git` is let pass: a making that died before it could write its marker left it. */
function refuseForeign(target) {
  const entries = entriesOf(target);
  const nothing = entries.every((name) => name === '.git' && !entriesOf(join(target, name)).length);
  if (!nothing) {
    throw new MakeFailure(
      `${target} is not empty, and the example did not make what is in it.`,
      'Nothing was touched. Name another folder, or move this one away.',
    );
  }
}

function refuseWhileBeingMade(target, { state, pid, at }) {
  if (state !== 'making' || pid === process.pid) return;
  if (Date.now() - at < longestStep && isAlive(pid)) {
    throw new MakeFailure(
      `Process ${pid} is making ${target} right now.`,
      'Wait for it to finish, or end it and try again.',
    );
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM means that it lives and belongs to someone else; ESRCH that it is gone.
    if (error.code === 'EPERM') return true;
    if (error.code === 'ESRCH') return false;
    throw error;
  }
}

/** Empties the folder but for the marker, so that a clearing cut short can be taken up again. */
function clear(target) {
  const foreign = readdirSync(target).find((name) => !ownEntries.has(name));
  if (foreign !== undefined) {
    throw new MakeFailure(
      `${target} is unfinished and would be made anew, but it also holds ${foreign}.`,
      'Nothing was touched. Move that file away and try again.',
    );
  }
  const marker = basename(markerOf(target));
  remove(target, (name) => name !== '.git');
  remove(join(target, '.git'), (name) => name !== marker);
}

function remove(folder, which) {
  for (const name of readdirSync(folder).filter(which)) {
    rmSync(join(folder, name), { recursive: true, force: true, maxRetries: 5 });
  }
}
