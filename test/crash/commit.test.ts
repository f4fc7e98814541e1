import { describe, test } from 'vitest';
import { safetensors } from '../operations/sandbox';
import { CrashSite } from './crashSite';
import { failEverywhere } from './everyCall';
import { twoVersions } from './journey';

const site = new CrashSite('commit');

describe('what makes versions, failing at any of its calls', () => {
  test('the first commit', async () => {
    const template = site.sandbox.repository();
    await template.initialize(site.platform());
    await failEverywhere(site, template, (project) => project.commit({ message: 'first' }));
  });

  test('an update with another model file', async () => {
    const template = await twoVersions(site);
    template.write({ 'models/other.safetensors': safetensors(9) });
    await failEverywhere(site, template, (project) =>
      project.update({
        reference: 'digits@v2',
        reason: 'the right file',
        files: ['models/other.safetensors'],
        metrics: { val_accuracy: 0.8 },
      }),
    );
  });
});
