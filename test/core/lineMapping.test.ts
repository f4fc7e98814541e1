import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mapLines } from '../../src/core/lineMapping';

const text = (...lines: readonly string[]) => lines.join('\n');

it.each([
  ['the same text', 'abcd', 'abcd', [2, 3], [2, 3]],
  ['a line came above', 'xabcd', 'abcd', [3, 4], [2, 3]],
  ['a line went above', 'bcd', 'abcd', [1, 2], [2, 3]],
  ['the line was changed', 'aXc', 'abc', [2, 2], [2, 2]],
  ['lines that are new', 'aXYb', 'ab', [2, 3], null],
  ['a new line among the chosen', 'abXc', 'abc', [2, 4], [2, 3]],
  ['past the end', 'ab', 'ab', [2, 9], [2, 2]],
  ['moved in the middle', 'aXbYcd', 'aPbQcd', [3, 3], [3, 3]],
] as const)('%s', (_, here, there, [from, to], expected) => {
  const found = mapLines(text(...here), text(...there), { from, to });
  expect(found).toEqual(expected === null ? null : { from: expected[0], to: expected[1] });
});

it('stays inside the other text, and finds lines that stayed', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(lines, lines, fc.nat(11), fc.nat(5), (here, there, first, more) => {
      const from = (first % here.length) + 1;
      const found = mapLines(text(...here), text(...there), { from, to: from + more });
      if (found === null) return;
      expect(found.from).toBeGreaterThanOrEqual(1);
      expect(found.to).toBeLessThanOrEqual(there.length);
      expect(found.from).toBeLessThanOrEqual(found.to);
    }),
  );
});
