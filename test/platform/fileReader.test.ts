import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodePlatform, openFileReader, sectionReader } from '../../src/platform';
import { freshPath, scratchDirectory } from './scratch';

const root = scratchDirectory('reader');
const { disk } = nodePlatform();

async function fileOf(content: Uint8Array): Promise<string> {
  const path = freshPath(root);
  await fs.writeFile(path, content);
  return path;
}

describe('a file read in ranges', () => {
  it('gives the same bytes as a slice, in sections of sections too', async () => {
    const content = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 251));
    const reader = await openFileReader(disk, await fileOf(content));
    const number = fc.nat({ max: 1000 });
    await fc.assert(
      fc.asyncProperty(number, number, number, number, async (a, b, c, d) => {
        const [start, end] = a < b ? [a, b] : [b, a];
        const section = sectionReader(reader, start, end - start);
        const inner = sectionReader(section, Math.min(c, section.size), 0);
        expect(inner.size).toBe(0);
        const from = Math.min(c, section.size);
        const length = Math.min(d, section.size - from);
        const expected = content.subarray(start + from, start + from + length);
        expect(Buffer.from(await section.read(from, length)).equals(expected)).toBe(true);
      }),
    );
    await reader.close();
  });

  it.each([
    [0, 11],
    [10, 1],
    [-1, 1],
    [0, -1],
    [0.5, 1],
    [Number.MAX_SAFE_INTEGER, 1],
    [0, Number.NaN],
  ])('refuses bytes that are not in it: %d, %d', async (offset, length) => {
    const reader = await openFileReader(disk, await fileOf(Buffer.alloc(10)));
    await expect(reader.read(offset, length)).rejects.toThrow(RangeError);
    expect(() => sectionReader(reader, offset, length)).toThrow(RangeError);
    const section = sectionReader(reader, 0, 10);
    await expect(section.read(offset, length)).rejects.toThrow(RangeError);
    await reader.close();
  });

  it('notices a file that has become shorter', async () => {
    const path = await fileOf(Buffer.alloc(10));
    const reader = await openFileReader(disk, path);
    await fs.truncate(path, 4);
    await expect(reader.read(0, 10)).rejects.toMatchObject({ code: 'file-changed' });
    await reader.close();
  });

  it('refuses what is no file', async () => {
    await expect(openFileReader(disk, freshPath(root))).rejects.toMatchObject({
      code: 'no-such-file',
    });
    await expect(openFileReader(disk, root)).rejects.toMatchObject({ code: 'unreadable' });
  });

  it.runIf(process.platform !== 'win32')('refuses a pipe without waiting for it', async () => {
    const pipe = freshPath(root);
    execFileSync('mkfifo', [pipe]);
    await expect(openFileReader(disk, pipe)).rejects.toMatchObject({ code: 'unreadable' });
  });
});
