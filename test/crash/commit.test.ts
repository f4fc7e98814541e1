import { describe, test } from 'vitest';
import { CrashSite } from './crashSite';
import { failEverywhere } from './everyCall';

const site = new CrashSite('commit');

describe('a commit that fails at any of its calls', () => {
  test('the first version', async () => {
    const template = site.sandbox.repository();
    await template.initialize(site.platform());
    await failEverywhere(site, template, (project) => project.commit({ message: 'first' }));
  });
});
