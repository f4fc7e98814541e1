import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodePlatform } from '../../src/platform';
import { freshPath, scratchDirectory } from './scratch';

const root = scratchDirectory('disk');
const { disk } = nodePlatform();
const bytes = (text: string) => new TextEncoder().encode(text);
const posix = process.platform !== 'win32';

async function fileOf(text: string, mode?: number): Promise<string> {
  const path = freshPath(root);
  await fs.writeFile(path, text, { mode });
  return path;
}

describe('reading', () => {
  it('tells the facts of a file in nanoseconds', async () => {
    const path = await fileOf('twelve bytes');
    const stats = await fs.lstat(path, { bigint: true });
    expect(await disk.facts(path)).toEqual({
      kind: 'file',
      size: 12,
      allocated: Number(stats.blocks) * 512,
      mode: Number(stats.mode) & 0o7777,
      modified: stats.mtimeNs,
      changed: stats.ctimeNs,
      inode: stats.ino,
      device: stats.dev,
      links: 1,
    });
  });

  it('tells a link as a link, and follows it when asked', async () => {
    const path = await fileOf('x');
    const link = freshPath(root);
    await disk.makeLink(path, link);
    expect((await disk.facts(link))?.kind).toBe('link');
    expect((await disk.followedFacts(link))?.kind).toBe('file');
    expect(await disk.readLink(link)).toBe(path);
    expect(await disk.realPath(link)).toBe(await fs.realpath(path));
  });

  it('gives null for what is not there, also below a file', async () => {
    const file = await fileOf('x');
    for (const path of [freshPath(root), join(file, 'below')]) {
      expect(await disk.facts(path)).toBeNull();
      expect(await disk.followedFacts(path)).toBeNull();
      expect(await disk.realPath(path)).toBeNull();
      expect(await disk.list(path)).toBeNull();
      expect(await disk.openRead(path)).toBeNull();
      expect(await disk.readSmall(path, 10)).toBeNull();
    }
    expect(await disk.list(file)).toBeNull();
  });

  it('names what may not be read as unreadable', async () => {
    const circle = freshPath(root);
    await disk.makeLink(circle, circle);
    await expect(disk.followedFacts(circle)).rejects.toMatchObject({
      code: 'unreadable',
      data: { path: circle, why: expect.stringContaining('ELOOP') },
    });
    await expect(disk.readSmall(root, 10)).rejects.toMatchObject({ code: 'unreadable' });
    await expect(disk.facts(join(root, 'n'.repeat(300)))).rejects.toMatchObject({
      code: 'unreadable',
    });
  });

  it('gives every other error as a failure of the disk, with its name', async () => {
    const file = await fileOf('x');
    await expect(disk.readLink(file)).rejects.toMatchObject({
      code: 'disk-failed',
      data: { operation: 'readLink', path: file, errno: 'EINVAL' },
    });
  });

  it('lists sorted by name, with kinds', async () => {
    const directory = freshPath(root);
    await fs.mkdir(join(directory, 'b'), { recursive: true });
    await fs.writeFile(join(directory, 'c'), '');
    await fs.symlink('c', join(directory, 'a'));
    expect(await disk.list(directory)).toEqual([
      { name: 'a', kind: 'link' },
      { name: 'b', kind: 'directory' },
      { name: 'c', kind: 'file' },
    ]);
  });

  it('reads a small file up to its limit and no further', async () => {
    const path = await fileOf('12345');
    expect(await disk.readSmall(path, 5)).toEqual(bytes('12345'));
    await expect(disk.readSmall(path, 4)).rejects.toMatchObject({
      code: 'unreadable',
      data: { why: '5 bytes, more than the limit of 4' },
    });
    expect(await disk.readSmall(await fileOf(''), 0)).toEqual(bytes(''));
  });

  it.runIf(process.platform === 'linux')('reads files whose length is not told', async () => {
    const status = await disk.readSmall('/proc/self/status', 1 << 16);
    expect(new TextDecoder().decode(status ?? bytes(''))).toContain('Pid:');
    await expect(disk.readSmall('/proc/self/status', 10)).rejects.toMatchObject({
      code: 'unreadable',
    });
  });

  it.runIf(posix)('does not wait for the other end of a pipe', async () => {
    const pipe = freshPath(root);
    execFileSync('mkfifo', [pipe]);
    const handle = await disk.openRead(pipe);
    expect((await handle?.facts())?.kind).toBe('other');
    await handle?.close();
  });

  it('reads at any offset, up to the end', async () => {
    const handle = await disk.openRead(await fileOf('0123456789'));
    const into = new Uint8Array(4);
    expect(await handle?.read(into, 8)).toBe(2);
    expect(into.subarray(0, 2)).toEqual(bytes('89'));
    expect(await handle?.read(into, 10)).toBe(0);
    await handle?.close();
  });

  it('tells the free space of a path that is not there yet', async () => {
    const free = await disk.freeSpace(join(root, 'not', 'there', 'yet'));
    expect(free).toBeGreaterThan(0);
    expect(Number.isSafeInteger(free)).toBe(true);
  });
});

