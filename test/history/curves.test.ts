import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Curve, toJsonNumber } from '../../src/core/version';
import { decodeCurves, encodeCurves } from '../../src/history/curveBlob';

type Point = readonly [step: number, value: number];

const anywhere: fc.Arbitrary<Point[]> = fc.array(
  fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.double()),
);
const evenly: fc.Arbitrary<Point[]> = fc
  .tuple(fc.integer(), fc.integer({ min: 1, max: 1000 }), fc.array(fc.double()))
  .map(([first, by, values]) => values.map((value, index): Point => [first + index * by, value]));
const curve: fc.Arbitrary<Curve> = fc
  .record({
    name: fc.string(),
    axis: fc.constantFrom('epoch', 'step', 'index'),
    points: fc.oneof(anywhere, evenly),
    others: fc.uniqueArray(fc.constantFrom('step', 'epoch', 'time')),
  })
  .map(({ name, axis, points, others }) => ({
    name,
    axis,
    steps: points.map(([step]) => step),
    values: points.map(([, value]) => toJsonNumber(value)),
    ...(others.length === 0
      ? {}
      : { also: Object.fromEntries(others.map((one) => [one, points.map(([step]) => step)])) }),
  }));

describe('curves as bytes', () => {
  test('come back as they were, to the last bit', () => {
    fc.assert(
      fc.property(fc.array(curve), (curves) => {
        expect(decodeCurves(encodeCurves(curves))).toEqual(curves);
      }),
    );
  });

  test('cost eight bytes a point where the steps rise evenly', () => {
    const count = 10_000;
    const steps = Array.from({ length: count }, (_, index) => 5 + index * 10);
    const values = steps.map((step) => 1 / step);
    const bytes = encodeCurves([{ name: 'loss', axis: 'step', steps, values }]);
    expect(bytes.length).toBeLessThan(count * 8 + 100);
    expect(decodeCurves(bytes)).toEqual([{ name: 'loss', axis: 'step', steps, values }]);
  });

  test('lie in the database in this form for good', () => {
    const bytes = encodeCurves([
      { name: 'a', axis: 'epoch', steps: [1, 2], values: [0.5, 'NaN'] },
      { name: 'b', axis: 'index', steps: [0, 5, 6], values: [1, 2, '-Infinity'] },
      { name: 'c', axis: 'step', steps: [4], values: [1], also: { time: [7], epoch: [0.5] } },
    ]);
    const headerLength = Buffer.from(bytes).readUInt32LE();
    expect(Buffer.from(bytes).toString('latin1', 4, 4 + headerLength)).toBe(
      '[{"name":"a","axis":"epoch","length":2,"even":{"first":1,"by":1}},' +
        '{"name":"b","axis":"index","length":3,"even":null},' +
        '{"name":"c","axis":"step","length":1,"even":{"first":4,"by":1},"also":["epoch","time"]}]',
    );
    expect(bytes.length).toBe(4 + headerLength + (2 + 3 + 3 + 3) * 8);
  });

  test('with more steps than values are refused', () => {
    const uneven: Curve = { name: 'a', axis: 'step', steps: [1, 2], values: [1] };
    expect(() => encodeCurves([uneven])).toThrow('curve a has 2 steps and 1 values');
    const unplaced: Curve = { ...uneven, values: [1, 2], also: { time: [1] } };
    expect(() => encodeCurves([unplaced])).toThrow('curve a has not as many places on each axis');
  });

  test('that are damaged are refused, whatever was done to them', () => {
    const good = encodeCurves([
      {
        name: 'loss',
        axis: 'step',
        steps: [1, 2, 4],
        values: [1, 2, 3],
        also: { time: [7, 8, 9] },
      },
    ]);
    const isRefusal = (error: unknown) =>
      error instanceof RangeError || error instanceof SyntaxError || error instanceof TypeError;
    const refused = (bytes: Uint8Array) => {
      try {
        decodeCurves(bytes);
        return false;
      } catch (error) {
        if (!isRefusal(error)) throw error;
        return true;
      }
    };
    for (let length = 0; length < good.length; length += 1) {
      expect(refused(good.subarray(0, length)), `cut to ${length}`).toBe(true);
    }
    expect(refused(Uint8Array.of(...good, 0))).toBe(true);
    const huge = new TextEncoder().encode(
      '[{"name":"a","axis":"step","length":4503599627370496,"even":{"first":0,"by":1}}]',
    );
    expect(refused(Uint8Array.of(huge.length, 0, 0, 0, ...huge))).toBe(true);
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void refused(bytes)));
  });
});
