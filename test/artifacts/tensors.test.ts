import { chmod, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshPath, scratchDirectory } from '../platform/scratch';
import { sha256Of } from './contract';
import {
  flip,
  fourVersions,
  type ModelFile,
  modelFile,
  noise,
  StoreBench,
  tensor,
  trained,
} from './modelFiles';

const runs = Number(process.env.CAIRN_RUNS ?? 15);
const root = scratchDirectory('tensors');
const bench = () => new StoreBench(root);

async function chunksOf({ store }: StoreBench, digests: readonly string[]): Promise<Set<string>> {
  const chunks = await Promise.all(digests.map((digest) => store.chunks(digest)));
  return new Set(chunks.flatMap((list) => (list ?? []).map(({ digest }) => digest)));
}

describe('a model file', () => {
  it('that changed little takes little, and unchanged tensors nothing', async () => {
    const site = bench();
    const [first, ...later] = fourVersions();
    await site.put(first as ModelFile);
    const before = await site.bytesOnDisk();
    await site.putAll([first as ModelFile, ...later]);
    const each = ((await site.bytesOnDisk()) - before) / later.length;
    // Half of it did not change at all, the rest in its lowest bits.
    expect(each).toBeLessThan((first as ModelFile).bytes.length * 0.2);
  });

  it('keeps a tensor once, wherever it lies and whatever it is called', async () => {
    const site = bench();
    const [one, two, three] = [noise(200_000), noise(90_000), noise(1_500_000)];
    await site.put(modelFile({ one, two, three }));
    const before = await site.bytesOnDisk();
    await site.put(
      modelFile({ 'model.three': three, extra: noise(70_000), 'model.one': one, two }),
    );
    expect((await site.bytesOnDisk()) - before).toBeLessThan(75_000);
  });

  it('is never more than eight deltas away from one that rests on none', async () => {
    const site = bench();
    let moving = tensor(70_000);
    const files: ModelFile[] = [];
    for (let step = 0; step < 12; step += 1) {
      files.push(modelFile({ moving }));
      moving = trained(moving);
    }
    const digests = await site.putAll(files);
    const depths = (await Promise.all((await site.packs()).map((pack) => readFile(pack)))).flatMap(
      (pack) => {
        const count = pack.readUInt32LE(pack.length - 40);
        const start = pack.length - 48 - 80 * count;
        return Array.from({ length: count }, (_, row) => pack[start + 80 * row + 78] ?? 99);
      },
    );
    expect(Math.max(...depths)).toBe(8);
    for (const [index, digest] of digests.entries()) {
      const whole = await site.store.readWhole(digest, 1 << 20);
      expect(files[index]?.bytes.equals(whole)).toBe(true);
    }
  });

  it('comes back equal whatever is said of its tensors', async () => {
    const site = bench();
    const stretch = fc.record({
      name: fc.constantFrom('a', 'b', ''),
      dtype: fc.constant('F32'),
      elementBytes: fc.constantFrom(0, 1, 2, 4, 8, 18, -1, Number.NaN),
      offset: fc.oneof(fc.nat({ max: 250_000 }), fc.constantFrom(-1, 2 ** 53, Number.NaN, 0.5)),
      length: fc.oneof(fc.nat({ max: 250_000 }), fc.constantFrom(-1, 2 ** 53, Number.NaN)),
    });
    const content = fc.constantFrom(noise(200_000), tensor(200_000), Buffer.alloc(200_000));
    let base: string | null = null;
    await fc.assert(
      fc.asyncProperty(content, fc.array(stretch, { maxLength: 4 }), async (bytes, layout) => {
        const sorted = layout.sort((a, b) => a.offset - b.offset);
        const file = Buffer.from(bytes);
        file.writeUInt32LE(Math.floor(Math.random() * 2 ** 32), 1000);
        base = await site.put({ bytes: file, layout: sorted }, base);
        expect(base).toBe(sha256Of(file));
        const back = freshPath(root);
        await site.store.restore(base, back, 0o644);
        expect(file.equals(await readFile(back))).toBe(true);
      }),
      { numRuns: runs },
    );
  });

  it('makes the same chunks in whatever order versions come', async () => {
    const versions = fourVersions(70_000);
    const [one, other] = [bench(), bench()];
    const forwards = await one.putAll(versions);
    const backwards = await other.putAll([...versions].reverse());
    expect(new Set(backwards)).toEqual(new Set(forwards));
    expect(await chunksOf(other, backwards)).toEqual(await chunksOf(one, forwards));
  });
});

