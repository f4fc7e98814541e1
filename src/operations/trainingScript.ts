import { isFailure } from '../core/failure';
import type { Platform } from '../platform';
import {
  findLiterals,
  isNamedForTraining,
  looksLikeTraining,
  trainingScriptScore,
} from '../source';
import { expand, inOrder } from '../workspace';

/** More Python files than this are not all looked at; the shortest paths come first. */
const filesLimit = 200;
/** Below so many files and directories nobody keeps the script that trains. */
const entriesLimit = 50_000;
/** A script larger than this is generated. */
const scriptLimit = 512 * 1024;
/** Below this a script is not taken for one that trains. */
const least = 5;

/**
 * The script that trains, among the Python files of a project: the one that looks most like it and
 * holds hyperparameters at its top. `null` when none does.
 */
export async function findTrainingScript(platform: Platform, root: string): Promise<string | null> {
  const { files } = await expand(platform, root, ['**/*.py'], {
    ...{ limit: entriesLimit, nearest: filesLimit },
  });
  const near = files
    .map(({ path }) => path)
    .sort((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1));
  const texts = await inOrder(near, (path) => readScript(platform, `${root}/${path}`));
  let found: { path: string; score: number } | null = null;
  for (const [index, path] of near.entries()) {
    const text = texts[index] ?? null;
    if (text === null) continue;
    const score = trainingScriptScore(text, path);
    if (score >= least && score > (found?.score ?? 0) && findLiterals(text).length > 0)
      found = { path, score };
  }
  return found?.path ?? null;
}

/**
 * Whether a script that was found before is the one to go on with: it is called a training script,
 * and still is one. Then no other is looked for, so that versions in a row can be compared.
 */
export async function stillTrains(
  platform: Platform,
  root: string,
  path: string,
): Promise<boolean> {
  if (!isNamedForTraining(path)) return false;
  const text = await readScript(platform, `${root}/${path}`);
  return text !== null && looksLikeTraining(text, path) && findLiterals(text).length > 0;
}

function depthOf(path: string): number {
  return path.split('/').length;
}

/** A script's text; `null` when it is gone or too large. */
export async function readScript(platform: Platform, path: string): Promise<string | null> {
  try {
    const bytes = await platform.disk.readSmall(path, scriptLimit);
    return bytes === null ? null : new TextDecoder().decode(bytes);
  } catch (error) {
    // Too large or not allowed: then it is not the script that is looked for.
    if (isFailure(error, 'unreadable')) return null;
    throw error;
  }
}
