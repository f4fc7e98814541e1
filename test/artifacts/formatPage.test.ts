import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { freshPath, scratchDirectory } from '../platform/scratch';
import { type ModelFile, modelFile, noise, StoreBench, tensor, trained } from './modelFiles';
import { encodingsIn, readStore } from './writtenFromThePage';

const root = scratchDirectory('format-page');

/** The same file with elements of another width. */
function ofWidth({ bytes, layout }: ModelFile, elementBytes: number): ModelFile {
  return { bytes, layout: layout.map((one) => ({ ...one, elementBytes })) };
}

/** One unit of the lowest byte of each element, now and then. */
function nudged({ bytes, layout }: ModelFile, width: number): ModelFile {
  const after = Buffer.from(bytes);
  const change = randomBytes(after.length);
  for (let at = layout[0]?.offset ?? 0; at < after.length; at += width) {
    after[at] = (after[at] ?? 0) ^ ((change[at] ?? 0) % 4);
  }
  return { bytes: after, layout };
}

describe('the page about the store', () => {
  it('is enough to write a reader that gets everything back', async () => {
    const site = new StoreBench(root, freshPath(root));
    const weights = tensor(140_002);
    const sequence = [weights, trained(weights), trained(trained(weights))];
    const files = [
      ...sequence.map((one) => modelFile({ one, rest: noise(70_001) })),
      ...[4, 8, 1].flatMap((width) => {
        const first = ofWidth(modelFile({ [`of ${width}`]: tensor(66_004) }), width);
        return [first, nudged(first, Math.max(width, 4))];
      }),
      modelFile({ short: noise(900) }),
      modelFile({ empty: Buffer.alloc(6000) }),
    ];
    const digests = await site.putAll(files);
    const found = readStore(site.directory);
    for (const [index, digest] of digests.entries()) {
      expect(files[index]?.bytes.equals(found.get(digest) ?? Buffer.alloc(0))).toBe(true);
    }
    const written = encodingsIn(site.directory);
    for (const way of ['1 of 2', '2 of 2', '1 of 4', '2 of 4', '2 of 8']) {
      expect(written).toContain(way);
    }
  });
});
