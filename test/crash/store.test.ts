import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import type { Project } from '../../src/operations';
import { safetensors, type Workspace } from '../operations/sandbox';
import { CrashSite } from './crashSite';
import { failEverywhere, onlyKilled, usual } from './everyCall';

const site = new CrashSite('store');
const weights = 'models/digits.safetensors';
/** Too long for a recipe, so that they are in packs. */
const model = (seed: number) => safetensors(seed, 10_000);
/** What is done to the store; Git and the database fail in other tests. */
const ofTheStore = /cairn\/(?:artifacts|tmp)\b/;

async function twoModels(): Promise<Workspace> {
  const workspace = site.sandbox.repository();
  await workspace.initialize(site.platform());
  await at(workspace, async (project) => {
    for (const seed of [1, 2]) {
      workspace.write({ [weights]: model(seed) });
      await project.commit({ message: `of ${seed}` });
    }
  });
  return workspace;
}

async function at(workspace: Workspace, use: (project: Project) => Promise<unknown>) {
  const project = await site.open(workspace);
  await use(project);
  await project.close();
}

/** Turns the store into one of whole files, as an older Cairn would have left it. */
async function asWholeFiles(workspace: Workspace): Promise<void> {
  const store = join(workspace.root, '.git/cairn/artifacts');
  await at(workspace, async (project) => {
    for (const seed of [1, 2]) {
      const { version } = await project.show({ reference: `digits@v${seed}` });
      const { sha256 = '' } = version.files.find(({ path }) => path === weights) ?? {};
      rmSync(join(store, 'recipes', sha256.slice(0, 2), sha256));
      mkdirSync(join(store, sha256.slice(0, 2)), { recursive: true });
      writeFileSync(join(store, sha256.slice(0, 2), sha256), model(seed), { mode: 0o444 });
    }
  });
  rmSync(join(store, 'packs'), { recursive: true });
}

describe('the store, failing at any call that it makes of the disk', () => {
  test('writing packs', async () => {
    const template = await twoModels();
    template.write({ [weights]: model(3) });
    const commit = (project: Project) => project.commit({ message: 'third' });
    await failEverywhere(site, template, commit, { ...onlyKilled, among: ofTheStore });
  });

  test('collecting garbage', async () => {
    const template = await twoModels();
    await at(template, (project) => project.drop({ reference: 'digits@v1', reason: 'wrong' }));
    const collect = (project: Project) => project.gc({ hours: 0 });
    await failEverywhere(site, template, collect, { ...usual, among: ofTheStore });
  });

  test('taking over an older store', async () => {
    const template = await twoModels();
    await asWholeFiles(template);
    const drop = (project: Project) => project.drop({ reference: 'digits@v1', reason: 'wrong' });
    await failEverywhere(site, template, drop, { ...onlyKilled, among: ofTheStore });
  });
});
