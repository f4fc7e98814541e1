import { describe, test } from 'vitest';
import { CrashSite } from './crashSite';
import { failEverywhere, inTurns, onlyKilled } from './everyCall';
import { prepared, twoVersions } from './journey';

const site = new CrashSite('undo');

describe('an undo that fails at any of its calls', () => {
  test('of a rollback', async () => {
    const template = await prepared(site, await twoVersions(site), (project) =>
      project.rollback({ reference: 'digits@v1' }),
    );
    await failEverywhere(site, template, (project) => project.undo({}), onlyKilled);
  });

  test('of a commit', async () => {
    await failEverywhere(site, await twoVersions(site), (project) => project.undo({}), inTurns);
  });
});
