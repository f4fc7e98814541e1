import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isProjectPath, requireParentsInside, resolveInside } from '../../src/workspace';
import { platform, projectFolder, removeFolders } from './projectFolder';

afterAll(removeFolders);

describe('paths of the project', () => {
  let root = '';
  let outside = '';
  beforeAll(async () => {
    outside = await projectFolder({ 'secret.pt': 'x', 'dir/a.pt': 'x' });
    root = await projectFolder({
      'models/a.pt': 'x',
      'models/inner': { link: '../data' },
      'data/d.csv': 'x',
      out: { link: outside },
      'leak.pt': { link: join(outside, 'secret.pt') },
      dangling: { link: 'nowhere' },
      loop: { link: 'loop' },
      '.git/config': 'x',
      file: 'x',
    });
  });

  it('gives them relative, with forward slashes', async () => {
    const given = [
      'models/a.pt',
      './models//a.pt',
      'models/../models/a.pt',
      join(root, 'models/a.pt'),
    ];
    for (const path of given) expect(await resolveInside(platform, root, path)).toBe('models/a.pt');
    expect(await resolveInside(platform, root, 'models/inner/d.csv')).toBe('models/inner/d.csv');
    expect(await resolveInside(platform, root, 'models/')).toBe('models');
  });

  it('knows the root by another name', async () => {
    const alias = join(await projectFolder(), 'alias');
    await symlink(root, alias);
    expect(await resolveInside(platform, root, join(alias, 'models/a.pt'))).toBe('models/a.pt');
    expect(await resolveInside(platform, alias, join(root, 'models/a.pt'))).toBe('models/a.pt');
  });

  it.each([
    ['../x', 'path-outside'],
    ['/etc/hosts', 'path-outside'],
    ['.', 'path-outside'],
    ['.git/config', 'path-outside'],
    ['out/secret.pt', 'path-leads-out'],
    ['leak.pt', 'path-leads-out'],
    ['models/none.pt', 'no-such-file'],
    ['models/a.pt/below', 'no-such-file'],
    ['dangling', 'no-such-file'],
    ['a\0b', 'no-such-file'],
  ])('refuses %j: %s', async (path, code) => {
    await expect(resolveInside(platform, root, path)).rejects.toMatchObject({ code });
  });

  it('lets nothing be written through a parent that leads out or is no directory', async () => {
    for (const path of [
      'new.pt',
      'models/new.pt',
      'deep/er/new.pt',
      'models/inner/new.csv',
      'out',
    ]) {
      await requireParentsInside(platform, root, path);
    }
    const refused = async (path: string, code: string) =>
      expect(requireParentsInside(platform, root, path)).rejects.toMatchObject({ code });
    await refused('out/new.pt', 'path-leads-out');
    await refused('out/dir/new.pt', 'path-leads-out');
    await refused('file/new.pt', 'path-occupied');
    await refused('dangling/new.pt', 'path-occupied');
    await refused('../new.pt', 'path-outside');
    await refused('.GIT/hooks/post-checkout', 'path-outside');
  });

  it('refuses a link into the repository’s own directory', async () => {
    const folder = await projectFolder({ hooks: { link: '.git/hooks' } });
    await mkdir(join(folder, '.git/hooks'), { recursive: true });
    await expect(requireParentsInside(platform, folder, 'hooks/x')).rejects.toMatchObject({
      code: 'path-leads-out',
    });
  });

  it('knows names that a file system reads otherwise', () => {
    const good = ['a', 'a/b.pt', '.gitignore', 'a..b', '.github/x', 'a:b', 'a\\b', 'con'];
    const bad = [
      '',
      '/a',
      'a/',
      'a//b',
      './a',
      'a/../b',
      '..',
      'a\0',
      '.Git/x',
      'x/git~1',
      '.g\u200cit',
      '.git. /x',
      '.git::$INDEX_ALLOCATION/x',
    ];
    for (const path of good) expect([path, isProjectPath(path, 'linux-x64')]).toEqual([path, true]);
    for (const path of bad) expect([path, isProjectPath(path, 'linux-x64')]).toEqual([path, false]);
    for (const path of ['a:b', 'a\\b', 'con', 'aux.txt', 'x.', 'x /y']) {
      expect([path, isProjectPath(path, 'win32-x64')]).toEqual([path, false]);
    }
  });
});
