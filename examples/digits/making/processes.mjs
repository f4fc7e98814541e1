import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { MakeFailure } from './makeFailure.mjs';

const cli = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));
const running = new Set();

/** Ends what is still running, for when the making itself is interrupted. */
export function endProcesses() {
  for (const child of running) child.kill();
}

/** What Git sets for its hooks: with it in place, Git would work on another repository. */
function environment() {
  const { ...inherited } = process.env;
  for (const name of Object.keys(inherited)) {
    if (/^GIT_(DIR|WORK_TREE|INDEX_FILE|PREFIX|COMMON_DIR|NAMESPACE|OBJECT_DIR.*)$/.test(name)) {
      delete inherited[name];
    }
  }
  return inherited;
}

/**
 * Runs a program to its end.
 * @param {(line: string) => void} [onLine] gets each whole line of standard output as it comes
 * @returns {Promise<{code: number | null, stdout: string, stderr: string}>} code is null when the
 *   program was killed; rejects with the system's error when it cannot be started
 */
function run(command, args, cwd, onLine = () => undefined) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: environment(), windowsHide: true });
    running.add(child);
    let stdout = '';
    let stderr = '';
    let reported = 0;
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      for (let end = stdout.indexOf('\n', reported); end >= 0; ) {
        onLine(stdout.slice(reported, end));
        reported = end + 1;
        end = stdout.indexOf('\n', reported);
      }
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.stdin.end();
    child.on('error', reject);
    child.on('close', (code) => {
      running.delete(child);
      resolve({ code, stdout, stderr });
    });
  });
}

/** Runs Git in `cwd` and returns what it printed; a refusal is a failure with Git's own words. */
export async function git(cwd, ...args) {
  const result = await run('git', args, cwd).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
    throw new MakeFailure('Git was not found.', 'Install Git and try again.');
  });
  if (result.code !== 0) {
    throw new MakeFailure(
      `git ${args.join(' ')} failed: ${result.stderr.trim()}`,
      `Settle that in ${cwd} and try again.`,
    );
  }
  return result.stdout.trim();
}

/** Returns whether a Git command succeeds, for questions that Git answers by its exit code. */
export async function gitAgrees(cwd, ...args) {
  return (await run('git', args, cwd)).code === 0;
}

/**
 * Runs Cairn's own command line on a project and returns its answer.
 * A failure carries the command line's message and hint on.
 */
export async function cairn(project, ...args) {
  const result = await run(process.execPath, [cli, '--project', project, '--json', ...args]);
  if (result.code === 0) return JSON.parse(result.stdout);
  throw new MakeFailure(
    `cairn ${args[0]} failed: ${explanation(result.stderr)}`,
    'Nothing of yours was touched; starting again makes the example project anew.',
  );
}

function explanation(stderr) {
  const document = /^\{"error".*$/m.exec(stderr)?.[0];
  if (document === undefined) return stderr.trim() || 'it ended without a word.';
  const { message, hint } = JSON.parse(document).error;
  return hint ? `${message} ${hint}` : message;
}

/** Returns the command of a Python that can run train.py, or null when there is none. */
export async function findPython() {
  const check = ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))'];
  for (const [command, ...first] of [['python3'], ['python'], ['py', '-3']]) {
    const found = await run(command, [...first, ...check]).catch((error) => {
      // Not there, or there but not a program that this user may start: try the next name.
      if (error.code === 'ENOENT' || error.code === 'EACCES') return { code: null };
      throw error;
    });
    if (found.code === 0) return [command, ...first];
  }
  return null;
}

/**
 * Trains the model in `project` and tells each epoch as it ends.
 * @param {(epoch: {epoch: number, epochs: number, accuracy: string}) => void} onEpoch
 */
export async function train(python, project, onEpoch) {
  const [command, ...first] = python;
  const result = await run(command, [...first, 'train.py'], project, (line) => {
    const found = /^epoch (\d+)\/(\d+) .*\bval_accuracy ([\d.]+)/.exec(line);
    if (found) onEpoch({ epoch: +found[1], epochs: +found[2], accuracy: found[3] });
  });
  if (result.code !== 0) {
    throw new MakeFailure(
      `The training failed: ${result.stderr.trim() || `it ended with code ${result.code}.`}`,
      `Run \`${python.join(' ')} train.py\` in ${project} to see it happen.`,
    );
  }
}
