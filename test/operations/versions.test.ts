import { chmodSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Project } from '../../src/operations';
import { Sandbox, safetensors, script } from './sandbox';

const sandbox = new Sandbox('versions');
const oneVersion = sandbox.once((_, project) => project.commit({ message: 'first', label: 'one' }));
const current = async (project: Project) => (await project.overview()).models[0]?.current;

describe('the current version', () => {
  test('follows an update of it, and no other', async () => {
    const workspace = await oneVersion();
    await workspace.use(async (project) => {
      workspace.train(2, 0.9);
      await project.commit({ message: 'second' });
      await project.update({ reference: 'v1', reason: 'why', message: 'not current' });
      expect(await current(project)).toBe('digits@v2.1');
      await project.update({ reference: 'v2', reason: 'why', message: 'current' });
      expect(await current(project)).toBe('digits@v2.2');
      expect((await project.revisions({ reference: 'v1' })).map((it) => it.description)).toEqual([
        ...['first', 'not current'],
      ]);
    });
  });

  test('stays when it is dropped; the same files then make a version again', async () => {
    const workspace = await oneVersion();
    await workspace.use(async (project) => {
      await project.drop({ reference: '@current', reason: 'wrong words' });
      expect(await current(project)).toBe('digits@v1.1');
      await expect(project.show({ reference: '@one' })).rejects.toMatchObject({
        code: 'no-such-version',
      });
      await expect(project.drop({ reference: 'v1' })).rejects.toMatchObject({
        code: 'version-withdrawn',
        data: { version: 'digits@v1.1', by: 'Ada', last: true },
      });
      await expect(project.update({ reference: 'v1', reason: 'x' })).rejects.toMatchObject({
        code: 'version-withdrawn',
      });
      // Its label is free, its number is not.
      const { version } = await project.commit({ message: 'right words', label: 'one' });
      expect(version).toMatchObject({ number: 2, label: 'one', parent: 'digits@v1.1' });
      await expect(project.drop({ reference: 'v1' })).rejects.toMatchObject({
        data: { last: false },
      });
      expect((await project.log({})).versions.map(({ number }) => number)).toEqual([2]);
      expect((await project.show({ reference: 'v1' })).warnings).toMatchObject([
        { code: 'withdrawn' },
      ]);
      expect(await project.verify({ full: true })).toMatchObject({ problems: [] });
    });
  });
});

describe('the versions that are good', () => {
  const limited = sandbox.once(async (workspace, project) => {
    const configuration = workspace.read('cairn.yaml');
    workspace.write({
      'cairn.yaml': configuration.replace('better: higher', 'better: higher\n    max_drop: 0.1'),
    });
    workspace.train(1, 0.8);
    await project.commit({ message: 'first' });
  });

  test('@best passes over metrics that are stale, @last-good over drops', async () => {
    const workspace = await limited();
    await workspace.use(async (project) => {
      workspace.train(2, 0.85);
      expect((await project.commit({ message: 'better' })).warnings).toEqual([]);
      workspace.train(3, 0.6);
      const dropped = await project.commit({ message: 'much worse' });
      expect(dropped.warnings).toMatchObject([{ code: 'metric-dropped' }]);
      workspace.train(4, 'NaN');
      const diverged = await project.commit({ message: 'diverged' });
      expect(diverged.warnings).toContainEqual(
        expect.objectContaining({ code: 'metric-not-finite' }),
      );
      // Other weights, and a metrics file that says more than ever but did not change with them.
      workspace.train(5, 0.99);
      await project.commit({ message: 'good' });
      workspace.write({ 'models/digits.safetensors': safetensors(6) });
      const stale = await project.commit({ message: 'stale' });
      expect(stale.warnings.map(({ code }) => code)).toContain('stale-metrics');
      expect((await project.show({ reference: '@best' })).version.number).toBe(5);
      expect((await project.show({ reference: '@last-good' })).version.number).toBe(5);
      await project.drop({ reference: 'v5' });
      expect((await project.show({ reference: '@best' })).version.number).toBe(2);
      expect((await project.show({ reference: '@last-good' })).version.number).toBe(2);
    });
  });
});

describe('the first version of a model', () => {
  test('over 2 GB is asked about before a byte of it is read', async () => {
    const workspace = sandbox.repository();
    await workspace.initialize();
    const path = 'models/digits.safetensors';
    const bytes = 2_100_000_000;
    truncateSync(join(workspace.root, path), bytes);
    const platform = sandbox.platform();
    let read = 0;
    const counting = {
      ...platform,
      disk: {
        ...platform.disk,
        openRead: async (file: string) => {
          const handle = await platform.disk.openRead(file);
          if (handle === null || !file.endsWith('.safetensors')) return handle;
          return {
            facts: () => handle.facts(),
            close: () => handle.close(),
            read: async (into: Uint8Array, offset: number) => {
              const length = await handle.read(into, offset);
              read += length;
              return length;
            },
          };
        },
      },
    };
    await workspace.use(async (project) => {
      await expect(project.commit({ message: 'first' })).rejects.toMatchObject({
        code: 'confirmation-needed',
        data: { bytes: expect.toSatisfy((told: number) => told >= bytes) },
      });
      expect(await project.log({})).toMatchObject({ total: 0 });
    }, counting);
    // The header, which tells what it is.
    expect(read).toBeLessThan(1_000_000);
  });
});

