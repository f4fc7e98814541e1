import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeGlob, literalOf, matcher } from '../../src/workspace';
import { reachOf } from '../../src/workspace/globs';

const linux = { system: 'linux-x64' };

describe('globs', () => {
  it.each([
    ['train.py', 'train.py', true],
    ['./train.py', 'train.py', true],
    ['train.py', 'src/train.py', false],
    ['digits', 'digits/net.py', true],
    ['digits/', 'digits/a/b.py', true],
    ['digits', 'digits2/net.py', false],
    ['digits/**', 'digits/.hidden/x', true],
    ['*.py', 'src/a.py', false],
    ['**/*.py', 'a.py', true],
    ['checkpoints/epoch_*.pt', 'checkpoints/epoch_12.pt', true],
    ['checkpoints/{best,last}.pt', 'checkpoints/last.pt', true],
    ['m/[0-9]*.pt', 'm/12.pt', true],
    ['m/[0-9]*.pt', 'm/x.pt', false],
    ['models/Caf\u00e9.pt', 'models/Cafe\u0301.pt', true],
    ['models/*\u00e9.pt', 'models/Cafe\u0301.pt', true],
    ['a\\[1\\].pt', 'a[1].pt', true],
    ['Train.py', 'train.py', false],
  ])('%s and %s: %s', (glob, path, expected) => {
    expect(matcher([glob], linux)(path)).toBe(expected);
  });

  it('leaves out what a "!" names, alone or among others', () => {
    const code = matcher(['**', '!data/**', '!*.log'], linux);
    expect(['a.py', 'data/x.csv', 'b.log', 'c/b.log'].map(code)).toEqual([
      true,
      false,
      false,
      true,
    ]);
    expect(['a', 'b'].map(matcher(['!a'], linux))).toEqual([false, true]);
    expect(matcher([], linux)('a')).toBe(false);
  });

  it('ignores case where file systems do', () => {
    expect(matcher(['Models/*.PT', 'Readme'], { system: 'win32-x64' })('models/a.pt')).toBe(true);
    expect(matcher(['Readme'], { system: 'darwin-arm64' })('README')).toBe(true);
  });

  it('escapes any path so that it names itself and nothing else', () => {
    const letters = fc.constantFrom(...'ab*?[]{}()!+@|\\ .^$-_#é');
    const name = fc.array(letters, { minLength: 1, maxLength: 8 }).map((all) => all.join(''));
    fc.assert(
      fc.property(name, name, (path, other) => {
        fc.pre(!path.startsWith('./') && path !== '.');
        expect(literalOf(escapeGlob(path))).toBe(path);
        expect(matcher([escapeGlob(path)], linux)(path)).toBe(true);
        if (other !== path) expect(matcher([escapeGlob(path)], linux)(other)).toBe(false);
      }),
    );
  });

  it('reaches no further than it can match', () => {
    const reach = reachOf('out/version_*/checkpoints/*.pt');
    expect(reach.base).toBe('out');
    expect(reach.enters(['version_3'])).toBe(true);
    expect(reach.enters(['version_3', 'checkpoints'])).toBe(true);
    expect(reach.enters(['logs'])).toBe(false);
    expect(reach.enters(['version_3', 'checkpoints', 'deeper'])).toBe(false);
    expect(reachOf('a/*/**').enters(['b', 'c', 'd'])).toBe(true);
    expect(reachOf('{a/b,c}/x').enters(['a', 'b'])).toBe(true);
    expect(reachOf('a/b').base).toBe('a/b');
  });

  it('reaches every directory of what it matches', () => {
    const part = fc.constantFrom('a', 'b', '*', '?', '**', '{a,b}', '[ab]', '{a/b,b}');
    const glob = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    const path = fc.array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(glob, path, (text, parts) => {
        fc.pre(matcher([text], linux)(parts.join('/')));
        const { base, enters } = reachOf(text);
        const depth = base === '' ? 0 : base.split('/').length;
        expect(parts.slice(0, depth).join('/')).toBe(base);
        for (let length = depth + 1; length < parts.length; length++) {
          expect(enters(parts.slice(depth, length))).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });
});
