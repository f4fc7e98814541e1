import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup.mjs';

/**
 * @typedef {object} MadeHistory
 * @property {Readonly<Record<string, number>>} models how many versions of each model
 * @property {(number: number) => string} script the training script of a version
 * @property {(message: object) => string} formatVersionMessage the product's own
 */

/**
 * A repository whose version commits were written by Git's fast import, and the project in it.
 * The models' versions are in its database once `init`, or `rebuild`, has read them.
 * @param {string} folder empty
 * @param {MadeHistory} history
 */
export function makeHistory(folder, { models, script, formatVersionMessage }) {
  const git = gitIn(folder);
  git('init', '-q', '-b', 'main');
  const data = (/** @type {string} */ text) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const stream = Object.entries(models).flatMap(([model, count]) =>
    Array.from({ length: count }, (_, index) => {
      const record = recordOf(model, index + 1);
      const message = formatVersionMessage({ record, logHead: '0'.repeat(64) });
      return [
        `commit refs/heads/cairn/${model}\n`,
        `committer Ada <ada@example.org> ${1_700_000_001 + index} +0000\n`,
        data(message),
        `M 100644 inline train.py\n${data(script(index + 1))}`,
      ].join('');
    }),
  );
  execFileSync('git', ['fast-import', '--quiet'], { cwd: folder, input: stream.join('') });
  writeFileSync(path.join(folder, 'train.py'), script(Math.max(...Object.values(models))));
  git('add', '-A');
  git('commit', '-q', '-m', 'code');
  cairn(folder, 'init');
}

/** @param {string} model @param {number} number */
function recordOf(model, number) {
  return {
    ...{ format: 1, model, number, revision: 1, kind: 'version', label: null },
    createdAt: new Date(1_700_000_000_000 + number * 1_000).toISOString(),
    creator: { name: 'Ada', email: 'ada@example.org' },
    description: `version ${number}`,
    parent: number === 1 ? null : `${model}@v${number - 1}.1`,
    parameters: { LR: ((number % 20) + 1) / 1000, LAYERS: [64, 32], OPTIMIZER: 'adam' },
    ...{ files: [], datasets: [] },
    metrics: {
      val_accuracy: 0.5 + (number % 100) / 250,
      val_loss: 1 / ((number % 90) + 1),
      f1: 0.5,
    },
    environment: { python: '3.12.0', platform: 'linux-x64' },
    code: { commit: null, head: null, branch: 'main', dirty: false },
    ...{ run: null, primary: { metric: 'val_accuracy', better: 'higher' } },
  };
}

/** Git in a folder, with somebody's name. @param {string} folder */
export function gitIn(folder) {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
  return (/** @type {string[]} */ ...words) =>
    execFileSync('git', [...identity, ...words], { cwd: folder, maxBuffer: 1 << 28 });
}

/** The command line of this checkout. @param {string} folder @param {string[]} words */
export function cairn(folder, ...words) {
  execFileSync(process.execPath, [path.join(root, 'dist', 'cli.js'), ...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
