import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareParameters,
  flattenParameters,
  maximumParameterDepth,
  type Parameters,
  sameParameter,
} from '../../src/core/parameters';

describe('flattening', () => {
  it('joins the names of nested values with dots', () => {
    expect(
      flattenParameters({
        lr: 0.1,
        optimizer: { name: 'adam', betas: [0.9, 0.999], schedule: { steps: [] } },
        layers: [{ units: 64 }, 32],
        none: null,
        empty: {},
      }),
    ).toEqual({
      lr: 0.1,
      'optimizer.name': 'adam',
      'optimizer.betas': [0.9, 0.999],
      'optimizer.schedule.steps': [],
      'layers.0.units': 64,
      'layers.1': 32,
      none: null,
    });
  });

  it('names what JSON cannot hold', () => {
    expect(
      flattenParameters({
        a: Number.NaN,
        b: [Number.POSITIVE_INFINITY],
        c: new Date(0),
        d: 5n,
        e: 2n ** 70n,
        f: undefined,
      }),
    ).toEqual({
      a: 'NaN',
      b: ['Infinity'],
      c: '1970-01-01T00:00:00.000Z',
      d: 5,
      e: '1180591620717411303424',
      f: null,
    });
  });

  it('gives nothing for what is no tree', () => {
    for (const value of [null, undefined, 5, 'text', []]) {
      expect(flattenParameters(value)).toEqual({});
    }
  });

  it('goes no deeper than it says', () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) });
    expect(Object.keys(flattenParameters(nested(maximumParameterDepth)))).toHaveLength(1);
    expect(() => flattenParameters(nested(maximumParameterDepth + 1))).toThrow(
      `nesting deeper than ${maximumParameterDepth} levels`,
    );
  });

  it('takes keys that mean something in JavaScript', () => {
    const flat = flattenParameters(JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}'));
    expect(Object.entries(flat)).toEqual([
      ['__proto__.x', 1],
      ['constructor', 2],
    ]);
    expect(Object.entries(flattenParameters(JSON.parse('{"__proto__": 1}')))).toEqual([
      ['__proto__', 1],
    ]);
  });

  it('changes nothing that is flat already, and keeps every leaf', () => {
    const key = fc.stringMatching(/^[a-z]{1,4}$/);
    const leaf = fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null));
    const { tree } = fc.letrec<{ tree: unknown; node: unknown }>((tie) => ({
      tree: fc.dictionary(key, tie('node'), { maxKeys: 4 }),
      node: fc.oneof({ depthSize: 'small' }, leaf, fc.array(leaf), tie('tree')),
    }));
    const leaves = (value: unknown): number =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.values(value).reduce<number>((sum, child) => sum + leaves(child), 0)
        : 1;
    fc.assert(
      fc.property(tree, (some) => {
        const flat = flattenParameters(some);
        expect(flattenParameters(flat)).toEqual(flat);
        expect(Object.keys(flat)).toHaveLength(leaves(some));
      }),
    );
  });
});

const value = fc.oneof(
  fc.integer({ min: -2, max: 2 }),
  fc.constantFrom(0, -0, '1', 'a', true, null),
  fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 2 }),
);

describe('the same parameter', () => {
  it('is told by value and type', () => {
    expect(sameParameter(1, 1.0)).toBe(true);
    expect(sameParameter(0, -0)).toBe(true);
    expect(sameParameter(1, '1')).toBe(false);
    expect(sameParameter(null, undefined)).toBe(false);
    expect(sameParameter([1, [2]], [1, [2]])).toBe(true);
    expect(sameParameter([1, 2], [1])).toBe(false);
    expect(sameParameter([], '')).toBe(false);
  });

  it('is the same both ways round', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(sameParameter(a, b)).toBe(sameParameter(b, a));
        expect(sameParameter(a, structuredClone(a))).toBe(true);
      }),
    );
  });
});

describe('comparing parameters', () => {
  it('lists what differs, sorted', () => {
    expect(compareParameters({ b: 1, c: 2, d: [1] }, { a: null, c: 3, d: [1] })).toEqual([
      { key: 'a', to: null, status: 'added' },
      { key: 'b', from: 1, status: 'deleted' },
      { key: 'c', from: 2, to: 3, status: 'modified' },
    ]);
  });

  it('tells how to get from one to the other', () => {
    const parameters = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'constructor'), value);
    fc.assert(
      fc.property(parameters, parameters, (from: Parameters, to: Parameters) => {
        const result = new Map(Object.entries(from));
        for (const change of compareParameters(from, to)) {
          if (change.status === 'deleted') result.delete(change.key);
          else result.set(change.key, change.to ?? null);
        }
        expect([...result.keys()].sort()).toEqual(Object.keys(to).sort());
        for (const [key, some] of result) expect(sameParameter(some, to[key])).toBe(true);
        expect(compareParameters(to, to)).toEqual([]);
      }),
    );
  });
});
