// The most memory that committing and restoring one very large file takes.
//
//   node bench/memory.mjs [GIGABYTES]
//
// The file repeats 64 MB of noise, so that it is large without taking as much in the store.

import { randomBytes } from 'node:crypto';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { cairn, figure, fresh, scratch, seconds } from './measured.mjs';

const [gigabytes = '20'] = process.argv.slice(2);
const place = scratch();
const file = path.join(place, 'large.bin');
makeFile();

const keeper = await cairn();
await keeper.begin(fresh(path.join(place, 'home')));
const commit = await seconds(() => keeper.commit(file, 0));
rmSync(file);
const restore = await seconds(() => keeper.restore(0, file));
const most = process.resourceUsage().maxRSS / 1024;
console.log(
  `${gigabytes} GB: committed in ${commit.toFixed(1)} s, restored in ${restore.toFixed(1)} s`,
);
console.log(`at most ${most.toFixed(0)} MiB resident`);
figure(`${gigabytes} GB: MiB resident`, most, 300);

/** Lets go of its memory again. */
function makeFile() {
  const piece = randomBytes(64_000_000);
  const descriptor = openSync(file, 'w');
  for (let done = 0; done < Number(gigabytes) * 1e9; done += piece.length)
    writeSync(descriptor, piece);
  closeSync(descriptor);
}
