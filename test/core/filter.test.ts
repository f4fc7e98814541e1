import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failure, isFailure } from '../../src/core/failure';
import { parseFilter, parseFilterKey } from '../../src/core/filter';

function complaint(text: string): string {
  try {
    parseFilter(text);
  } catch (error) {
    if (isFailure(error, 'usage')) return error.data.what;
    throw error;
  }
  return 'nothing';
}

describe('a condition', () => {
  test('is clauses joined by "and"', () => {
    expect(parseFilter('val_accuracy > 0.9 and lr<=1e-3 AND optimizer = adam').clauses).toEqual([
      {
        key: { kind: 'any', name: 'val_accuracy' },
        comparison: '>',
        value: { text: '0.9', number: 0.9 },
      },
      {
        key: { kind: 'any', name: 'lr' },
        comparison: '<=',
        value: { text: '1e-3', number: 0.001 },
      },
      {
        key: { kind: 'any', name: 'optimizer' },
        comparison: '=',
        value: { text: 'adam', number: null },
      },
    ]);
  });

  test('knows metrics, parameters and what a version itself has', () => {
    expect(parseFilterKey('metric:f1')).toEqual({ kind: 'metric', name: 'f1' });
    expect(parseFilterKey('parameter:optimizer.lr')).toEqual({
      kind: 'parameter',
      name: 'optimizer.lr',
    });
    expect(parseFilterKey('Label')).toEqual({ kind: 'field', field: 'label' });
    expect(parseFilterKey('created')).toEqual({ kind: 'field', field: 'createdAt' });
    expect(parseFilterKey('train:loss')).toEqual({ kind: 'any', name: 'train:loss' });
  });

  test('takes names and values in quotes', () => {
    const [clause] = parseFilter(`"top 5 > acc" != 'two \\'words\\' and more'`).clauses;
    expect(clause).toEqual({
      key: { kind: 'any', name: 'top 5 > acc' },
      comparison: '!=',
      value: { text: `two 'words' and more`, number: null },
    });
    expect(parseFilter('"metric:my score" > 1').clauses[0]?.key).toEqual({
      kind: 'metric',
      name: 'my score',
    });
    expect(parseFilter('seed = "1"').clauses[0]?.value).toEqual({ text: '1', number: null });
    expect(parseFilter('"label" = 1').clauses[0]?.key).toEqual({ kind: 'any', name: 'label' });
  });

  test('takes lists, and numbers that are not finite', () => {
    const value = (text: string) => parseFilter(text).clauses[0]?.value;
    expect(value('layers = [64, 32]')).toEqual({ text: '[64,32]', number: null });
    expect(value('loss = NaN')).toEqual({ text: 'NaN', number: Number.NaN });
    expect(value('loss < Infinity')).toEqual({ text: 'Infinity', number: Infinity });
    expect(value('loss > -inf')).toEqual({ text: '-inf', number: -Infinity });
    expect(value('x == .5')).toEqual({ text: '.5', number: 0.5 });
    expect(value('created > 2026-11-21')).toEqual({ text: '2026-11-21', number: null });
    expect(value('name = 0x10')).toEqual({ text: '0x10', number: null });
  });

  test.each([
    ['', 'the condition is empty'],
    ['lr', 'the condition "lr" compares nothing'],
    ['lr <', 'the condition "lr <" has no value'],
    ['> 3', 'the condition has no name before ">"'],
    ['lr > 1 and', 'the condition ends with "and"'],
    ['lr > 1 or lr < 0', '"or" stands where only "and" may join two conditions'],
    ['lr 1', '"1" stands where a comparison should (= != > >= < <= ~)'],
    ['lr > > 1', '"lr >" is followed by ">"'],
    ['"lr > 1', 'the condition cannot be read from ""lr > 1"'],
    ['lr ! 1', 'the condition cannot be read from "! 1"'],
    ['number = best', '"number = best" compares the version\'s number with something else'],
    ['number != nan', '"number != nan" compares the version\'s number with something else'],
    ['metric:f1 > high', '"metric:f1 > high" compares a metric with a text'],
    ['number ~ 3', '"~" looks for a text in a text, and "number" is a number'],
    ['layers = [64', 'the list [64 is not JSON'],
    ['"" = 1', 'the condition has an empty name'],
  ])('%j is refused: %s', (text, what) => {
    expect(complaint(text)).toBe(what);
  });

  test('is bounded', () => {
    expect(complaint(`a = ${'x'.repeat(10_000)}`)).toContain('more than 10000');
  });

  test('never throws anything but a failure, and ends', () => {
    const piece = fc.constantFrom(
      'lr',
      'and',
      '>',
      '!=',
      '"',
      "'",
      ' ',
      '[1,2]',
      '~',
      '0.1',
      '\\',
      'é',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((list) => list.join('')),
        ),
        (text) => {
          try {
            parseFilter(text);
          } catch (error) {
            expect(error).toBeInstanceOf(Failure);
          }
        },
      ),
    );
  });

  test('reads back what was written in quotes', () => {
    const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.string(), (name, value) => {
        fc.pre(!name.includes(':'));
        const [clause] = parseFilter(`${quoted(name)} = ${quoted(value)}`).clauses;
        expect(clause?.key).toEqual({ kind: 'any', name });
        expect(clause?.value).toEqual({ text: value, number: null });
      }),
    );
  });
});
