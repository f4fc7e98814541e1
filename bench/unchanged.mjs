// Committing again where nothing changed: 100 files of 50 MB, through the verb, each time in a project
// that was just opened and in one that stays open.
//
//   node bench/unchanged.mjs [FILES] [MEGABYTES] [RUNS]
//
// The files are sparse behind their first MB, so that making them takes no time.

import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { figure, median, scratch, seconds, table } from './measured.mjs';
import { ownModules } from './ownModules.mjs';

const [files = '100', megabytes = '50', runs = '9'] = process.argv.slice(2);
const { initializeProject, nodePlatform, openProject } = await ownModules('unchanged', {
  initializeProject: 'operations',
  nodePlatform: 'platform',
  openProject: 'operations',
});
const root = path.join(scratch(), 'project');
mkdirSync(path.join(root, 'weights'), { recursive: true });
const git = (/** @type {string[]} */ ...words) => execFileSync('git', words, { cwd: root });
git('init', '-q');
git('config', 'user.name', 'Ada');
git('config', 'user.email', 'ada@example.org');
writeFileSync(path.join(root, 'train.py'), 'LR = 0.1\n');
writeFileSync(path.join(root, '.gitignore'), 'weights/\n');
git('add', '-A');
git('commit', '-q', '-m', 'code');
for (let file = 0; file < Number(files); file += 1) {
  const name = path.join(root, 'weights', `part-${file}.bin`);
  writeFileSync(name, randomBytes(1_000_000));
  truncateSync(name, Number(megabytes) * 1_000_000);
  // Half seconds: what has whole ones may lie on a disk that knows no others, and is read again.
  utimesSync(name, 1_700_000_000.5, 1_700_000_000.5);
}

const platform = nodePlatform();
await initializeProject(platform, root);
const request = { model: 'large', files: ['weights'], message: 'again', confirmed: true };
const first = await openProject(platform, root);
const committing = await seconds(() => first.commit(request));
await first.close();

/** @param {any} project */
async function again(project) {
  const told = await project.commit(request).catch((/** @type {any} */ error) => error);
  if (told.code !== 'nothing-changed') throw told;
}
/** @type {number[]} */
const opened = [];
for (let round = 0; round < Number(runs); round += 1) {
  const project = await openProject(platform, root);
  opened.push(await seconds(() => again(project)));
  await project.close();
}
const staying = await openProject(platform, root);
const stayed = [];
for (let round = 0; round < Number(runs); round += 1) {
  stayed.push(await seconds(() => again(staying)));
}
await staying.close();
console.log(
  table([
    [`${files} files of ${megabytes} MB`, 's'],
    ['the first commit', committing.toFixed(2)],
    ['again, just opened', median(opened).toFixed(3)],
    ['again, still open', median(stayed).toFixed(3)],
  ]),
);
figure('commit again, nothing changed, s', median(opened), 0.25);
