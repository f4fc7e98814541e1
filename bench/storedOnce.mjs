// Stores one file and restores it in a process that does nothing else, for bench/memory.mjs.
//
//   node bench/storedOnce.mjs PRODUCT FILE HOME layout|content
//
// Prints JSON: seconds of both, and the most memory that the process had, in MiB. What is done so far
// goes to standard error, every gigabyte.

import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const [script = '', file = '', home = '', cut] = process.argv.slice(2);
const product = createRequire(import.meta.url)(script);
const directory = path.join(home, 'artifacts');
const store = product.openArtifactStore(product.nodePlatform(), directory, path.join(home, 'tmp'));
const begun = performance.now();
const layout = cut === 'layout' ? await product.layoutOf(file) : null;
const { sha256 } = await store.put(file, telling(), { layout });
const stored = performance.now();
const back = path.join(home, 'back');
await store.restore(sha256, back, 0o644, telling());
const restored = performance.now();
rmSync(back);
const [commit, restore] = [(stored - begun) / 1000, (restored - stored) / 1000];
console.log(JSON.stringify({ commit, restore, resident: mostResident() }));

/** Says every gigabyte how far it is. */
function telling() {
  const start = performance.now();
  let said = 0;
  /** @param {{ phase: string, done: number }} reached */
  const progress = ({ phase, done }) => {
    if (done - said < 1e9) return;
    said = done;
    const rate = done / 1e3 / (performance.now() - start);
    process.stderr.write(`\r${phase} ${(done / 1e9).toFixed(0)} GB, ${rate.toFixed(0)} MB/s   `);
  };
  return { progress };
}

/** In MiB. What `getrusage` says begins with that of the process that started this one. */
function mostResident() {
  const status = '/proc/self/status';
  const said = existsSync(status) && /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8'));
  return (said ? Number(said[1]) : process.resourceUsage().maxRSS) / 1024;
}
