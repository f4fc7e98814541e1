import { describe, test } from 'vitest';
import type { Project } from '../../src/operations';
import { CrashSite } from './crashSite';
import { failEverywhere, inTurns } from './everyCall';
import { prepared, twoVersions } from './journey';

const site = new CrashSite('withdrawing');

describe('what takes away, failing at any of its calls', () => {
  test('dropping a version', async () => {
    const drop = (project: Project) =>
      project.drop({ reference: 'digits@v2', reason: 'wrong data' });
    await failEverywhere(site, await twoVersions(site), drop, inTurns);
  });

  test('dropping a backup', async () => {
    const template = await prepared(site, await twoVersions(site), (project) =>
      project.rollback({ reference: 'digits@v1' }),
    );
    const drop = (project: Project) => project.drop({ reference: 'digits@b1' });
    await failEverywhere(site, template, drop, inTurns);
  });
});
