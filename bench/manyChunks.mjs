// Committing one small file to a store of 50,000 chunks, and to one of 50: it should make no
// difference. Each commit opens the store anew, as a command does.
//
//   node bench/manyChunks.mjs [CHUNKS] [RUNS]

import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { figure, loadProduct, median, scratch, seconds, table } from './measured.mjs';

const [chunks = '50000', runs = '101'] = process.argv.slice(2);
const place = scratch();
const product = await loadProduct();
const length = 2000;

/** @param {string} home */
function open(home) {
  const platform = product.nodePlatform();
  return product.openArtifactStore(platform, path.join(home, 'artifacts'), path.join(home, 'tmp'));
}

/**
 * A file of many tensors, each too large to lie with a neighbour, and small in the store, so that there
 * is room for half a million.
 * @param {number} count
 */
function manyTensors(count) {
  const each = 33_000;
  const file = path.join(place, 'many');
  const bytes = Buffer.alloc(each * count);
  for (let at = 0; at < bytes.length; at += each) randomBytes(64).copy(bytes, at);
  writeFileSync(file, bytes);
  const layout = Array.from({ length: count }, (_, at) => ({
    ...{ name: `t${at}`, dtype: 'U8', elementBytes: 1, offset: at * each, length: each },
  }));
  return { file, layout };
}

/** @type {[number, string, number[]][]} */
const stores = [];
for (const count of [50, Number(chunks)]) {
  const home = path.join(place, `store-${count}`);
  const store = open(home);
  for (let done = 0; done < count; done += Math.min(count, length)) {
    const { file, layout } = manyTensors(Math.min(count - done, length));
    await store.put(file, undefined, { layout });
  }
  stores.push([count, home, []]);
}
// By turns, so that whatever else the machine does slows down both.
for (let round = 0; round < Number(runs); round += 1) {
  for (const [count, home, times] of round % 2 === 0 ? stores : stores.toReversed()) {
    const file = path.join(place, `small-${count}-${round}`);
    writeFileSync(file, randomBytes(40_000));
    await new Promise((resolve) => setTimeout(resolve, 50));
    times.push(await seconds(() => open(home).put(file)));
  }
}
const medians = stores.map(([, , times]) => median(times));
const rows = stores.map(([count, , times]) => [String(count), (median(times) * 1000).toFixed(1)]);
console.log(table([['chunks in the store', 'commit, ms'], ...rows]));
// What is slower by less than the clock tells is no slower.
figure(`commit, ${chunks} chunks / 50`, (medians[1] ?? 0) / (medians[0] ?? 1), 1.1);
console.log(`ratio ${((medians[1] ?? 0) / (medians[0] ?? 1)).toFixed(2)}`);
