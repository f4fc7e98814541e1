import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { colouredAnswer } from '../../src/cli/colour';
import { progressText } from '../../src/cli/progress';
import {
  changeText,
  firstLine,
  lineText,
  secondsText,
  tableText,
  timeText,
  valueText,
} from '../../src/cli/text';

describe('figures', () => {
  test('numbers have six digits that count; everything else is cut when it is long', () => {
    expect(valueText(0.1 + 0.2)).toBe('0.3');
    expect(valueText(1234567890.5)).toBe('1234570000');
    expect(valueText(123456789)).toBe('123456789');
    expect(valueText([0.1 + 0.2, 'a', null])).toBe('[0.3, a, -]');
    expect(valueText('x'.repeat(100))).toBe(`${'x'.repeat(79)}…`);
    expect(changeText('added', undefined, 2)).toBe('2');
    expect(changeText('deleted', 1, undefined)).toBe('1');
    expect(changeText('modified', 1, null)).toBe('1 → -');
  });

  test('times', () => {
    expect(secondsText(300)).toBe('0.3 s');
    expect(secondsText(15_000)).toBe('15 s');
    expect(timeText('2026-11-21T10:00:00.000Z')).toMatch(/^2026-11-2[012] \d\d:\d0$/);
    expect(timeText('no time')).toBe('no time');
  });
});

describe('lines', () => {
  test('have no control characters, whatever is in them', () => {
    const character = fc.integer({ min: 0, max: 0x2fff }).map((code) => String.fromCodePoint(code));
    const row = fc.array(fc.string({ unit: character, maxLength: 20 }), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 4 }), (rows) => {
        const lines = tableText(rows).split('\n');
        expect(lines).toHaveLength(Math.max(1, rows.length));
        expect(lines.join('')).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
    expect(lineText('a\u001b[31m\tb\u009b')).toBe('a?[31m?b?');
  });

  test('columns are aligned', () => {
    expect(tableText([['a', 'long', 'x'], ['longer', 'b', ''], ['']])).toBe(
      'a       long  x\nlonger  b\n',
    );
  });

  test('of several the first is taken, and cut text is marked', () => {
    expect(firstLine('one')).toBe('one');
    expect(firstLine('one\n\n')).toBe('one');
    expect(firstLine('one\ntwo')).toBe('one …');
  });
});

describe('colour', () => {
  const text =
    'digits@v1 → digits@v2\n\nMetrics\n  loss  2 → 1  -1  better\n  f1    2 → 1  -1  worse\n\nWarning: x';

  test('changes no word', () => {
    expect(stripVTControlCharacters(colouredAnswer(text))).toBe(text);
  });

  test('is laid over titles, directions and warnings', () => {
    const coloured = colouredAnswer(text);
    for (const word of ['Metrics', 'better', 'worse', 'Warning:'])
      expect(coloured).toContain(`m${word}\u001b[`);
    expect(colouredAnswer('nothing is better\nor worse')).toBe('nothing is better\nor worse');
  });
});

test('a line of progress fits the terminal, and keeps the end of a long path', () => {
  const step = { phase: 'storing', done: 1e9, total: 5e9, unit: 'bytes' } as const;
  const path = `${'deep/'.repeat(30)}model.safetensors`;
  const line = progressText({ ...step, path }, 60);
  expect(line).toMatch(/^storing ….*model\.safetensors 1 GB of 5 GB$/);
  expect(line.length).toBeLessThanOrEqual(60);
  expect(progressText({ ...step, total: null, unit: 'files', done: 3 }, 60)).toBe(
    'storing 3 files',
  );
});
