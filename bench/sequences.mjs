// Sequences of checkpoints: what is kept of their bytes, and how long committing and restoring takes.
//
//   node bench/sequences.mjs DIRECTORY [RUNS]
//
// Each folder in DIRECTORY is a sequence of files, in the order of their names; bench/checkpoints.mjs
// makes some. Cairn's store and the peers get the same files in one run; times are medians. What the
// peers need to begin (a process for each version) counts, as it does for whoever uses them.

import { readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import {
  figure,
  filesIn,
  fresh,
  fsync,
  keepers,
  median,
  scratch,
  seconds,
  table,
} from './measured.mjs';

const [directory, runs = '3'] = process.argv.slice(2);
if (directory === undefined) {
  console.error('Which directory? node bench/sequences.mjs DIRECTORY [RUNS]');
  process.exit(2);
}
/** What may be kept of the bytes, by the sequence's name. @type {Record<string, number>} */
const mostKept = { finetune: 0.26, frozen: 0.19, pretrain: 0.74, full: 0.76 };
const place = scratch();
const measured = await keepers();

for (const sequence of filesIn(directory)) {
  if (!statSync(sequence).isDirectory()) continue;
  const files = filesIn(sequence);
  const raw = files.reduce((sum, file) => sum + statSync(file).size, 0);
  const figures = [];
  for (const keeper of measured) {
    const times = { commit: /** @type {number[]} */ ([]), restore: /** @type {number[]} */ ([]) };
    let kept = 0;
    for (let round = 0; round < Number(runs); round += 1) {
      const home = fresh(path.join(place, 'home'));
      await keeper.begin(home);
      times.commit.push(
        await seconds(async () => {
          for (const [version, file] of files.entries()) await keeper.commit(file, version);
        }),
      );
      kept = keeper.kept() / raw;
      times.restore.push(await restoreAll(keeper, files));
    }
    figures.push({
      name: keeper.name,
      kept,
      commit: median(times.commit),
      restore: median(times.restore),
    });
  }
  const [own] = figures;
  noteFigures(path.basename(sequence), figures);
  const rows = figures.map(({ name, kept, commit, restore }) => [
    ...[name, kept.toFixed(3), commit.toFixed(2), restore.toFixed(2)],
    ...[((own?.commit ?? 0) / commit).toFixed(2), ((own?.restore ?? 0) / restore).toFixed(2)],
  ]);
  console.log(`\n${path.basename(sequence)}: ${files.length} files, ${(raw / 1e6).toFixed(1)} MB`);
  console.log(
    table([
      ['', 'kept / raw', 'commit, s', 'restore, s', 'cairn / it, commit', 'restore'],
      ...rows,
    ]),
  );
}

/**
 * @param {string} name of the sequence
 * @param {{ name: string, kept: number, commit: number, restore: number }[]} figures Cairn's first
 */
function noteFigures(name, figures) {
  const [own, ...peers] = figures;
  if (own === undefined) return;
  figure(`${name}: kept / raw`, own.kept, mostKept[name]);
  for (const peer of peers) {
    const isMeant = name === 'finetune' && ['git-lfs', 'borg (lz4)'].includes(peer.name);
    if (isMeant) figure(`${name}: commit / ${peer.name}`, own.commit / peer.commit, 0.5);
    if (!peer.name.startsWith('borg')) continue;
    figure(`${name}: restore / ${peer.name}`, own.restore / peer.restore, 1);
  }
}

/** Restores every version, synced on both sides, and looks whether the bytes are the same. */
async function restoreAll(
  /** @type {import('./measured.mjs').Keeper} */ keeper,
  /** @type {string[]} */ files,
) {
  let total = 0;
  for (const [version, file] of files.entries()) {
    const back = path.join(place, 'back');
    rmSync(back, { force: true });
    total += await seconds(async () => {
      await keeper.restore(version, back);
      fsync(back);
    });
    if (!readFileSync(back).equals(readFileSync(file)))
      throw new Error(`${keeper.name} lost bytes`);
  }
  return total;
}
