import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RollbackPart } from '../../src/core/plan';
import type { Project } from '../../src/operations';
import { Sandbox, safetensors, script, type Workspace } from './sandbox';

const sandbox = new Sandbox('rollback');
const weights = 'models/digits.safetensors';

/** Two versions; `new.py` and `only/second.py` are in the second alone. */
async function commitTwo(workspace: Workspace, project: Project): Promise<void> {
  await project.commit({ message: 'first' });
  workspace.train(2, 0.9);
  workspace.write({ 'train.py': script(0.2), 'new.py': 'new = 1\n', 'only/second.py': '2\n' });
  await project.commit({ message: 'second' });
}
const twoVersions = sandbox.once(commitTwo);

const toFirst = { reference: 'digits@v1' };
const mode = (workspace: Workspace, path: string) =>
  lstatSync(join(workspace.root, path)).mode & 0o777;

/** A rollback must be refused, by its dry run too, and change nothing. */
async function refused(
  workspace: Workspace,
  failure: object,
  platform = sandbox.platform(),
): Promise<void> {
  const before = workspace.files();
  await workspace.use(async (project) => {
    await expect(project.rollback(toFirst)).rejects.toMatchObject(failure);
    expect(workspace.files()).toEqual(before);
    expect((await project.log({ backups: true })).versions).toEqual([]);
    expect((await project.operations({})).operations[0]?.kind).toBe('commit');
    expect(await project.verify({})).toMatchObject({ problems: [] });
  }, platform);
}

