import { describe, expect, test } from 'vitest';
import type { Project } from '../../src/operations';
import { Sandbox, script } from './sandbox';

const sandbox = new Sandbox('undo');
const twoVersions = sandbox.once(async (workspace, project) => {
  await project.commit({ message: 'first', label: 'one' });
  workspace.train(2, 0.9);
  workspace.write({ 'train.py': script(0.2), 'new.py': 'new = 1\n' });
  await project.commit({ message: 'second' });
});

/** What undo may change: which versions there are, what they say, which is current, the files. */
async function stateOf(project: Project) {
  const { versions } = await project.log({});
  const { versions: backups } = await project.log({ backups: true });
  const told = versions.map(({ code: _, ...rest }) => rest);
  const { current } = (await project.overview()).models[0] ?? {};
  return { told, backups: backups.map(({ number }) => number), current };
}

describe('undo', () => {
  const verbs: Record<string, (project: Project) => Promise<unknown>> = {
    commit: (project) => project.commit({ message: 'third', allowEmpty: true }),
    update: (project) =>
      project.update({ reference: 'v2', reason: 'why', message: 'better', label: 'two' }),
    'dropping a version': (project) => project.drop({ reference: 'v1' }),
    'dropping the current version': (project) => project.drop({ reference: '@current' }),
    'dropping one revision': (project) => project.drop({ reference: 'v2.2' }),
  };
  for (const [name, verb] of Object.entries(verbs)) {
    test(`of ${name}, and of that undo, and so on`, async () => {
      const workspace = await twoVersions();
      await workspace.use(async (project) => {
        if (name.endsWith('revision')) {
          await project.update({ reference: 'v2', reason: 'why', message: 'better' });
        }
        const before = await stateOf(project);
        const files = workspace.files();
        await verb(project);
        const after = await stateOf(project);
        expect(after).not.toEqual(before);
        for (const expected of [before, after, before, after]) {
          expect(await project.undo({})).toMatchObject({ applied: true, backup: null });
          expect(await stateOf(project)).toEqual(expected);
        }
        expect(workspace.files()).toEqual(files);
        expect(await project.verify({ full: true })).toMatchObject({ problems: [] });
      });
    });
  }

  test('of a rollback, twice, each with a backup of its own', async () => {
    const workspace = await twoVersions();
    workspace.write({ 'notes.txt': 'in no version\n', 'train.py': script(0.9) });
    await workspace.use(async (project) => {
      const before = workspace.files();
      await project.rollback({ reference: 'v1', reason: 'worse' });
      const after = workspace.files();
      for (const [number, files] of [before, after, before, after].entries()) {
        const dry = await project.undo({ dryRun: true });
        const { plan, backup } = await project.undo({ reason: 'a change of mind' });
        expect(dry.plan).toEqual(plan);
        expect(backup).toBe(`digits@b${number + 2}`);
        expect(workspace.files()).toEqual(files);
      }
      expect((await stateOf(project)).current).toBe('digits@v1.1');
      const [last] = (await project.operations({})).operations;
      expect(last).toMatchObject({ kind: 'undo', reason: 'a change of mind', undoable: true });
      expect(await project.verify({ full: true })).toMatchObject({ problems: [] });
    });
  });

  test('goes by the last operation only, and asks again when the log moved on', async () => {
    const workspace = await twoVersions();
    await workspace.use(async (project) => {
      const [last] = (await project.operations({})).operations;
      await project.drop({ reference: 'v1' });
      await expect(project.undo({ operation: last?.id ?? 0 })).rejects.toMatchObject({
        code: 'undo-blocked',
      });
      await project.undo({});
      await project.commit({ message: 'third', allowEmpty: true });
      const { operations } = await project.operations({});
      expect(operations.filter(({ undoable }) => undoable).map(({ kind }) => kind)).toEqual([
        'commit',
      ]);
    });
  });

  test('of a dropped backup brings back what keeps it', async () => {
    const workspace = await twoVersions();
    const kept = () => workspace.git('for-each-ref', 'refs/cairn/backups');
    await workspace.use(async (project) => {
      await project.rollback({ reference: 'v1' });
      const before = kept();
      await project.drop({ reference: '@b1' });
      expect(kept()).toBe('');
      await project.undo({});
      expect(kept()).toBe(before);
      await project.rollback({ reference: '@b1' });
      expect(workspace.read('train.py')).toBe(script(0.2));
    });
  });
});
