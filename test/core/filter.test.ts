import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failure, isFailure } from '../../src/core/failure';
import { filterClauses, parseFilter, parseFilterKey, searchOf } from '../../src/core/filter';
import { filterCompletion } from '../../src/core/filterCompletion';
import { filterWord } from '../../src/core/filterTokens';

const clausesOf = (text: string) => filterClauses(parseFilter(text));

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
    expect(clausesOf('val_accuracy > 0.9 and lr<=1e-3 AND optimizer = adam')).toEqual([
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
    const [clause] = clausesOf(`"top 5 > acc" != 'two \\'words\\' and more'`);
    expect(clause).toEqual({
      key: { kind: 'any', name: 'top 5 > acc' },
      comparison: '!=',
      value: { text: `two 'words' and more`, number: null },
    });
    expect(clausesOf('"metric:my score" > 1')[0]?.key).toEqual({
      kind: 'metric',
      name: 'my score',
    });
    expect(clausesOf('seed = "1"')[0]?.value).toEqual({ text: '1', number: null });
    expect(clausesOf('"label" = 1')[0]?.key).toEqual({ kind: 'any', name: 'label' });
  });

  test('takes lists, and numbers that are not finite', () => {
    const value = (text: string) => clausesOf(text)[0]?.value;
    expect(value('layers = [64, 32]')).toEqual({ text: '[64,32]', number: null });
    expect(value('loss = NaN')).toEqual({ text: 'NaN', number: Number.NaN });
    expect(value('loss < Infinity')).toEqual({ text: 'Infinity', number: Infinity });
    expect(value('loss > -inf')).toEqual({ text: '-inf', number: -Infinity });
    expect(value('x == .5')).toEqual({ text: '.5', number: 0.5 });
    expect(value('created > 2026-11-21')).toEqual({ text: '2026-11-21', number: null });
    expect(value('name = 0x10')).toEqual({ text: '0x10', number: null });
  });

  test('binds `not` closest, then `and`, then `or`; brackets in a name belong to it', () => {
    const shape = (text: string): unknown => shapeOf(parseFilter(text));
    expect(shape('a = 1 or b = 2 and not c = 3')).toEqual(['a', 'or', ['b', 'and', ['not', 'c']]]);
    expect(shape('(a = 1 or b = 2) and c = 3')).toEqual([['a', 'or', 'b'], 'and', 'c']);
    expect(shape('mAP50-95(B) > 0.5 and not (x = 1)')).toEqual([
      'mAP50-95(B)',
      'and',
      ['not', 'x'],
    ]);
    expect(shape('not = 3 and and = 1 or or > 2')).toEqual([['not', 'and', 'and'], 'or', 'or']);
  });

  test.each([
    ['', 'the condition is empty'],
    ['lr', 'the condition "lr" compares nothing'],
    ['lr <', 'the condition "lr <" has no value'],
    ['> 3', 'the condition has no name before ">"'],
    ['lr > 1 and', 'the condition ends with "and"'],
    ['lr > 1 xor lr < 0', '"xor" stands where only "and" or "or" may join two conditions'],
    ['(lr > 1', 'a "(" is not closed'],
    ['lr > 1)', 'a ")" closes no "("'],
    ['lr > (1)', '"lr >" is followed by "("'],
    ['lr > 1 or', 'the condition ends with "or"'],
    ['not', 'the condition "not" compares nothing'],
    ['()', 'the condition has no name before ")"'],
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
    expect(complaint(`${'('.repeat(60)}lr > 1`)).toContain('more than 50 levels');
    expect(complaint(Array(300).fill('a=1').join(' or '))).toContain('more than 200 comparisons');
  });

  test('never throws anything but a failure, and ends', () => {
    const piece = fc.constantFrom(
      'lr',
      'and',
      'or',
      'not',
      '(',
      ')',
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
        const [clause] = clausesOf(`${quoted(name)} = ${quoted(value)}`);
        expect(clause?.key).toEqual({ kind: 'any', name });
        expect(clause?.value).toEqual({ text: value, number: null });
      }),
    );
  });
});

function shapeOf(filter: ReturnType<typeof parseFilter>): unknown {
  if (filter.kind === 'clause') return 'name' in filter.clause.key ? filter.clause.key.name : '';
  if (filter.kind === 'not') return ['not', shapeOf(filter.of)];
  const word = filter.kind === 'all' ? 'and' : 'or';
  return filter.of.flatMap((part, index) =>
    index === 0 ? [shapeOf(part)] : [word, shapeOf(part)],
  );
}

test('what is typed is words, unless it compares something', () => {
  expect(searchOf('  ')).toEqual({ kind: 'everything' });
  expect(searchOf(' smaller rate ')).toEqual({ kind: 'words', text: 'smaller rate' });
  expect(searchOf('description ~ rate').kind).toBe('condition');
});

describe('completion', () => {
  const vocabulary = {
    metrics: ['val_accuracy', 'val_loss'],
    parameters: ['lr', 'optimizer', 'batch size'],
    valuesOf: (name: string) => (name === 'optimizer' ? ['adam', 'sgd'] : []),
  };
  const offered = (text: string, caret = text.length) => {
    const { start, end, suggestions } = filterCompletion(text, caret, vocabulary);
    return [text.slice(start, end), suggestions.map((one) => one.text)] as const;
  };

  test('offers names, then comparisons, values and what joins', () => {
    expect(offered('val')).toEqual(['val', ['val_accuracy', 'val_loss']]);
    expect(offered('acc')[1]).toEqual(['val_accuracy']);
    expect(offered('lr ')[1]).toEqual(['>', '>=', '<', '<=', '=', '!=', '~']);
    expect(offered('optimizer = ')[1]).toEqual(['adam', 'sgd']);
    expect(offered('lr > 1 ')[1]).toEqual(['and', 'or']);
    expect(offered('lr > 1 and (not ba')).toEqual(['ba', ['"batch size"']]);
    expect(offered('"bat')).toEqual(['"bat', ['"batch size"']]);
    expect(offered('lr > 1 and val_ > 2', 15)).toEqual(['val_', ['val_accuracy', 'val_loss']]);
  });

  test('what is chosen is read as what it stands for', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        fc.pre(!name.includes(':'));
        const [clause] = clausesOf(`${filterWord(name)} = 1`);
        if (clause?.key.kind === 'any') expect(clause.key.name).toBe(name);
        else expect(clause?.key.kind).toBe('field');
      }),
    );
  });
});