describe('writing', () => {
  it('creates a file only where nothing is', async () => {
    const path = freshPath(root);
    const file = await disk.create(path, 0o600);
    await file.write(bytes('one '));
    await file.write(bytes('two'));
    await file.sync();
    await file.close();
    await file.close();
    expect(await fs.readFile(path, 'utf8')).toBe('one two');
    expect((await disk.facts(path))?.mode).toBe(0o600);
    await expect(disk.create(path)).rejects.toMatchObject({
      code: 'disk-failed',
      data: { errno: 'EEXIST' },
    });
  });

  it('leaves holes, at the end too', async () => {
    const path = freshPath(root);
    const file = await disk.create(path);
    await file.skip(1 << 20);
    await file.write(bytes('x'));
    await file.skip(1 << 20);
    await file.close();
    const expected = Buffer.alloc((2 << 20) + 1);
    expected[1 << 20] = 'x'.charCodeAt(0);
    expect((await fs.readFile(path)).equals(expected)).toBe(true);
    expect((await disk.facts(path))?.allocated).toBeLessThan(1 << 20);
  });

  it('says which directory was the first that had to be made', async () => {
    const top = freshPath(root);
    expect(await disk.makeDirectory(join(top, 'a', 'b'))).toBe(top);
    expect(await disk.makeDirectory(join(top, 'a', 'c'))).toBe(join(top, 'a', 'c'));
    expect(await disk.makeDirectory(join(top, 'a'))).toBeNull();
    await disk.syncDirectory(top);
  });

  it('removes what is there, and is content when nothing is', async () => {
    const directory = freshPath(root);
    await disk.makeDirectory(directory);
    await fs.writeFile(join(directory, 'f'), '');
    expect(await disk.removeEmptyDirectory(directory)).toBe(false);
    await disk.remove(join(directory, 'f'));
    await disk.remove(join(directory, 'f'));
    expect(await disk.removeEmptyDirectory(directory)).toBe(true);
    expect(await disk.removeEmptyDirectory(directory)).toBe(false);
  });

  it('removes a tree without following its links', async () => {
    const kept = await fileOf('kept');
    const directory = freshPath(root);
    await disk.makeDirectory(join(directory, 'deep'));
    await disk.makeLink(kept, join(directory, 'deep', 'link'));
    await disk.removeTree(directory);
    await disk.removeTree(directory);
    expect(await disk.facts(directory)).toBeNull();
    expect(await fs.readFile(kept, 'utf8')).toBe('kept');
  });

  it('writes a small file whole and keeps its mode', async () => {
    const path = await fileOf('before', 0o640);
    await disk.writeWhole(path, bytes('after'));
    expect(await fs.readFile(path, 'utf8')).toBe('after');
    expect((await disk.facts(path))?.mode).toBe(0o640);
    await disk.writeWhole(path, bytes('again'), 0o755);
    expect((await disk.facts(path))?.mode).toBe(0o755);
  });

  it('copies bytes and mode over what is there', async () => {
    const content = 'a'.repeat((2 << 20) + 5);
    const from = await fileOf(content, 0o755);
    const to = await fileOf('old', 0o600);
    await disk.copy(from, to);
    expect((await fs.readFile(to, 'utf8')) === content).toBe(true);
    expect((await disk.facts(to))?.mode).toBe((await disk.facts(from))?.mode);
    await expect(disk.copy(freshPath(root), to)).rejects.toMatchObject({ code: 'no-such-file' });
  });

  it('sets a modification time never later than asked, and within 2 µs of it', async () => {
    const path = await fileOf('');
    const years = 31_557_600n * 1_000_000_000n;
    const time = fc.bigInt({ min: 0n, max: 100n * years });
    await fc.assert(
      fc.asyncProperty(time, async (asked) => {
        await disk.setTimes(path, asked);
        const modified = (await disk.facts(path))?.modified ?? -1n;
        expect(modified).toBeLessThanOrEqual(asked);
        expect(asked - modified).toBeLessThan(2_000n);
      }),
    );
  });
});
