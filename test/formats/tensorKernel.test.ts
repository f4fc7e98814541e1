import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openKernel, type Stretch, stretchSums } from '../../src/formats/index';

const stretch = (bytes: Uint8Array, dtype: string): Stretch => ({
  read: (into, offset) => Promise.resolve(into.set(bytes.subarray(offset, offset + into.length))),
  offset: 0,
  dtype,
});
const bytesOf = (values: Float32Array | Float64Array | Uint16Array) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

const kernels = { vectors: openKernel(), script: openKernel(true) };

async function both(from: Uint8Array, to: Uint8Array, dtype: string, elements: number) {
  const sums = (kernel: ReturnType<typeof openKernel>) =>
    stretchSums(kernel, stretch(from, dtype), stretch(to, dtype), elements);
  return { vectors: await sums(kernels.vectors), script: await sums(kernels.script) };
}

describe('the sums over two stretches of values', () => {
  it('has vectors here', () => expect(kernels.vectors.loops).not.toBeNull());

  it('are the same to the last bit with vectors and in JavaScript', async () => {
    const value = fc.oneof(
      { weight: 20, arbitrary: fc.float({ noNaN: true, noDefaultInfinity: true }) },
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -0, 0, 1e-45, 3e38),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(value, value), { maxLength: 40 }), async (pairs) => {
        for (const [dtype, make] of [
          ['F32', (values: number[]) => bytesOf(Float32Array.from(values))],
          ['F64', (values: number[]) => bytesOf(Float64Array.from(values))],
          ['BF16', (values: number[]) => bytesOf(Uint16Array.from(values, (one) => Math.abs(one)))],
        ] as const) {
          const [from, to] = [make(pairs.map(([x]) => x)), make(pairs.map(([, y]) => y))];
          const { vectors, script } = await both(from, to, dtype, pairs.length);
          expect(vectors).toEqual(script);
        }
      }),
      { numRuns: Number(process.env.CAIRN_RUNS ?? 60) },
    );
  });

  it('count what is not finite apart, and leave it out', async () => {
    const from = bytesOf(Float32Array.of(1, Number.NaN, 2, Number.POSITIVE_INFINITY, 5));
    const to = bytesOf(Float32Array.of(3, 1, 2, 1, Number.NaN));
    expect((await both(from, to, 'F32', 5)).vectors).toEqual({
      ...{ elements: 5, changed: 4, difference: 4, from: 5, to: 13, product: 7, largest: 2 },
      ...{ fromNan: 1, fromInfinite: 1, toNan: 1, toInfinite: 0 },
    });
  });

  it('agree with plain sums over several pieces, and between types', async () => {
    const count = 600_001;
    const old = Float32Array.from({ length: count }, (_, index) => Math.sin(index));
    const now = Float32Array.from(old, (value, index) => value + (index % 7 === 0 ? 1e-3 : 0));
    const { vectors } = await both(bytesOf(old), bytesOf(now), 'F32', count);
    let [difference, changed] = [0, 0];
    for (const [index, value] of old.entries()) {
      difference += ((now[index] ?? 0) - value) ** 2;
      if (now[index] !== value) changed++;
    }
    expect(vectors?.changed).toBe(changed);
    expect(Math.abs((vectors?.difference ?? 0) / difference - 1)).toBeLessThan(1e-9);
    const wide = await stretchSums(
      kernels.vectors,
      stretch(bytesOf(Float64Array.from(old)), 'F64'),
      stretch(bytesOf(now), 'F32'),
      count,
    );
    expect(Math.abs((wide?.difference ?? 0) / difference - 1)).toBeLessThan(1e-9);
    expect((await both(bytesOf(old), bytesOf(old), 'F32', count)).vectors).toBeNull();
  });
});
