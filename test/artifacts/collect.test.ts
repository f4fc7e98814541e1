import { cp, readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodePlatform } from '../../src/platform';
import { failEveryCall, faultModes, thrownBy } from '../platform/faultySeam';
import { freshPath, scratchDirectory } from '../platform/scratch';
import { sha256Of } from './contract';
import { fourVersions, type ModelFile, modelFile, noise, StoreBench } from './modelFiles';

const root = scratchDirectory('collect');
const now = { grace: -1000, dryRun: false };

async function areSound(site: StoreBench, files: readonly ModelFile[]): Promise<void> {
  const store = site.open();
  for (const { bytes } of files) {
    expect(await store.check(sha256Of(bytes), bytes.length, true)).toBe('sound');
  }
}

describe('collecting', () => {
  it('frees what is not live, tells it before, and keeps what deltas rest on', async () => {
    const site = new StoreBench(root);
    const files = fourVersions();
    const [first, , third, last] = await site.putAll(files);
    const stray = await site.put(modelFile({ stray: noise(500_000) }));
    const live = new Set([third, last]);
    const isLive = (sha256: string) => live.has(sha256);
    const before = await site.bytesOnDisk();
    const told = await site.store.collect({ ...now, isLive, dryRun: true });
    expect(told.artifacts).toBe(3);
    expect(told.bytes).toBeGreaterThan(500_000);
    expect(await site.bytesOnDisk()).toBe(before);
    expect(await site.store.collect({ ...now, isLive })).toEqual(told);
    const freed = before - (await site.bytesOnDisk());
    expect(Math.abs(freed - told.bytes)).toBeLessThan(5000);
    await areSound(site, files.slice(2));
    for (const gone of [first, stray]) expect(await site.open().has(gone as string)).toBe(false);
    expect(await site.store.collect({ ...now, isLive })).toEqual({ artifacts: 0, bytes: 0 });
  });

  it('leaves what is younger than the grace', async () => {
    const site = new StoreBench(root);
    const files = fourVersions(70_000);
    await site.putAll(files);
    const request = { isLive: () => false, grace: 3_600_000, dryRun: false };
    expect(await site.store.collect(request)).toEqual({ artifacts: 0, bytes: 0 });
    await areSound(site, files);
  });

  it('puts many short packs together', async () => {
    const site = new StoreBench(root);
    const files = Array.from({ length: 12 }, () => modelFile({ only: noise(20_000) }));
    for (const file of files) await site.put(file);
    expect(await site.packs()).toHaveLength(12);
    await site.store.collect({ ...now, isLive: () => true });
    expect(await site.packs()).toHaveLength(1);
    await areSound(site, files);
  });

  it.each(faultModes)('that fails at any call loses nothing live (%s)', async (mode) => {
    const template = new StoreBench(root);
    const files = fourVersions(70_000);
    const digests = await template.putAll(files);
    await template.put(modelFile({ stray: noise(80_000) }));
    const isLive = (sha256: string) => digests.slice(1).includes(sha256);
    const failed = await failEveryCall({ mode, short: 100 }, async (seam) => {
      const home = freshPath(root);
      await cp(dirname(template.directory), home, { recursive: true });
      const site = new StoreBench(root, home);
      const thrown = await thrownBy(() =>
        site.open(nodePlatform({ seam })).collect({ ...now, isLive }),
      );
      if (seam.fired === 0) expect(thrown).toBeNull();
      await areSound(site, files.slice(1));
      await site.store.clearUnfinished(-1000);
      expect(await readdir(site.temporary)).toEqual([]);
      await site.store.collect({ ...now, isLive });
      await areSound(site, files.slice(1));
    });
    expect(failed).toBeGreaterThan(5);
  });

  it('tells what each version takes by itself, and with others', async () => {
    const site = new StoreBench(root);
    const [one, two, both] = [noise(100_000), noise(200_000), noise(300_000)];
    const first = await site.put(modelFile({ both, one }));
    const second = await site.put(modelFile({ both, two }));
    const usage = await site.store.usage([[first], [second]]);
    expect(usage.bytes).toBe(await site.bytesOnDisk());
    const [a, b] = usage.groups;
    expect(Math.round((a?.own ?? 0) / 1e5)).toBe(1);
    expect(Math.round((b?.own ?? 0) / 1e5)).toBe(2);
    expect(a?.shared).toBe(b?.shared);
    expect(Math.round((a?.shared ?? 0) / 1e5)).toBe(3);
    const request = { ...now, isLive: (sha256: string) => sha256 === first };
    const { bytes } = await site.store.collect(request);
    expect(Math.abs(bytes - (b?.own ?? 0))).toBeLessThan(2000);
  });
});
