import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Cancelled } from '../../src/core/failure';
import { nodePlatform, type Platform } from '../../src/platform';
import { thrownBy } from '../platform/faultySeam';
import { freshPath, scratchDirectory } from '../platform/scratch';
import { sha256Of } from './contract';
import { flip, noise, StoreBench } from './modelFiles';

const root = scratchDirectory('clone');
const content = noise((1 << 20) + 4321);
const digest = sha256Of(content);

async function fileOf(bytes: Uint8Array): Promise<string> {
  const path = freshPath(root);
  await fs.writeFile(path, bytes, { mode: 0o444 });
  return path;
}

/** A disk that can clone, whatever this one can: by copying. Tells what was cloned. */
function cloning(): { platform: Platform; cloned: string[] } {
  const platform = nodePlatform();
  const { disk } = platform;
  const cloned: string[] = [];
  const clone = async (from: string, to: string) => {
    cloned.push(from);
    const file = await disk.create(to, 0o600);
    await file.write(await fs.readFile(from));
    return file;
  };
  return { platform: { ...platform, disk: { ...disk, clone } }, cloned };
}

describe('a clone', () => {
  it('has the same bytes, is its own, and leaves nothing where there is no such thing', async () => {
    const [from, to] = [await fileOf(content), freshPath(root)];
    const file = await nodePlatform().disk.clone(from, to);
    if (file === null) {
      await expect(fs.lstat(to)).rejects.toMatchObject({ code: 'ENOENT' });
      return;
    }
    await file.sync();
    await file.close();
    await fs.appendFile(to, 'more');
    expect((await fs.readFile(from)).equals(content)).toBe(true);
    expect((await fs.readFile(to)).equals(Buffer.concat([content, Buffer.from('more')]))).toBe(
      true,
    );
  });

  it('is never made over something, or of nothing', async () => {
    const { disk } = nodePlatform();
    const [one, other] = [await fileOf(content), await fileOf(Buffer.from('other'))];
    expect(await disk.clone(one, other)).toBeNull();
    expect(await fs.readFile(other, 'utf8')).toBe('other');
    const to = freshPath(root);
    expect(await disk.clone(join(root, 'nothing'), to)).toBeNull();
    await expect(fs.lstat(to)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('restoring', () => {
  it('clones a file that has the bytes, and no other one', async () => {
    const { platform, cloned } = cloning();
    const store = new StoreBench(root).open(platform);
    await store.putBytes(content);
    const wrong = await fileOf(noise(content.length));
    const [short, right] = [await fileOf(Buffer.from('short')), await fileOf(content)];
    const back = freshPath(root);
    await store.restore(digest, back, 0o640, undefined, [join(root, 'gone'), short, wrong, right]);
    expect(cloned).toEqual([wrong, right]);
    expect((await fs.readFile(back)).equals(content)).toBe(true);
    expect((await fs.stat(back)).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o640);
    const other = freshPath(root);
    await store.restore(digest, other, 0o644, undefined, [wrong]);
    expect((await fs.readFile(other)).equals(content)).toBe(true);
  });

  it('clones what the store has lost', async () => {
    const { platform } = cloning();
    const site = new StoreBench(root);
    const store = site.open(platform);
    await store.putBytes(content);
    await flip((await site.packs())[0] as string);
    const [back, likely] = [freshPath(root), await fileOf(content)];
    await store.restore(digest, back, 0o644, undefined, [likely]);
    expect((await fs.readFile(back)).equals(content)).toBe(true);
  });

  it('that is called off leaves no clone', async () => {
    const { platform } = cloning();
    const store = new StoreBench(root).open(platform);
    await store.putBytes(content);
    const [back, likely] = [freshPath(root), await fileOf(content)];
    const calling = new AbortController();
    calling.abort();
    const activity = { signal: calling.signal };
    const restoring = () => store.restore(digest, back, 0o644, activity, [likely]);
    expect(await thrownBy(restoring)).toBeInstanceOf(Cancelled);
    await expect(fs.lstat(back)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
