import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isModelName } from '../../src/core/names';
import { parseReference, requireReference } from '../../src/core/reference';
import { referenceTo } from '../../src/core/version';

describe('references', () => {
  it.each([
    ['digits@v3', 'digits', { kind: 'version', number: 3, revision: null }],
    ['digits@v3.2', 'digits', { kind: 'version', number: 3, revision: 2 }],
    ['digits@b1', 'digits', { kind: 'backup', number: 1 }],
    ['digits@latest', 'digits', { kind: 'latest' }],
    ['digits@last-good', 'digits', { kind: 'last-good' }],
    ['digits@2026-11-21', 'digits', { kind: 'name', name: '2026-11-21' }],
    ['a.b_c@production', 'a.b_c', { kind: 'name', name: 'production' }],
    ['@best', null, { kind: 'best' }],
    ['@v3', null, { kind: 'version', number: 3, revision: null }],
    ['@release', null, { kind: 'name', name: 'release' }],
    ['v3', null, { kind: 'version', number: 3, revision: null }],
    ['b12', null, { kind: 'backup', number: 12 }],
    ['latest', null, { kind: 'latest' }],
  ])('%s', (text, model, selector) => {
    expect(parseReference(text)).toEqual({ model, selector });
    expect(requireReference(text)).toEqual({ model, selector });
  });

  it.each([
    '',
    '@',
    'digits',
    'digits@',
    'release',
    './v3',
    'models/v3',
    'a b@v3',
    'a@b@c',
    'b1.2',
    'digits@b1.2@',
    'digits@-x',
    'v3 ',
  ])('%j is none', (text) => {
    expect(parseReference(text)).toBeNull();
    expect(() => requireReference(text)).toThrow(
      expect.objectContaining({ code: 'reference-invalid', data: { text } }),
    );
  });

  it.each(['digits@v0', 'digits@v01', 'digits@v9999999999', 'digits@b0'])(
    '%s names no number, so at most a label',
    (text) => {
      expect(parseReference(text)?.selector.kind).toBe('name');
    },
  );

  it('come back from what is written of a record', () => {
    const record = fc.record({
      model: fc
        .string({ unit: fc.constantFrom('a', 'Z', '0', '.', '-', '_'), maxLength: 10 })
        .filter(isModelName),
      kind: fc.constantFrom('version' as const, 'backup' as const),
      number: fc.integer({ min: 1, max: 999_999_999 }),
      revision: fc.integer({ min: 1, max: 999 }),
    });
    fc.assert(
      fc.property(record, fc.boolean(), (some, withRevision) => {
        const { model, kind, number, revision } = some;
        const expected =
          kind === 'backup'
            ? { kind, number }
            : { kind, number, revision: withRevision ? revision : null };
        expect(parseReference(referenceTo(some, withRevision))).toEqual({
          model,
          selector: expected,
        });
      }),
    );
  });

  it('are never made of a path', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseReference(`./${text}`)).toBeNull();
      }),
    );
  });
});
