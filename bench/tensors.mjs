// How fast two weights files are compared tensor by tensor, beside NumPy doing the same sums in
// double precision: `node bench/tensors.mjs [MB] [--numpy PYTHON]`. Both read from the page cache.

import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = path.join(import.meta.dirname, '..');
const megabytes = Number(process.argv.find((word) => /^\d+$/.test(word)) ?? 537);
const at = process.argv.indexOf('--numpy');
const python = at > 0 ? process.argv[at + 1] : 'python3';
const runs = 5;

const folder = mkdtempSync(path.join(tmpdir(), 'cairn-bench-'));
try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main() {
  const elements = Math.floor((megabytes * 1e6) / 4);
  const [from, to] = ['a.bin', 'b.bin'].map((name) => path.join(folder, name));
  write(from, elements, 0);
  write(to, elements, 1e-3);
  const own = await ownFigures(from, to, elements);
  say(`cairn  ${text(own)}`);
  const numpy = numpyFigures(from, to);
  if (numpy === null) {
    say(`numpy  missing: "${python} -c 'import numpy'" fails; name another with --numpy`);
    return;
  }
  say(`numpy  ${text(numpy)}`);
  say(`faster by ${(numpy.seconds / own.seconds).toFixed(1)}`);
  for (const key of ['difference', 'from', 'to', 'product', 'largest']) {
    const off = Math.abs(own[key] - numpy[key]) / Math.abs(numpy[key]);
    say(`  ${key.padEnd(10)} ${own[key]}  relative difference ${off.toExponential(1)}`);
    if (!(off < 1e-9)) process.exitCode = 1;
  }
}

/** Values that no pattern repeats, from a small generator. */
function write(file, elements, noise) {
  const handle = openSync(file, 'w');
  const piece = new Float32Array(1 << 20);
  let state = 12345;
  for (let done = 0; done < elements; done += piece.length) {
    for (let index = 0; index < piece.length; index++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      piece[index] = state / 2 ** 32 - 0.5 + noise * ((state & 255) / 255);
    }
    writeSync(handle, piece, 0, Math.min(piece.length, elements - done) * 4);
  }
  closeSync(handle);
}

async function ownFigures(from, to, elements) {
  const options = { bundle: true, platform: 'node', format: 'cjs', logLevel: 'error' };
  const entries = { tensors: 'formats/tensorThread.ts', pool: 'formats/tensorPool.ts' };
  entries.platform = 'platform/index.ts';
  const entryPoints = Object.entries(entries).map(([out, file]) => ({
    in: path.join(root, 'src', file),
    out,
  }));
  await build({ ...options, entryPoints, outdir: folder, outExtension: { '.js': '.cjs' } });
  const load = (name) => import(pathToFileURL(path.join(folder, `${name}.cjs`)).href);
  const { runJobs } = (await load('pool')).default;
  const { nodePlatform } = (await load('platform')).default;
  const length = 4 << 20;
  const jobs = [];
  for (let first = 0; first < elements; first += length) {
    const side = (file) => ({ path: file, offset: first * 4, dtype: 'F32' });
    const count = Math.min(length, elements - first);
    jobs.push({ from: side(from), to: side(to), elements: count, always: false });
  }
  const script = path.join(folder, 'tensors.cjs');
  const times = [];
  let total = {};
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    const results = await runJobs(nodePlatform(), jobs, {}, script);
    times.push((performance.now() - start) / 1000);
    total = results.reduce((sum, one) => added(sum, one), {});
  }
  return { ...total, seconds: Math.min(...times) };
}

function added(sum, one) {
  const keys = ['difference', 'from', 'to', 'product'];
  const largest = Math.max(sum.largest ?? 0, one.largest);
  return { ...Object.fromEntries(keys.map((key) => [key, (sum[key] ?? 0) + one[key]])), largest };
}

function numpyFigures(from, to) {
  const code = `
import json, sys, time
import numpy as np
best = None
for _ in range(3):
    start = time.perf_counter()
    a = np.fromfile(sys.argv[1], "<f4").astype("f8")
    b = np.fromfile(sys.argv[2], "<f4").astype("f8")
    d = b - a
    found = {"difference": float(d @ d), "from": float(a @ a), "to": float(b @ b),
             "product": float(a @ b), "largest": float(np.abs(d).max()),
             "changed": int((a != b).sum()), "nan": int(np.isnan(a).sum() + np.isnan(b).sum())}
    found["seconds"] = time.perf_counter() - start
    if best is None or found["seconds"] < best["seconds"]:
        best = found
print(json.dumps(best))
`;
  const { status, stdout } = spawnSync(python, ['-c', code, from, to], { encoding: 'utf8' });
  return status === 0 ? JSON.parse(stdout) : null;
}

function text({ seconds }) {
  const rate = (2 * megabytes) / 1000 / seconds;
  return `${seconds.toFixed(3)} s for twice ${megabytes} MB, ${rate.toFixed(1)} GB/s`;
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
