// The most memory that committing and restoring one very large file takes.
//
//   node bench/memory.mjs [GIGABYTES] [GIGABYTES OF NEW WEIGHTS]
//
// Three files, each in a process of its own that has nothing but the store: weights in bfloat16 that
// repeat after 1 GB, so that they are large without taking as much in the store; the same bytes under a
// name that says nothing, cut by their content; and weights that do not repeat. What is done is said on
// the way, for it takes minutes.

import { spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import { figure, fresh, productScript, scratch, table } from './measured.mjs';

const [gigabytes = '20', newGigabytes = '4'] = process.argv.slice(2);
const tensorLength = 50_000_000;
/** After so many tensors they repeat. */
const different = 20;
const place = scratch();
const weights = path.join(place, 'large.safetensors');
const bytes = path.join(place, 'large.bin');
const script = await productScript();
const rows = [['', 'GB', 'commit, s', 'restore, s', 'most, MiB resident']];
makeFile(weights, gigabytes, different);
let most = measure('weights', gigabytes, weights, 'layout');
renameSync(weights, bytes);
most = Math.max(most, measure('only bytes', gigabytes, bytes, 'content'));
rmSync(bytes);
makeFile(weights, newGigabytes, Number.POSITIVE_INFINITY);
most = Math.max(most, measure('new weights', newGigabytes, weights, 'layout'));
console.log(table(rows));
figure(`${gigabytes} GB: MiB resident`, most, 300);

/** @param {string} what @param {string} size in GB @param {string} file @param {string} cut */
function measure(what, size, file, cut) {
  console.log(`${what}, ${size} GB: is stored and restored`);
  const home = fresh(path.join(place, 'home'));
  const words = [path.join(import.meta.dirname, 'storedOnce.mjs'), script, file, home, cut];
  const { stdout, status } = spawnSync(process.execPath, words, {
    ...{ encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  });
  if (status !== 0) throw new Error(`storing ${file} failed`);
  const { commit, restore, resident } = JSON.parse(stdout);
  rows.push([what, size, commit.toFixed(1), restore.toFixed(1), resident.toFixed(0)]);
  rmSync(home, { recursive: true });
  return resident;
}

/**
 * A safetensors file, written tensor by tensor.
 * @param {string} file @param {string} size in GB @param {number} repeats after so many tensors
 */
function makeFile(file, size, repeats) {
  console.log(`${size} GB of weights: are made`);
  const tensors = Math.max(1, Math.round((Number(size) * 1e9) / tensorLength));
  const entries = Array.from({ length: tensors }, (_, at) => {
    const data_offsets = [at * tensorLength, (at + 1) * tensorLength];
    return [`layer.${at}.weight`, { dtype: 'BF16', shape: [tensorLength / 2], data_offsets }];
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  /** @type {Buffer[]} */
  const pieces = [];
  const descriptor = openSync(file, 'w');
  for (const part of [length, header]) writeSync(descriptor, part);
  for (let at = 0; at < tensors; at += 1) {
    const place = at % repeats;
    const piece = pieces[place] ?? someWeights();
    if (tensors > repeats) pieces[place] = piece;
    writeSync(descriptor, piece);
  }
  closeSync(descriptor);
}

/** Exponents of few values, and noise below them. */
function someWeights() {
  const weights = randomFillSync(Buffer.alloc(tensorLength));
  for (let at = 1; at < weights.length; at += 2) weights[at] = 0x3a + ((weights[at] ?? 0) & 3);
  return weights;
}
