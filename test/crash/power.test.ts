import { describe, test } from 'vitest';
import { safetensors } from '../operations/sandbox';
import { CrashSite, deep } from './crashSite';
import { losePowerEverywhere } from './everyCall';
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

  // Its steps are those of the rollback.
  test.runIf(deep)('in the undo of a rollback', async () => {
    const template = await prepared(site, await twoVersions(site), (project) =>
      project.rollback({ reference: 'digits@v1' }),
    );
    await losePowerEverywhere(site, template, (project) => project.undo({}));
  });
});
