import { describe, test } from 'vitest';
import { CrashSite } from './crashSite';
import { failEverywhere } from './everyCall';
import { twoVersions } from './journey';

const site = new CrashSite('rollback');

describe('a rollback that fails at any of its calls', () => {
  test('to the version before, with changes in no version', async () => {
    const template = await twoVersions(site);
    await failEverywhere(site, template, (project) =>
      project.rollback({ reference: 'digits@v1', reason: 'worse' }),
    );
  });
});
