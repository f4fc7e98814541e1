import fc from 'fast-check';
import { expect, it } from 'vitest';
import { changedRanges } from '../../src/source/textChanges';

const text = fc
  .array(fc.constantFrom('a', 'b', '', 'c\r', 'long line'), { maxLength: 30 })
  .map((lines) => lines.join('\n'));

it('outside of its ranges two texts are the same', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      let [built, at] = ['', 0];
      for (const { fromA, toA, fromB, toB } of changedRanges(before, after)) {
        expect(fromA).toBeGreaterThanOrEqual(at);
        built += before.slice(at, fromA) + after.slice(fromB, toB);
        at = toA;
        expect(built.length).toBe(toB);
      }
      expect(built + before.slice(at)).toBe(after);
    }),
  );
});

it('changes far from each other are ranges of their own', () => {
  const lines = Array.from({ length: 500 }, (_, index) => `line ${index}`);
  const edited = lines.map((line, index) => (index % 100 === 50 ? `${line}!` : line));
  edited.splice(300, 1);
  edited.splice(420, 0, 'new', 'lines');
  const ranges = changedRanges(lines.join('\n'), edited.join('\n'));
  expect(ranges).toHaveLength(7);
  expect(changedRanges('a\nb', 'a\nb')).toEqual([]);
});
