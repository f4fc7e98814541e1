import { readFile, rm } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nodePlatform } from '../../src/platform';
import { FaultySeam, faultModes, thrownBy } from '../platform/faultySeam';
import { freshPath, scratchDirectory } from '../platform/scratch';
import { type ModelFile, modelFile, noise, StoreBench, tensor, trained } from './modelFiles';

const runs = Number(process.env.CAIRN_RUNS ?? 6);
const root = scratchDirectory('order');
/** Of each tensor, in bytes. */
const length = 40_000;

type Step = {
  readonly does: 'put' | 'restore' | 'drop' | 'collect' | 'clear';
  readonly which: number;
  /** `null`: nothing fails. */
  readonly fault: { readonly at: number; readonly mode: (typeof faultModes)[number] } | null;
};

const steps = fc.array(
  fc.record<Step>({
    does: fc.constantFrom('put', 'put', 'put', 'restore', 'drop', 'collect', 'clear'),
    which: fc.nat({ max: 20 }),
    fault: fc.option(
      fc.record({ at: fc.integer({ min: 1, max: 14 }), mode: fc.constantFrom(...faultModes) }),
    ),
  }),
  { minLength: 4, maxLength: 14 },
);

/** A store, and the files that somebody names in it. */
class Story {
  readonly site = new StoreBench(root);
  readonly named = new Map<string, ModelFile>();
  #last = { frozen: tensor(length), moving: tensor(length) };

  async take({ does, which, fault }: Step): Promise<void> {
    const seam = new FaultySeam(fault ?? undefined);
    const store = this.site.open(nodePlatform({ seam }));
    const digest = [...this.named.keys()][which % Math.max(1, this.named.size)] ?? null;
    if (does === 'drop' && digest !== null) this.named.delete(digest);
    else if (does === 'restore' && digest !== null) {
      const back = freshPath(root);
      const thrown = await thrownBy(() => store.restore(digest, back, 0o644));
      if (thrown === null) await this.isAt(digest, back);
      else expect(seam.fired).toBeGreaterThan(0);
    } else {
      const thrown = await thrownBy(() => this.write(does, store, which, digest));
      if (seam.fired === 0) expect(thrown).toBeNull();
    }
  }

  /** Everything that is named comes back equal. */
  async isWhole(): Promise<void> {
    for (const digest of this.named.keys()) {
      const back = freshPath(root);
      await this.site.open().restore(digest, back, 0o644);
      await this.isAt(digest, back);
    }
  }

  private async write(
    does: Step['does'],
    store: StoreBench['store'],
    which: number,
    base: string | null,
  ) {
    if (does === 'clear') await store.clearUnfinished(-1000);
    else if (does === 'collect') {
      const isLive = (sha256: string) => this.named.has(sha256);
      await store.collect({ grace: -1000, dryRun: false, isLive });
    } else {
      this.#last = {
        frozen: which % 4 === 0 ? noise(length) : this.#last.frozen,
        moving: trained(this.#last.moving),
      };
      const file = modelFile(this.#last);
      this.named.set(await this.site.put(file, base, store), file);
    }
  }

  private async isAt(digest: string, path: string): Promise<void> {
    expect(this.named.get(digest)?.bytes.equals(await readFile(path))).toBe(true);
    await rm(path);
  }
}

it('any order of commits, restores, collections and failures leaves what is named whole', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (taken) => {
      const story = new Story();
      for (const step of taken) {
        await story.take(step);
        if (step.fault !== null) await story.isWhole();
      }
      await story.isWhole();
    }),
    { numRuns: runs },
  );
});
