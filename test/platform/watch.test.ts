import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodePlatform } from '../../src/platform';
import { freshPath, scratchDirectory } from './scratch';

const root = scratchDirectory('watch');
const { disk, clock } = nodePlatform();

async function until(condition: () => boolean): Promise<void> {
  const end = clock.elapsed() + 5000;
  while (!condition()) {
    if (clock.elapsed() > end) throw new Error('it never came');
    await clock.sleep(5);
  }
}

async function watched(): Promise<{ directory: string; told: (string | null)[]; end(): void }> {
  const directory = freshPath(root);
  await fs.mkdir(join(directory, 'old', 'deep'), { recursive: true });
  const told: (string | null)[] = [];
  const watch = disk.watch(directory, (name) => told.push(name));
  // The watches of the directories below are made behind its back.
  await clock.sleep(50);
  return { directory, told, end: () => watch.dispose() };
}

describe.concurrent('watching a directory', () => {
  it('tells of files in it, below it, and in directories made later', async () => {
    const { directory, told, end } = await watched();
    for (const name of ['a', join('old', 'deep', 'b')]) {
      await fs.writeFile(join(directory, name), 'x');
      await until(() => told.includes(name));
    }
    await fs.mkdir(join(directory, 'new', 'er'), { recursive: true });
    await until(() => told.includes(join('new')));
    await clock.sleep(50);
    const late = join('new', 'er', 'c');
    await fs.writeFile(join(directory, late), 'x');
    await until(() => told.includes(late));
    end();
  });

  it('follows a directory that is moved and one that is made again', async () => {
    const { directory, told, end } = await watched();
    await fs.rename(join(directory, 'old'), join(directory, 'moved'));
    await until(() => told.includes('moved'));
    await clock.sleep(50);
    const moved = join('moved', 'deep', 'x');
    await fs.writeFile(join(directory, moved), 'x');
    await until(() => told.includes(moved));
    await fs.mkdir(join(directory, 'old'));
    await clock.sleep(50);
    await fs.writeFile(join(directory, 'old', 'y'), 'x');
    await until(() => told.includes(join('old', 'y')));
    end();
  });

  it('is silent once it is over', async () => {
    const { directory, told, end } = await watched();
    end();
    end();
    await fs.writeFile(join(directory, 'a'), 'x');
    await clock.sleep(50);
    expect(told).toEqual([]);
  });

  it('says once that it is over when the directory is gone', async () => {
    const { directory, told } = await watched();
    await fs.rm(directory, { recursive: true });
    await until(() => told.includes(null));
    await clock.sleep(30);
    expect(told.filter((name) => name === null)).toEqual([null]);
  });

  it('says so, and only later, when there is nothing to watch', async () => {
    const told: (string | null)[] = [];
    const watch = disk.watch(freshPath(root), (name) => told.push(name));
    expect(told).toEqual([]);
    await until(() => told.length > 0);
    expect(told).toEqual([null]);
    watch.dispose();
  });
});