describe('what a rollback writes and removes', () => {
  test('only what the current version holds goes; everything else is listed and kept', async () => {
    const workspace = await twoVersions();
    writeFileSync(join(workspace.root, 'cairn.yaml'), '# a line more\n', { flag: 'a' });
    workspace.write({
      'mine.py': 'mine = 1\n',
      'only/mine.txt': 'mine\n',
      'models/extra.bin': 'x',
    });
    await workspace.use(async (project) => {
      const { plan } = await project.rollback(toFirst);
      expect(plan.code).toContainEqual({ path: 'new.py', action: 'delete' });
      expect(plan.code).toContainEqual({ path: 'only/second.py', action: 'delete' });
      for (const path of ['mine.py', 'only/mine.txt']) {
        expect(plan.code).toContainEqual({ path, action: 'keep', why: 'not-in-current' });
      }
      expect(plan.code).toContainEqual({
        ...{ path: 'cairn.yaml', action: 'keep', why: 'configuration' },
      });
    });
    const files = workspace.files();
    expect(files).not.toHaveProperty(['new.py']);
    expect(files).not.toHaveProperty(['only/second.py']);
    expect(files).toHaveProperty(['mine.py']);
    expect(files).toHaveProperty(['only/mine.txt']);
    expect(files).toHaveProperty(['models/extra.bin']);
    expect(workspace.read('train.py')).toBe(script(0.1));
  });

  test('files become directories and the reverse; links, modes and read-only files come back', async () => {
    const workspace = sandbox.repository();
    await workspace.initialize();
    const put = (path: string, permissions: number) =>
      chmodSync(join(workspace.root, path), permissions);
    workspace.write({
      ...{ 'a-file': 'file\n', 'a-directory/inner/x.py': 'x\n', 'run.sh': '#!/bin/sh\n' },
      ...{ 'read-only.txt': 'one\n', 'plain.sh': 'no\n' },
    });
    put('run.sh', 0o755);
    put('read-only.txt', 0o444);
    symlinkSync('train.py', join(workspace.root, 'link.py'));
    await workspace.use(async (project) => {
      await project.commit({ message: 'first' });
      const first = workspace.files();
      for (const path of ['a-file', 'a-directory', 'link.py', 'read-only.txt']) {
        workspace.remove(path);
      }
      workspace.write({
        ...{ 'a-file/now/deep.py': 'deep\n', 'a-directory': 'now a file\n' },
        ...{ 'link.py': 'no link\n', 'read-only.txt': 'two\n' },
      });
      put('read-only.txt', 0o444);
      put('run.sh', 0o644);
      put('plain.sh', 0o755);
      await project.commit({ message: 'second' });
      const second = workspace.files();
      await project.rollback(toFirst);
      expect(workspace.files()).toEqual(first);
      expect(readlinkSync(join(workspace.root, 'link.py'))).toBe('train.py');
      expect(mode(workspace, 'run.sh')).toBe(0o755);
      await project.undo({});
      expect(workspace.files()).toEqual(second);
      await project.undo({});
      expect(workspace.files()).toEqual(first);
    });
  });

  test('another name of the same file (a hard link) outside keeps its content', async () => {
    const workspace = await twoVersions();
    const beside = join(sandbox.directory, 'linked');
    mkdirSync(beside);
    const paths = [weights, 'train.py', 'new.py'];
    const links = paths.map((path) => ({ path, name: join(beside, path.replaceAll('/', '-')) }));
    for (const { path, name } of links) linkSync(join(workspace.root, path), name);
    const contents = () => links.map(({ name }) => readFileSync(name, 'hex'));
    const before = contents();
    const second = workspace.files();
    await workspace.use(async (project) => {
      await project.rollback(toFirst);
      expect(workspace.read('train.py')).toBe(script(0.1));
      expect(contents()).toEqual(before);
      await project.undo({});
      expect(workspace.files()).toEqual(second);
      expect(contents()).toEqual(before);
    });
    for (const { name } of links) expect(lstatSync(name).nlink).toBe(1);
  });

  test('each part on its own, literals in the script included', async () => {
    const workspace = sandbox.repository({
      ...{ '.gitignore': 'models/\n', 'train.py': script(0.1), 'params.yaml': 'size: 1\n' },
      ...{ [weights]: safetensors(1), 'data/digits.csv': '1\n', 'lib.py': 'lib = 1\n' },
      'cairn.yaml': `models:
  digits:
    artifacts: ["models/*.safetensors"]
    parameters: ["train.py", "params.yaml"]
    datasets: [{ path: "data/digits.csv" }]
`,
    });
    await workspace.initialize();
    const second = {
      ...{ 'train.py': `${script(0.2)}# a comment\n`, 'params.yaml': 'size: 2\n' },
      ...{ [weights]: safetensors(2), 'data/digits.csv': '2\n', 'lib.py': 'lib = 2\n' },
    };
    await workspace.use(async (project) => {
      await project.commit({ message: 'first' });
      workspace.write(second);
      await project.commit({ message: 'second' });
    });
    const differing = async (part: RollbackPart) => {
      const copy = sandbox.copy(workspace);
      const before = copy.files();
      return copy.use(async (project) => {
        await project.rollback({ ...toFirst, only: [part] });
        const now = copy.files();
        expect(Object.keys(now)).toEqual(Object.keys(before));
        // A part alone does not make it another version.
        expect((await project.show({ reference: '@current' })).version.number).toBe(2);
        if (part === 'parameters') {
          expect(copy.read('train.py')).toBe(`${script(0.1)}# a comment\n`);
          expect(copy.read('params.yaml')).toBe('size: 1\n');
        }
        await project.undo({});
        expect(copy.files()).toEqual(before);
        return Object.keys(before).filter((path) => now[path] !== before[path]);
      });
    };
    expect(await differing('code')).toEqual(['lib.py', 'train.py']);
    expect(await differing('parameters')).toEqual(['params.yaml', 'train.py']);
    expect(await differing('artifacts')).toEqual([weights]);
    expect(await differing('data')).toEqual(['data/digits.csv']);
  });
});

