import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, logRoot, operationText } from '../../src/core/operation';
import { fromJsonNumber, toJsonNumber } from '../../src/core/version';

describe('canonical JSON', () => {
  it('sorts keys by UTF-16 code units and leaves white space out', () => {
    // The example of RFC 8785, section 3.2.3.
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    expect(Object.values(JSON.parse(canonicalJson(value)))).toHaveLength(7);
    expect(canonicalJson(value).match(/"[A-Z][^"]*"/g)).toEqual([
      '"Carriage Return"',
      '"One"',
      '"Control"',
      '"Latin Small Letter O With Diaeresis"',
      '"Euro Sign"',
      '"Emoji: Grinning Face"',
      '"Hebrew Letter Dalet With Dagesh"',
    ]);
  });

  it('writes numbers and texts as RFC 8785 does', () => {
    // Section 3.2.2 of the same.
    const value = {
      numbers: [
        JSON.parse('333333333.33333329'),
        1e30,
        4.5,
        2e-3,
        0.000000000000000000000000001,
        -0,
      ],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27,0],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('leaves out what is undefined, but not in lists', () => {
    expect(canonicalJson({ b: undefined, a: [undefined, 1], c: { d: undefined } })).toBe(
      '{"a":[null,1],"c":{}}',
    );
    expect(canonicalJson(undefined)).toBe('null');
  });

  it('is JSON of the same value, whatever the order of keys', () => {
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled);
      if (typeof value !== 'object' || value === null) return value;
      const entries = Object.entries(value).map(([key, item]) => [key, shuffled(item)]);
      return Object.fromEntries(entries.reverse());
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(shuffled(value))).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });
});

describe('the text of an operation', () => {
  const operation = {
    id: 1,
    kind: 'commit' as const,
    at: '2026-11-21T10:00:00.000Z',
    by: { name: 'A', email: 'a@example.org' },
    reason: 'r',
    version: 'digits@v1.1',
    detail: { b: 1, a: [2] },
    previous: logRoot,
  };

  it('holds everything but the digest, in a fixed order', () => {
    expect(operationText({ ...operation, ...{ sha256: 'x', extra: 1 } })).toBe(
      `{"at":"2026-11-21T10:00:00.000Z","by":{"email":"a@example.org","name":"A"},"detail":{"a":[2],"b":1},"id":1,"kind":"commit","previous":"${logRoot}","reason":"r","version":"digits@v1.1"}`,
    );
  });

  it.each([
    { id: 2 },
    { kind: 'update' as const },
    { at: '2026-11-21T10:00:00.001Z' },
    { by: { name: 'B', email: 'a@example.org' } },
    { reason: '' },
    { version: null },
    { detail: { a: [2] } },
    { previous: '1'.repeat(64) },
  ])('is another one with %j', (change) => {
    expect(operationText({ ...operation, ...change })).not.toBe(operationText(operation));
  });
});

describe('numbers in JSON', () => {
  it('come back, NaN and infinities too', () => {
    const any = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Infinity, -Infinity));
    fc.assert(
      fc.property(any, (value) => {
        const json = JSON.parse(JSON.stringify(toJsonNumber(value)));
        const back = fromJsonNumber(json);
        expect(Object.is(back, value) || (back === 0 && value === 0)).toBe(true);
      }),
    );
  });
});
