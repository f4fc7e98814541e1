import { afterAll, describe, expect, it } from 'vitest';
import { expand } from '../../src/workspace';
import { platform, projectFolder, removeFolders } from './projectFolder';

afterAll(removeFolders);

const pathsOf = async (root: string, globs: string[]) =>
  (await expand(platform, root, globs)).files.map(({ path }) => path);

describe('expanding globs', () => {
  it('finds files with their size and time, sorted, and says which were named', async () => {
    const root = await projectFolder({
      'm/b.pt': { age: 10, bytes: 3 },
      'm/a.pt': 'xx',
      'x.py': '',
    });
    const { files, missing, truncated } = await expand(platform, root, [
      'm/*.pt',
      'm/b.pt',
      'm/c.pt',
    ]);
    expect(files).toEqual([
      { path: 'm/a.pt', size: 2, modified: expect.any(BigInt), named: false },
      {
        path: 'm/b.pt',
        size: 3,
        modified: BigInt(Date.UTC(2026, 0, 1) - 10_000) * 1_000_000n,
        named: true,
      },
    ]);
    expect([missing, truncated]).toEqual([['m/c.pt'], false]);
  });

  it('looks into the directories of tools only where they are named', async () => {
    const root = await projectFolder({
      'a.pt': '',
      'node_modules/x/b.pt': '',
      'mlruns/0/c.pt': '',
      '.venv/d.pt': '',
    });
    expect(await pathsOf(root, ['**/*.pt'])).toEqual(['a.pt']);
    expect(await pathsOf(root, ['mlruns/**/*.pt'])).toEqual(['mlruns/0/c.pt']);
  });

  it('follows links to files inside, names those that lead out, and enters none by a wildcard', async () => {
    const outside = await projectFolder({ 'w.pt': 'x' });
    const root = await projectFolder({
      'm/epoch_1.pt': 'abc',
      'm/best.pt': { link: 'epoch_1.pt' },
      'm/out.pt': { link: `${outside}/w.pt` },
      'm/gone.pt': { link: 'nothing' },
      'm/again': { link: '..' },
      current: { link: 'm' },
      scratch: { link: outside },
    });
    const found = await expand(platform, root, ['**/*.pt']);
    expect(found.files.map(({ path, size, target }) => [path, size, target])).toEqual([
      ['m/best.pt', 3, 'm/epoch_1.pt'],
      ['m/epoch_1.pt', 3, undefined],
    ]);
    expect(found.leadOut).toEqual(['m/gone.pt', 'm/out.pt']);
    expect(await pathsOf(root, ['current/epoch_1.pt'])).toEqual(['current/epoch_1.pt']);
    expect(await pathsOf(root, ['current/*.pt'])).toContain('current/epoch_1.pt');
    expect((await expand(platform, root, ['scratch/*.pt'])).leadOut).toEqual(['scratch']);
  });

  it('finds a name in either form of its letters', async () => {
    const root = await projectFolder({ 'mode\u0301les/e\u0301.pt': '' });
    expect(await pathsOf(root, ['mod\u00e9les/*.pt'])).toEqual(['mode\u0301les/e\u0301.pt']);
    expect(await pathsOf(root, ['mod\u00e9les/\u00e9.pt'])).toEqual(['mode\u0301les/e\u0301.pt']);
  });

  it('stops at its limit and says so', async () => {
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`m/${i}.pt`, '']));
    const root = await projectFolder(files);
    const found = await expand(platform, root, ['m/*.pt'], { limit: 10 });
    expect([found.files.length, found.truncated]).toEqual([10, true]);
    expect((await expand(platform, root, ['m/*.pt'], { limit: 30 })).truncated).toBe(false);
  });

  it('can be called off', async () => {
    const root = await projectFolder({ a: '' });
    const signal = AbortSignal.abort();
    await expect(expand(platform, root, ['*'], { signal })).rejects.toThrow('cancelled');
  });
});