describe('what a backup keeps', () => {
  test('filtered, ignored, large and assume-unchanged content comes back raw, with its mode', async () => {
    const workspace = sandbox.repository({
      ...{ '.gitattributes': '*.txt filter=upper\n', 'train.py': script(0.1) },
      ...{ [weights]: safetensors(1), 'filtered.txt': 'one\n', 'assumed.py': 'a = 1\n' },
      ...{ 'ignored.log': 'one\n', 'large.bin': 'small\n' },
    });
    workspace.git('config', 'filter.upper.clean', 'tr a-z A-Z');
    workspace.git('config', 'filter.upper.smudge', 'cat');
    await workspace.initialize();
    await workspace.use(async (project) => {
      await project.commit({ message: 'first' });
      workspace.git('update-index', '--assume-unchanged', 'assumed.py');
      workspace.git('rm', '-q', '--cached', 'ignored.log');
      workspace.write({
        ...{ '.gitignore': '*.log\n', 'filtered.txt': 'MiXed raw\n', 'assumed.py': 'a = 2\n' },
        ...{ 'ignored.log': 'two\n', 'large.bin': Buffer.alloc(10_500_000, 7) },
        ...{ [weights]: safetensors(5) },
      });
      chmodSync(join(workspace.root, 'assumed.py'), 0o600);
      const before = workspace.files();
      const { backup } = await project.rollback(toFirst);
      expect(workspace.read('assumed.py')).toBe('a = 1\n');
      expect(workspace.read('ignored.log')).toBe('one\n');
      expect(workspace.read('large.bin')).toBe('small\n');
      workspace.write({ 'train.py': 'after = 1\n' });
      await project.rollback({ reference: backup ?? '' });
      const { 'train.py': _, ...rest } = workspace.files();
      const { 'train.py': __, ...expected } = before;
      expect(rest).toEqual(expected);
      expect(workspace.read('train.py')).toBe('after = 1\n');
    });
  });

  test('files that the store has are not read again, and need no space of their own', async () => {
    const workspace = await twoVersions();
    // What a copy has lost: the files are known by their inodes.
    await workspace.use((project) => project.commit({ message: 'again', allowEmpty: true }));
    const before = readFileSync(join(workspace.root, weights));
    const opened: string[] = [];
    const platform = sandbox.platform();
    const watched = {
      ...platform,
      disk: {
        ...platform.disk,
        openRead: (path: string) => {
          opened.push(path);
          return platform.disk.openRead(path);
        },
      },
    };
    await workspace.use((project) => project.rollback(toFirst), watched);
    expect(opened.filter((path) => path.endsWith(`digits.safetensors`))).toEqual([]);
    await workspace.use((project) => project.undo({}));
    expect(readFileSync(join(workspace.root, weights))).toEqual(before);
  });

  test('what came to stand in the way meanwhile is kept in a backup of its own', async () => {
    const workspace = await twoVersions();
    const platform = sandbox.platform();
    const edited = {
      ...platform,
      disk: {
        ...platform.disk,
        // The user saves a file while others are being moved.
        rename: async (from: string, to: string) => {
          await platform.disk.rename(from, to);
          if (to.endsWith('history.json')) workspace.write({ 'train.py': 'saved = 1\n' });
        },
      },
    };
    await workspace.use(async (project) => {
      const { warnings } = await project.rollback(toFirst);
      expect(warnings).toContainEqual(expect.objectContaining({ code: 'files-rescued' }));
      expect(workspace.read('train.py')).toBe(script(0.1));
      await project.rollback({ reference: 'digits@b2' });
      expect(workspace.read('train.py')).toBe('saved = 1\n');
      expect(await project.verify({ full: true })).toMatchObject({ problems: [] });
    }, edited);
  });
});

