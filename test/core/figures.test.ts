import { expect, test } from 'vitest';
import { figure, parameterFigure } from '../../src/core/figures';

test('a metric has four digits that count, and whole numbers stay whole', () => {
  expect([0.951, 0.95134567, 1.2345678, 12.345678, 12345.678].map(figure)).toEqual([
    '0.951',
    '0.9513',
    '1.235',
    '12.35',
    '12346',
  ]);
  expect([0, -0.5, 1797, 20261121, 1.2346e-7].map(figure)).toEqual([
    '0',
    '-0.5',
    '1797',
    '20261121',
    '1.235e-7',
  ]);
  expect([0.1 + 0.2, 0.30000000000000004 - 0.292].map(figure)).toEqual(['0.3', '0.008']);
});

test('what is not finite is told by its name', () => {
  expect((['NaN', 'Infinity', '-Infinity'] as const).map(figure)).toEqual([
    'NaN',
    'Infinity',
    '-Infinity',
  ]);
});

test('a parameter stands on one line, its numbers without digits that binary added', () => {
  expect(parameterFigure(0.30000000000000004)).toBe('0.3');
  expect(parameterFigure(20261121)).toBe('20261121');
  expect(parameterFigure([0.30000000000000004, [1, 'a']])).toBe('[0.3, [1, a]]');
  expect([null, true, ''].map((value) => parameterFigure(value))).toEqual(['null', 'true', '']);
  expect(parameterFigure('two\n lines\t here')).toBe('two lines here');
});

test('a long value is cut by whole characters', () => {
  expect(parameterFigure('x'.repeat(41))).toBe(`${'x'.repeat(39)}…`);
  expect(parameterFigure('😀😀😀😀', 3)).toBe('😀😀…');
  expect(parameterFigure('x'.repeat(40))).toBe('x'.repeat(40));
});
