import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isModelName, modelNameFrom, requireLabel, requireModelName } from '../../src/core/names';

describe('model names', () => {
  it.each(['a', 'digits', 'ResNet-50', 'a.b_c-1', '0', 'a'.repeat(64), 'v3', 'latest'])(
    '%s is one',
    (name) => {
      expect(requireModelName(name)).toBe(name);
    },
  );

  it.each([
    '',
    '.a',
    '-a',
    '_a',
    'a..b',
    'a.',
    'a.lock',
    'a.LOCK',
    'a b',
    'a/b',
    'a@b',
    'ä',
    'a\n',
    'a'.repeat(65),
  ])('%j is none', (name) => {
    expect(isModelName(name)).toBe(false);
    expect(() => requireModelName(name)).toThrow(
      expect.objectContaining({
        code: 'name-invalid',
        data: { what: 'model', name, why: expect.any(String) },
      }),
    );
  });

  it('are what Git takes as a part of a ref', () => {
    const name = fc.string({ maxLength: 12 }).filter(isModelName);
    fc.assert(
      fc.property(name, (text) => {
        // git-check-ref-format(1): none of these may stand in a ref.
        expect(text).not.toMatch(/\.\.|[\0-\x20~^:?*[\\\x7f]|@\{|^\.|\.$|\.lock$|\//);
      }),
    );
  });
});

describe('labels', () => {
  it.each(['release', '2026-11-21-10-00', 'best-of-all', 'version3', 'v3a', 'b'])(
    '%s is one',
    (name) => {
      expect(requireLabel(name)).toBe(name);
    },
  );

  it.each(['v3', 'V3', 'v3.2', 'b1', 'latest', 'current', 'previous', 'BEST', 'last-good', 'a b'])(
    '%s is none',
    (name) => {
      expect(() => requireLabel(name, 'stage')).toThrow(
        expect.objectContaining({
          code: 'name-invalid',
          data: expect.objectContaining({ what: 'stage', name }),
        }),
      );
    },
  );
});

describe('a name made of any text', () => {
  it.each([
    ['My Model (v2)', 'My-Model-v2'],
    ['Modèle été', 'Modele-ete'],
    ['..hidden', 'hidden'],
    ['a...b', 'a.b'],
    ['weights.lock', 'weights'],
    ['数字', 'model'],
    ['', 'model'],
    ['x'.repeat(100), 'x'.repeat(64)],
  ])('%j is %s', (text, name) => {
    expect(modelNameFrom(text)).toBe(name);
  });

  it('is always valid, and stays as it is', () => {
    const piece = fc.constantFrom('a', 'B', '9', '.', '-', '_', ' ', '/', '.lock', 'é', '字', '🙂');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 80 }), (pieces) => {
        const name = modelNameFrom(pieces.join(''));
        expect(isModelName(name)).toBe(true);
        expect(modelNameFrom(name)).toBe(name);
      }),
    );
  });
});