describe('a rollback is refused before anything is touched', () => {
  test('where a directory would be replaced that holds what is not backed up', async () => {
    const workspace = sandbox.repository();
    await workspace.initialize();
    workspace.write({ cache: 'a file\n' });
    await workspace.use(async (project) => {
      await project.commit({ message: 'first' });
      workspace.remove('cache');
      workspace.write({ 'cache/code.py': 'x = 1\n', '.gitignore': 'models/\n*.npy\n' });
      await project.commit({ message: 'second' });
    });
    workspace.write({ 'cache/features.npy': 'ignored and in no version' });
    await refused(workspace, {
      code: 'path-occupied',
      data: { path: 'cache', by: ['cache/features.npy'] },
    });
  });

  test('during a merge, a rebase, a cherry-pick', async () => {
    for (const state of ['MERGE_HEAD', 'rebase-merge/done', 'CHERRY_PICK_HEAD']) {
      const workspace = await twoVersions();
      workspace.write({ [`.git/${state}`]: `${workspace.git('rev-parse', 'HEAD').trim()}\n` });
      await refused(workspace, { code: 'repository-busy' });
    }
  });

  test('through a symbolic link that leads out', async () => {
    const workspace = sandbox.repository();
    await workspace.initialize();
    workspace.write({ 'lib/deep/code.py': 'first = 1\n' });
    await workspace.use(async (project) => {
      await project.commit({ message: 'first' });
      workspace.write({ 'lib/deep/code.py': 'second = 1\n' });
      await project.commit({ message: 'second' });
    });
    const outside = join(sandbox.directory, 'outside');
    mkdirSync(join(outside, 'deep'), { recursive: true });
    writeFileSync(join(outside, 'deep/code.py'), 'outside\n');
    workspace.remove('lib');
    symlinkSync(outside, join(workspace.root, 'lib'));
    // The link is in no version, so the rollback may not take it away.
    await refused(workspace, { code: 'path-leads-out' });
    expect(readFileSync(join(outside, 'deep/code.py'), 'utf8')).toBe('outside\n');
  });

  test('with too little space, with both numbers', async () => {
    const workspace = await twoVersions();
    workspace.train(7, 0.5);
    const platform = sandbox.platform();
    const free = 16 * 1024 * 1024 + 600;
    const small = { ...platform, disk: { ...platform.disk, freeSpace: async () => free } };
    // Staged and backed up, on one disk: more than either alone.
    const needed = 16 * 1024 * 1024 + 2 * safetensors(1).length + backedUp(workspace);
    await refused(workspace, { code: 'disk-full', data: { needed, free } }, small);
  });

  test('with a model file that is missing or damaged, naming the versions that still have it', async () => {
    const workspace = await twoVersions();
    await workspace.use(async (project) => {
      workspace.train(3, 0.95);
      await project.commit({ message: 'third' });
      const [file] = (await project.show(toFirst)).version.files;
      const object = `.git/cairn/artifacts/recipes/${file?.sha256.slice(0, 2)}/${file?.sha256}`;
      const absolute = join(workspace.root, object);
      const versions = ['digits@v3', 'digits@v2'];
      const data = { path: weights, versions };
      const before = workspace.files();
      rmSync(absolute);
      await expect(project.rollback({ ...toFirst, dryRun: true })).rejects.toMatchObject({
        ...{ code: 'artifact-missing', data },
      });
      await expect(project.rollback(toFirst)).rejects.toMatchObject({
        ...{ code: 'artifact-missing', data },
      });
      workspace.write({ [object]: 'short' });
      await expect(project.rollback(toFirst)).rejects.toMatchObject({
        ...{ code: 'artifact-damaged', data },
      });
      // Of the right length, so that only reading it shows.
      workspace.write({ [object]: Buffer.alloc(safetensors(1).length) });
      await expect(project.rollback(toFirst)).rejects.toMatchObject({
        ...{ code: 'artifact-damaged', data },
      });
      expect(workspace.files()).toEqual(before);
    });
  });
});

/** Bytes of the files that going back to the first version overwrites or deletes. */
function backedUp(workspace: Workspace): number {
  const paths = ['train.py', 'metrics.json', 'history.json', 'new.py', 'only/second.py'];
  return paths.reduce((sum, path) => sum + workspace.bytes(path).length, 0);
}
