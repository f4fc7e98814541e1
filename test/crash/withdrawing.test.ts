import { describe, test } from 'vitest';
import { CrashSite } from './crashSite';
import { failEverywhere } from './everyCall';
import { prepared, twoVersions } from './journey';

const site = new CrashSite('withdrawing');

describe('what takes away, failing at any of its calls', () => {
  test('dropping a version', async () => {
    await failEverywhere(site, await twoVersions(site), (project) =>
      project.drop({ reference: 'digits@v2', reason: 'wrong data' }),
    );
  });

  test('dropping a backup', async () => {
    const template = await prepared(site, await twoVersions(site), (project) =>
      project.rollback({ reference: 'digits@v1' }),
    );
    await failEverywhere(site, template, (project) => project.drop({ reference: 'digits@b1' }));
  });
});
