import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodings } from '../../src/artifacts/chunkCode';
import { LastingDirectories } from '../../src/artifacts/lasting';
import { packsDirectory, type Shelf } from '../../src/artifacts/layout';
import { OpenFiles } from '../../src/artifacts/openFiles';
import { PackIndex } from '../../src/artifacts/packIndex';
import { PackWriter } from '../../src/artifacts/packWriter';
import { nodePlatform, type Platform } from '../../src/platform';
import { ForgetfulDisk, losses } from '../crash/forgetfulDisk';
import { FaultySeam, ProcessKilled, thrownBy } from '../platform/faultySeam';
import { freshPath, scratchDirectory } from '../platform/scratch';
import { sha256Of } from './contract';
import { noise } from './modelFiles';

const root = scratchDirectory('packs');
const chunks = Array.from({ length: 6 }, () => noise(1000));

function shelfAt(home: string, platform: Platform): Shelf {
  const [directory, temporaryDirectory] = [join(home, 'artifacts'), join(home, 'tmp')];
  return { platform, directory, temporaryDirectory };
}

/** Writes the chunks into three packs. */
async function writePacks(shelf: Shelf): Promise<string[]> {
  const writer = new PackWriter(shelf, new LastingDirectories(shelf), 2000);
  try {
    for (const payload of chunks) {
      const { length } = payload;
      const chunk = { encoding: encodings.raw, width: 1, length, payload };
      await writer.add({ digest: sha256Of(payload), base: null, depth: 0, chunk });
    }
    return (await writer.publish()).flatMap(({ packs }) => packs.map(({ name }) => name));
  } catch (error) {
    // The end of a process closes its files.
    await thrownBy(() => writer.drop());
    throw error;
  }
}

/** The packs that are there and whole, and how many of the chunks they are said to hold. */
async function whatIsThere(home: string) {
  const shelf = shelfAt(home, nodePlatform());
  const index = new PackIndex(shelf);
  await index.refresh();
  const names = index.packs().map(({ name }) => name);
  const whole = await Promise.all(names.map((name) => index.isWhole(name)));
  const files = new OpenFiles(shelf.platform.disk);
  const found = await Promise.all(chunks.map((chunk) => index.find(sha256Of(chunk), files)));
  return { names, whole, found: found.filter(({ length }) => length > 0).length, shelf };
}

describe('several packs', () => {
  it('that survive a loss of power in any order are each whole, and all of them once published', async () => {
    const counts = new Set<number>();
    let ended = false;
    for (let at = 1; !ended; at += 1) {
      for (const [turn, loss] of losses.entries()) {
        const home = freshPath(root);
        await mkdir(home);
        const disk = new ForgetfulDisk(`${home}-lost`);
        const seam = new FaultySeam({ at, mode: 'killed' });
        const real = nodePlatform({ seam });
        const thrown = await thrownBy(() =>
          writePacks(shelfAt(home, { ...real, disk: disk.over(real.disk) })),
        );
        let state = at * 7 + turn;
        disk.lose(loss, () => {
          state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
          return state / 2 ** 32;
        });
        const { names, whole, found } = await whatIsThere(home);
        expect(whole).not.toContain(false);
        expect(found).toBe(2 * names.length);
        counts.add(names.length);
        ended = thrown === null;
        if (ended) expect(names).toHaveLength(3);
        else expect(thrown).toBeInstanceOf(ProcessKilled);
        await rm(`${home}-lost`, { recursive: true });
      }
    }
    // Otherwise the disk forgot all or nothing, and this showed little.
    expect(counts.size).toBeGreaterThan(2);
  });

  it('are found in whatever order they come', async () => {
    const home = freshPath(root);
    const names = await writePacks(shelfAt(home, nodePlatform()));
    expect(new Set(names).size).toBe(3);
    const { shelf, found } = await whatIsThere(home);
    expect(found).toBe(6);
    expect((await readdir(packsDirectory(shelf))).sort()).toEqual(
      names.map((name) => `${name}.pack`).sort(),
    );
  });
});
