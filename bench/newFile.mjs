// One new file of 512 MB: committing and restoring it, against the peers and against cp and sha256sum.
//
//   node bench/newFile.mjs [MEGABYTES] [RUNS]
//
// Half of it are weights in bfloat16, half is noise; each run has a file of its own.

import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import {
  figure,
  fresh,
  fsync,
  keepers,
  median,
  run,
  scratch,
  seconds,
  table,
} from './measured.mjs';

const [megabytes = '512', runs = '3'] = process.argv.slice(2);
const place = scratch();
const file = path.join(place, 'new.safetensors');

/** Numbers as weights have them, in bfloat16. @param {number} length in bytes */
function weights(length) {
  const floats = Float32Array.from(
    { length: length / 2 },
    () => (Math.random() + Math.random() - 1) * 0.05,
  );
  const words = new Uint16Array(floats.buffer);
  return Buffer.from(
    Uint16Array.from({ length: length / 2 }, (_, at) => words[2 * at + 1] ?? 0).buffer,
  );
}

function makeFile() {
  const piece = 8 << 20;
  const tensors = Math.floor((Number(megabytes) * 1e6) / piece);
  const header = Object.fromEntries(
    Array.from({ length: tensors }, (_, at) => [
      `tensor.${at}`,
      { dtype: 'BF16', shape: [piece / 2], data_offsets: [at * piece, (at + 1) * piece] },
    ]),
  );
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  rmSync(file, { force: true });
  const descriptor = openSync(file, 'w');
  writeSync(descriptor, Buffer.concat([length, text]));
  const like = weights(piece);
  for (let at = 0; at < tensors; at += 1) {
    like.writeUInt32LE(Math.floor(Math.random() * 2 ** 32), 1000);
    writeSync(descriptor, at % 2 === 0 ? like : randomFillSync(Buffer.alloc(piece)));
  }
  closeSync(descriptor);
}

/** @type {Map<string, { commit: number[], restore: number[] }>} */
const times = new Map();
/** @param {string} name @param {'commit' | 'restore'} what @param {number} time */
function note(name, what, time) {
  const known = times.get(name) ?? { commit: [], restore: [] };
  known[what].push(time);
  times.set(name, known);
}

const measured = await keepers();
for (let round = 0; round < Number(runs); round += 1) {
  makeFile();
  fsync(file);
  const back = path.join(place, 'back');
  for (const keeper of measured) {
    await keeper.begin(fresh(path.join(place, 'home')));
    note(keeper.name, 'commit', await seconds(() => keeper.commit(file, 0)));
    rmSync(back, { force: true });
    const restoring = seconds(async () => {
      await keeper.restore(0, back);
      fsync(back);
    });
    note(keeper.name, 'restore', await restoring);
  }
  rmSync(back, { force: true });
  const copying = seconds(() => {
    run('cp', ['--reflink=never', file, back], place);
    fsync(back);
  });
  note('cp', 'commit', await copying);
  note('cp', 'restore', times.get('cp')?.commit.at(-1) ?? 0);
  note('sha256sum', 'commit', await seconds(() => run('sha256sum', [file], place)));
  note('sha256sum', 'restore', times.get('sha256sum')?.commit.at(-1) ?? 0);
}
const own = times.get('cairn');
const rows = [...times].map(([name, { commit, restore }]) => [
  ...[name, median(commit).toFixed(2), median(restore).toFixed(2)],
  (median(own?.commit ?? []) / median(commit)).toFixed(2),
  (median(own?.restore ?? []) / median(restore)).toFixed(2),
]);
console.log(`\nOne new file of ${megabytes} MB, medians of ${runs}`);
console.log(table([['', 'commit, s', 'restore, s', 'cairn / it, commit', 'restore'], ...rows]));

/** @param {string} name @param {'commit' | 'restore'} what */
const secondsOf = (name, what) => median(times.get(name)?.[what] ?? []);
for (const [peer, limit] of /** @type {const} */ ([
  ['borg (lz4)', 0.8],
  ['git-lfs', 0.5],
])) {
  if (!times.has(peer)) continue;
  const ratio = secondsOf('cairn', 'commit') / secondsOf(peer, 'commit');
  figure(`${megabytes} MB: commit / ${peer}`, ratio, limit);
}
const copied = secondsOf('cp', 'restore');
figure(`${megabytes} MB: restore, s`, secondsOf('cairn', 'restore'), 1.5 * copied + 0.15);
