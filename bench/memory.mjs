// The most memory that committing and restoring one very large file takes.
//
//   node bench/memory.mjs [GIGABYTES]
//
// Two files, each in a process of its own that has nothing but the store: weights in bfloat16 that
// repeat after 1 GB, so that they are large without taking as much in the store; and the same bytes
// under a name that says nothing, cut by their content.

import { spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { figure, fresh, productScript, scratch, table } from './measured.mjs';

const [gigabytes = '20'] = process.argv.slice(2);
const tensorLength = 50_000_000;
const tensors = Math.max(1, Math.round((Number(gigabytes) * 1e9) / tensorLength));
const different = 20;
const place = scratch();
const weights = path.join(place, 'large.safetensors');
const bytes = path.join(place, 'large.bin');
makeFile(weights);

const script = await productScript();
const rows = [[`${gigabytes} GB`, 'commit, s', 'restore, s', 'most, MiB resident']];
let most = measure(weights, 'weights', 'layout');
renameSync(weights, bytes);
most = Math.max(most, measure(bytes, 'only bytes', 'content'));
console.log(table(rows));
figure(`${gigabytes} GB: MiB resident`, most, 300);

/** @param {string} file @param {string} what @param {string} cut */
function measure(file, what, cut) {
  const home = fresh(path.join(place, 'home'));
  const words = [path.join(import.meta.dirname, 'storedOnce.mjs'), script, file, home, cut];
  const { stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const { commit, restore, resident } = JSON.parse(stdout);
  rows.push([what, commit.toFixed(1), restore.toFixed(1), resident.toFixed(0)]);
  return resident;
}

/** A safetensors file, written tensor by tensor. @param {string} file */
function makeFile(file) {
  const entries = Array.from({ length: tensors }, (_, at) => {
    const data_offsets = [at * tensorLength, (at + 1) * tensorLength];
    return [`layer.${at}.weight`, { dtype: 'BF16', shape: [tensorLength / 2], data_offsets }];
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const pieces = Array.from({ length: Math.min(different, tensors) }, someWeights);
  const descriptor = openSync(file, 'w');
  for (const part of [length, header]) writeSync(descriptor, part);
  for (let at = 0; at < tensors; at += 1) {
    writeSync(descriptor, /** @type {Buffer} */ (pieces[at % different]));
  }
  closeSync(descriptor);
}

/** Exponents of few values, and noise below them. */
function someWeights() {
  const weights = randomFillSync(Buffer.alloc(tensorLength));
  for (let at = 1; at < weights.length; at += 2) weights[at] = 0x3a + ((weights[at] ?? 0) & 3);
  return weights;
}
