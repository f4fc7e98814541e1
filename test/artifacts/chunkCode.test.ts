import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Chain, ChunkCode, encodings, type StoredChunk } from '../../src/artifacts/chunkCode';
import { BrokenChunk } from '../../src/artifacts/planeStream';
import { PlaneSpace } from '../../src/artifacts/planes';

const runs = Number(process.env.CAIRN_RUNS ?? 150);
const code = new ChunkCode();

function encoded(bytes: Uint8Array, width: number, base: Chain | null): StoredChunk {
  return code.encode(bytes, width, base, new Uint8Array(bytes.length));
}

function decoded(by: ChunkCode, chain: Chain): Buffer {
  const bytes = Buffer.alloc(chain[0]?.length ?? 0);
  by.decode(chain, bytes);
  return bytes;
}

/** Weights as training leaves them: close to 0, in bfloat16 or float32. */
function weights(count: number, width: 2 | 4): Buffer {
  const floats = new Float32Array(count).map(() => (Math.random() + Math.random() - 1) * 0.05);
  const bytes = Buffer.from(floats.buffer);
  if (width === 4) return bytes;
  return Buffer.from(
    Uint16Array.from({ length: count }, (_, at) => bytes.readUInt16LE(4 * at + 2)).buffer,
  );
}

/** One step of training: most elements move a little in their lowest bits. */
function trained(bytes: Buffer, width: 2 | 4): Buffer {
  const next = Buffer.from(bytes);
  for (let at = 0; at < next.length; at += width) {
    next[at] = (next[at] as number) + Math.floor(Math.random() * 3) - 1;
  }
  return next;
}

describe('a chunk', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.nat({ max: 3000 }).map((length) => new Uint8Array(randomBytes(length))),
    fc.nat({ max: 3000 }).map((length) => new Uint8Array(length).fill(7)),
    fc.nat({ max: 1500 }).map((length) => new Uint8Array(weights(length, 2))),
  );

  it('comes back equal, whatever it is and whatever it was made from', () => {
    fc.assert(
      fc.property(
        ...([
          fc.array(bytes, { minLength: 1, maxLength: 4 }),
          fc.integer({ min: 0, max: 8 }),
        ] as const),
        (versions, width) => {
          const length = versions[0]?.length ?? 0;
          let chain: Chain | null = null;
          for (const [index, version] of versions.entries()) {
            const original = new Uint8Array(length);
            original.set(version.subarray(0, length));
            const chunk: StoredChunk = encoded(original, (width + index) % 9, chain);
            const payload = Uint8Array.from(chunk.payload);
            const rest: Chain = chunk.encoding === encodings.delta ? (chain ?? []) : [];
            chain = [{ ...chunk, payload }, ...rest];
            expect(decoded(code, chain).equals(original)).toBe(true);
          }
        },
      ),
      { numRuns: runs },
    );
  });

  it('is small when it is weights, and smaller against those before', () => {
    for (const width of [2, 4] as const) {
      const before = weights(100_000, width);
      const first = encoded(before, width, null);
      expect(first.encoding).toBe(encodings.planes);
      expect(first.payload.length / before.length).toBeLessThan(0.9);
      const after = trained(before, width);
      const second = encoded(after, width, [first]);
      expect(second.encoding).toBe(encodings.delta);
      expect(second.payload.length).toBeLessThan(first.payload.length / 2);
      expect(decoded(code, [second, first]).equals(after)).toBe(true);
    }
  });

  it('is written as it is when nothing makes it smaller', () => {
    const bytes = randomBytes(100_000);
    expect(encoded(bytes, 2, null).encoding).toBe(encodings.raw);
  });

  it('that is broken is told as such, and as nothing else', () => {
    const before = weights(5000, 2);
    const first = encoded(before, 2, null);
    const second = encoded(trained(before, 2), 2, [first]);
    const places = fc.nat({ max: second.payload.length - 1 });
    fc.assert(
      fc.property(places, fc.integer({ min: 1, max: 255 }), fc.boolean(), (place, bits, cut) => {
        const payload = Uint8Array.from(second.payload.subarray(0, cut ? place : undefined));
        if (!cut) payload[place] = (payload[place] as number) ^ bits;
        try {
          decoded(code, [{ ...second, payload }, first]);
        } catch (error) {
          expect(error).toBeInstanceOf(BrokenChunk);
        }
      }),
      { numRuns: runs },
    );
    expect(() => decoded(code, [second])).toThrow(BrokenChunk);
    expect(() => decoded(code, [{ ...first, length: first.length + 1 }])).toThrow(BrokenChunk);
  });
});

describe('byte planes', () => {
  it('hold the bytes of all elements, plane by plane', () => {
    const space = new PlaneSpace();
    fc.assert(
      fc.property(fc.nat({ max: 700 }), fc.integer({ min: 1, max: 8 }), (length, width) => {
        space.resize(length);
        const bytes = randomBytes(length);
        space.view('bytes').set(bytes);
        space.split('bytes', 'planes', width);
        const count = Math.floor(length / width);
        const planes = space.view('planes');
        for (let at = 0; at < count * width; at += 1) {
          expect(planes[(at % width) * count + Math.floor(at / width)]).toBe(bytes[at]);
        }
        space.join('planes', 'base', width);
        expect(bytes.equals(space.view('base'))).toBe(true);
      }),
      { numRuns: runs },
    );
  });
});
