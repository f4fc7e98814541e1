import { describe, test } from 'vitest';
import type { Project } from '../../src/operations';
import { safetensors, type Workspace } from '../operations/sandbox';
import { CrashSite } from './crashSite';
import { losePowerEverywhere, onlyEnded } from './everyCall';
import { prepared, twoVersions } from './journey';

const site = new CrashSite('power');

describe('when the power fails, what was not synced is lost, and nothing else', () => {
  test('in a commit', async () => {
    const template = await twoVersions(site);
    // One that is in a pack, beside those that are in their recipes.
    template.write({ 'models/digits.safetensors': safetensors(8, 10_000) });
    await losePowerEverywhere(site, template, (project) => project.commit({ message: 'third' }));
  });

  test('in a rollback', async () => {
    const template = await twoVersions(site);
    await losePowerEverywhere(site, template, (project) =>
      project.rollback({ reference: 'digits@v1' }),
    );
  });

  // The steps of the others are those of these two; the deep form tries them all the same.
  test('in the undo of a rollback', async () => {
    const template = await rolledBack();
    await losePowerEverywhere(site, template, (project) => project.undo({}), onlyEnded);
  });

  test('in an update', async () => {
    const template = await twoVersions(site);
    template.write({ 'models/other.safetensors': safetensors(9, 10_000) });
    const request = {
      ...{ reference: 'digits@v2', reason: 'the right file' },
      files: ['models/other.safetensors'],
    };
    await losePowerEverywhere(site, template, (project) => project.update(request), onlyEnded);
  });

  test('in dropping a version, and a backup', async () => {
    const request = { reference: 'digits@v2', reason: 'wrong data' };
    const version = await twoVersions(site);
    await losePowerEverywhere(site, version, (project) => project.drop(request), onlyEnded);
    const backup = { reference: 'digits@b1' };
    const drop = (project: Project) => project.drop(backup);
    await losePowerEverywhere(site, await rolledBack(), drop, onlyEnded);
  });

  test('in a rebuild', async () => {
    const template = await twoVersions(site);
    await losePowerEverywhere(site, template, (project) => project.rebuild(), onlyEnded);
  });

  test('in taking back a commit', async () => {
    const template = await twoVersions(site);
    await losePowerEverywhere(site, template, (project) => project.undo({}), onlyEnded);
  });
});

async function rolledBack(): Promise<Workspace> {
  return prepared(site, await twoVersions(site), (project) =>
    project.rollback({ reference: 'digits@v1' }),
  );
}
