import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { openArtifactStore } from '../../src/artifacts';
import { Cancelled } from '../../src/core/failure';
import { nodePlatform } from '../../src/platform';
import { thrownBy } from '../platform/faultySeam';
import { freshPath, scratchDirectory } from '../platform/scratch';
import { sha256Of } from './contract';

const root = scratchDirectory('threads');
const script = join(root, 'coder.cjs');
beforeAll(() =>
  build({
    entryPoints: [join(import.meta.dirname, '../../src/artifacts/coderThread.ts')],
    ...{ bundle: true, platform: 'node', format: 'cjs', outfile: script, logLevel: 'error' },
  }),
);

async function bench(coderScript: string) {
  const home = freshPath(root);
  const [directory, temporary] = [join(home, 'artifacts'), join(home, 'tmp')];
  const store = openArtifactStore(nodePlatform(), directory, temporary, coderScript);
  const packs = async () => (await fs.readdir(join(directory, 'packs'))).sort();
  return { store, packs };
}

/** Weights, noise and repetitions, longer than threads are started for. */
async function someFile(seed: number): Promise<{ path: string; bytes: Buffer }> {
  const weights = Buffer.alloc(3 << 20, `weights of ${seed}, and more of them; `);
  const bytes = Buffer.concat([weights, randomBytes(2 << 20), weights]);
  const path = freshPath(root);
  await fs.writeFile(path, bytes);
  await fs.utimes(path, new Date(0), new Date(0));
  return { path, bytes };
}

describe('threads', () => {
  it('store and restore what one thread alone does, in the same packs', async () => {
    const { path, bytes } = await someFile(1);
    const [many, one] = [await bench(script), await bench(join(root, 'nothing'))];
    for (const { store } of [many, one]) {
      const { sha256 } = await store.put(path);
      expect(sha256).toBe(sha256Of(bytes));
      expect(await store.check(sha256, bytes.length, true)).toBe('sound');
      const back = freshPath(root);
      await store.restore(sha256, back, 0o644);
      expect(bytes.equals(await fs.readFile(back))).toBe(true);
    }
    expect(await many.packs()).toEqual(await one.packs());
  });

  it('stop when they are called off, and work again', async () => {
    const { store } = await bench(script);
    const { path, bytes } = await someFile(2);
    const calling = new AbortController();
    const progress = () => calling.abort();
    const put = () => store.put(path, { signal: calling.signal, progress });
    expect(await thrownBy(put)).toBeInstanceOf(Cancelled);
    expect((await store.put(path)).sha256).toBe(sha256Of(bytes));
  });
});
