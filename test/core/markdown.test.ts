import { expect, test } from 'vitest';
import { code, escaped, table } from '../../src/core/markdown';

test('what means something is escaped, and nothing else', () => {
  expect(escaped('val_accuracy 0.951 ▲ 0.008')).toBe('val_accuracy 0.951 ▲ 0.008');
  expect(escaped('_a_ *b* [c](d) <e> `f` g|h')).toBe(
    '\\_a\\_ \\*b\\* \\[c\\](d) \\<e\\> \\`f\\` g\\|h',
  );
  expect(escaped('# no heading\nno line')).toBe('\\# no heading no line');
  expect(escaped('1. no list')).toBe('1\\. no list');
  expect(escaped('- no item')).toBe('\\- no item');
});

test('code holds any backticks', () => {
  expect(code('lr')).toBe('`lr`');
  expect(code('a`b``c')).toBe('```a`b``c```');
  expect(code('`a')).toBe('`` `a ``');
});

test('a bar in a cell does not begin another', () => {
  expect(table(['a', 'b'], [['1|2', '3']])).toBe('| a | b |\n| --- | --- |\n| 1\\|2 | 3 |');
});
