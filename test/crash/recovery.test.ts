import { describe, expect, test } from 'vitest';
import type { WriteCall } from '../../src/platform';
import { CrashSite } from './crashSite';
import { failEverywhere, failInitializing, failRecovering, inTurns, killedAt } from './everyCall';
import { prepared, twoVersions } from './journey';

const site = new CrashSite('recovery');

/** The moment in which the references of a verb are about to move: the history knows of it. */
const refMoves = ({ kind, target }: WriteCall) =>
  kind === 'process.run' && target.endsWith('< commit');
const isWorkingFile = ({ target }: WriteCall) => !target.includes('/.git/');
const nth = (count: number, isMeant: (call: WriteCall) => boolean) => {
  let left = count;
  return (call: WriteCall) => isMeant(call) && --left === 0;
};
const rollback = { reference: 'digits@v1' };

describe('the end of what was interrupted, failing at any of its calls', () => {
  test('a commit whose branch had not moved', async () => {
    const template = await twoVersions(site);
    const left = await killedAt(site, template, (p) => p.commit({ message: 'third' }), refMoves);
    const { records } = await failRecovering(site, left);
    expect(JSON.stringify(records)).toContain('third');
  });

  test('a backup that was being dropped', async () => {
    const template = await prepared(site, await twoVersions(site), (p) => p.rollback(rollback));
    const left = await killedAt(site, template, (p) => p.drop({ reference: '@b1' }), refMoves);
    const { refs } = await failRecovering(site, left);
    expect(refs).not.toContain('backups');
  });

  test('a rollback that was staging its files', async () => {
    const template = await twoVersions(site);
    const isStaged = nth(4, (call) => call.kind === 'disk.create' && isWorkingFile(call));
    const left = await killedAt(site, template, (p) => p.rollback(rollback), isStaged);
    expect(Object.keys(left.files()).join()).toContain('.cairn-');
    const { files } = await failRecovering(site, left);
    expect(files).toEqual(template.files());
  });

  test('a rollback that had not begun to move files', async () => {
    const template = await twoVersions(site);
    const left = await killedAt(site, template, (p) => p.rollback(rollback), refMoves);
    await failRecovering(site, left);
  });

  test('a rollback that was moving files, and was tidied up after', async () => {
    const template = await twoVersions(site);
    const isMoving = nth(3, (call) => call.kind === 'disk.rename' && isWorkingFile(call));
    const left = await killedAt(site, template, (p) => p.rollback(rollback), isMoving);
    left.git('clean', '-q', '-x', '-d', '-f', '--', '**/.cairn-*', '.cairn-*');
    expect(Object.keys(left.files()).join()).not.toContain('.cairn-');
    const { files } = await failRecovering(site, left);
    const whole = site.sandbox.copy(template);
    await prepared(site, whole, (p) => p.rollback(rollback));
    expect(files).toEqual(whole.files());
  });
});

describe('what makes a database, failing at any of its calls', () => {
  test('making a project of a clone', async () => {
    const template = await twoVersions(site);
    const clone = site.clone(template);
    await failInitializing(site, clone);
  });

  test('a rebuild', async () => {
    await failEverywhere(site, await twoVersions(site), (project) => project.rebuild(), inTurns);
  });
});
