// What the artifact store must reach, all of it in one run: every figure beside its limit.
//
//   node bench/store.mjs DIRECTORY [RUNS]
//
// DIRECTORY has sequences of checkpoints named finetune, frozen, pretrain and full, as
// bench/checkpoints.mjs makes them; other folders are measured too, without a limit. The peers are
// measured on the same files in the same run; one that is not installed is named. Takes minutes, and
// 25 GB of space for a while (CAIRN_BENCH names where). Fails over a limit.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { table } from './measured.mjs';

const [directory, runs = '3'] = process.argv.slice(2);
if (directory === undefined) {
  console.error('Which directory? node bench/store.mjs DIRECTORY [RUNS]');
  process.exit(2);
}
const notes = path.join(mkdtempSync(path.join(os.tmpdir(), 'cairn-figures-')), 'figures');
const parts = [
  ['sequences.mjs', directory, runs],
  ['newFile.mjs', '512', runs],
  ['unchanged.mjs'],
  ['manyChunks.mjs'],
  ['memory.mjs', '20'],
];
for (const [script = '', ...words] of parts) {
  const file = path.join(import.meta.dirname, script);
  const env = { ...process.env, CAIRN_FIGURES: notes };
  const { status } = spawnSync(process.execPath, [file, ...words], { stdio: 'inherit', env });
  if (status !== 0) process.exitCode = 1;
}

/** @type {{ what: string, value: number, limit: number }[]} */
const figures = readFileSync(notes, 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line));
rmSync(path.dirname(notes), { recursive: true });
const rows = figures.map(({ what, value, limit }) => [
  ...[what, value.toFixed(3), limit.toFixed(3), value <= limit ? '' : 'over'],
]);
console.log(`\n${os.cpus().length} cores, load ${os.loadavg()[0]?.toFixed(1)} at the end`);
console.log(table([['', 'measured', 'at most', ''], ...rows]));
if (figures.some(({ value, limit }) => value > limit)) process.exitCode = 1;