describe('branches of a model', () => {
  test('versions that were pulled are taken over, by drop and undo as well', async () => {
    const workspace = await oneVersion();
    const colleague = sandbox.copy(workspace);
    await colleague.use(async (project) => {
      colleague.write({ 'train.py': script(0.5) });
      await project.commit({ message: 'by a colleague' });
    });
    workspace.git('fetch', '-q', colleague.root, 'cairn/digits:cairn/digits');
    await workspace.use(async (project) => {
      await project.drop({ reference: 'v1', reason: 'a drop on top of what came in' });
      expect((await project.log({})).versions).toMatchObject([{ description: 'by a colleague' }]);
      const kinds = (await project.operations({})).operations.map(({ kind }) => kind);
      expect(kinds.slice(0, 2)).toEqual(['drop', 'adopt']);
      await project.undo({});
      expect((await project.log({})).total).toBe(2);
    });
  });

  test('one that was moved by hand refuses every writing verb', async () => {
    const workspace = await oneVersion();
    workspace.git('branch', '-q', '-f', 'cairn/digits', 'main');
    await workspace.use(async (project) => {
      const moved = { code: 'branch-moved', data: { branch: 'refs/heads/cairn/digits' } };
      await expect(project.commit({ message: 'x', allowEmpty: true })).rejects.toMatchObject(moved);
      await expect(
        project.update({ reference: 'v1', reason: 'x', message: 'y' }),
      ).rejects.toMatchObject(moved);
      await expect(project.drop({ reference: 'v1' })).rejects.toMatchObject(moved);
      await expect(project.undo({})).rejects.toMatchObject(moved);
      expect((await project.verify({})).problems).toMatchObject([{ code: 'branch-moved' }]);
    });
  });

  test('one that was deleted is put back by the next version', async () => {
    const workspace = await oneVersion();
    const tip = workspace.git('rev-parse', 'cairn/digits').trim();
    workspace.git('branch', '-q', '-D', 'cairn/digits');
    await workspace.use(async (project) => {
      await project.commit({ message: 'second', allowEmpty: true });
      expect(workspace.git('rev-parse', 'cairn/digits^').trim()).toBe(tip);
      expect(await project.verify({})).toMatchObject({ problems: [] });
    });
  });

  test('what Git or a hook refuses is found before anything is published', async () => {
    const workspace = sandbox.repository();
    await workspace.initialize();
    const refused = async (code: string) => {
      await workspace.use(async (project) => {
        await expect(project.commit({ message: 'first' })).rejects.toMatchObject({ code });
        expect(await project.log({})).toMatchObject({ total: 0 });
        expect((await project.operations({})).operations).toHaveLength(1);
        expect(await project.verify({})).toMatchObject({ problems: [] });
      });
    };
    workspace.git('branch', 'cairn/digits/taken');
    await refused('branch-name-blocked');
    workspace.git('branch', '-q', '-D', 'cairn/digits/taken');
    const hook = '.git/hooks/reference-transaction';
    workspace.write({ [hook]: '#!/bin/sh\n[ "$1" != prepared ] || ! grep -q heads/cairn/\n' });
    chmodSync(join(workspace.root, hook), 0o755);
    await refused('ref-refused');
  });
});

test('two remotes that know two versions by one label: one is taken in, the other told', async () => {
  const mine = await oneVersion();
  const theirs = sandbox.copy(mine);
  await mine.use((project) => project.commit({ message: 'a', label: 'good', allowEmpty: true }));
  await theirs.use(async (project) => {
    await project.commit({ message: 'b', allowEmpty: true });
    await project.commit({ message: 'c', label: 'good', allowEmpty: true });
  });
  const clone = sandbox.repository();
  for (const [name, { root }] of Object.entries({ mine, theirs })) {
    clone.git('fetch', '-q', root, `refs/heads/cairn/*:refs/remotes/${name}/cairn/*`);
  }
  await clone.initialize();
  await clone.use(async (project) => {
    expect(await project.rebuild()).toMatchObject({
      versions: 2,
      leftOut: [{ version: 'digits@v3.1', label: 'good', holder: 'digits@v2.1' }],
    });
    expect((await project.show({ reference: '@good' })).version.number).toBe(2);
    expect((await project.verify({})).problems).toEqual([]);
  });
});