describe('damage', () => {
  /** Which of the artifacts are sound, read in full. */
  async function soundness(site: StoreBench, files: readonly ModelFile[]): Promise<boolean[]> {
    const store = site.open();
    const states = files.map(({ bytes }) => store.check(sha256Of(bytes), bytes.length, true));
    return (await Promise.all(states)).map((state) => state === 'sound');
  }

  async function twoModels() {
    const site = bench();
    // Not even a header in common.
    const [models, others] = [fourVersions(), fourVersions(100_000, 'other')];
    const digests = await site.putAll(models);
    const packs = await site.packsByAge();
    await site.putAll(others);
    return { site, models, others, digests, packs };
  }

  it.each([
    ['one bit is another', (pack: string) => flip(pack)],
    ['a pack is cut off', (pack: string) => truncate(pack, 50_000)],
    ['a pack is lost, with the base of a chain', (pack: string) => rm(pack)],
  ])('where %s is named by its chunks, and nothing else is touched', async (_what, damage) => {
    const { site, models, others, digests, packs } = await twoModels();
    const first = packs[0] as string;
    await chmod(first, 0o644);
    await damage(first);
    const sound = await soundness(site, models);
    expect(sound).toContain(false);
    expect(await soundness(site, others)).toEqual([true, true, true, true]);
    const store = site.open();
    for (const [index, digest] of digests.entries()) {
      const found = await store.damage(digest);
      expect(found.recipe).toBe(false);
      expect(found.chunks.length > 0).toBe(!sound[index]);
      const chunks = (await store.chunks(digest)) ?? [];
      expect(chunks.map((chunk) => chunk.digest)).toEqual(
        expect.arrayContaining([...found.chunks]),
      );
    }
    // Stored again, the same bytes are whole again.
    for (const model of models) await site.put(model);
    expect(await soundness(site, models)).toEqual([true, true, true, true]);
  });

  it('that a disk only seemed to have is forgiven', async () => {
    const { site, models, digests, packs } = await twoModels();
    const [first = ''] = packs;
    const bytes = await readFile(first);
    await flip(first);
    for (const digest of digests) await site.store.condemn(await site.store.damage(digest));
    await writeFile(first, bytes);
    expect(await soundness(site, models)).toContain(false);
    await site.open().reconsider();
    expect(await soundness(site, models)).toEqual([true, true, true, true]);
  });

  it('stays where it is while it may be all that there is', async () => {
    const { site, models, others, digests, packs } = await twoModels();
    const [first = ''] = packs;
    await flip(first);
    for (const digest of digests) await site.store.condemn(await site.store.damage(digest));
    const sound = await soundness(site, models);
    const request = { grace: -1000, dryRun: false };
    await site.store.collect({ ...request, isLive: () => true });
    expect(await site.packs()).toContain(first);
    for (const model of models) await site.put(model);
    expect(sound).toContain(false);
    const dead = new Set(others.map(({ bytes }) => sha256Of(bytes)));
    await site.store.collect({ ...request, isLive: (sha256) => !dead.has(sha256) });
    expect(await soundness(site, models)).toEqual([true, true, true, true]);
  });

  it('of a recipe is named as such', async () => {
    const { site, digests, models } = await twoModels();
    const digest = digests[0] as string;
    await flip(join(site.directory, 'recipes', digest.slice(0, 2), digest), 0.6);
    expect(await site.open().damage(digest)).toMatchObject({ recipe: true, chunks: [] });
    expect(await soundness(site, models)).toEqual([false, true, true, true]);
  });

  it('of a base spoils nothing that is stored after it', async () => {
    const site = bench();
    const [first, ...later] = fourVersions();
    const digest = await site.put(first as ModelFile);
    const [pack = ''] = await site.packs();
    await flip(pack, 0.7);
    const store = site.open();
    expect(await store.check(digest, (first as ModelFile).bytes.length, true)).toBe('damaged');
    const added = later.map(({ bytes, layout }) =>
      modelFile({ moving: bytes.subarray(layout[1]?.offset) }),
    );
    let base = digest;
    for (const file of added) base = await site.put(file, base, store);
    await store.condemn(await store.damage(digest));
    await site.put(first as ModelFile);
    expect(await soundness(site, [first as ModelFile, ...added])).not.toContain(false);
  });
});
