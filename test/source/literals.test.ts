import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParameterValue } from '../../src/core/parameters';
import { findLiterals, formatPython, replaceLiteral } from '../../src/source/index';

const valuesIn = (text: string) =>
  findLiterals(text).map(({ name, value }) => [name, value] as const);

describe('literals', () => {
  it.each<[string, ParameterValue]>([
    ['1e-3', 0.001],
    ['1_000', 1000],
    ['-5', -5],
    ['+0.5', 0.5],
    ['.5', 0.5],
    ['5.', 5],
    ['-1.', -1],
    ['[1., 2.]', [1, 2]],
    ['- 2.5E+3', -2500],
    ['0x1F', 31],
    ['0b101', 5],
    ['0o17', 15],
    ['12345678901234567890', '12345678901234567890'],
    ['1e999', 'Infinity'],
    ['-1e999', '-Infinity'],
    ['True', true],
    ['False', false],
    ['None', null],
    ['"adam"', 'adam'],
    ["'it\\'s'", "it's"],
    ['r"a\\b"', 'a\\b'],
    ['"""three\nlines"""', 'three\nlines'],
    ['"tab\\t\\x41\\u00e9\\U0001F600\\101\\q"', 'tab\tAé😀A\\q'],
    ['"a" "b"', 'ab'],
    ['(1)', 1],
    ['(1, 2.5)', [1, 2.5]],
    ['[64, 32,]', [64, 32]],
    [
      '[[1, 2], [3, None]]',
      [
        [1, 2],
        [3, null],
      ],
    ],
    ['(\n  8,  # eight\n  16,\n)', [8, 16]],
    ['1, 2', [1, 2]],
    ['1,', [1]],
  ])('%s', (text, value) => {
    expect(valuesIn(`X = ${text}\n`)).toEqual([['X', value]]);
    expect(valuesIn(`import os\nx: int = ${text}  # note\nprint(x)`)).toEqual([['x', value]]);
  });

  it.each([
    'X = f(1)',
    'X = 1 + 1',
    'X = y',
    'X = 1 if y else 2',
    'X = f"{y}"',
    'X = b"bytes"',
    'X = 2j',
    'X = "\\N{BULLET}"',
    'X = [1, y]',
    'X = {1, 2}',
    'X = []',
    'X = ()',
    'X = {}',
    'X = ~1',
    'X = not True',
    'X = y.',
    'X = 5.real',
    'X = --1',
    'X = [i for i in range(3)]',
    `X = "${'long '.repeat(60)}"`,
    '__version__ = "1.0"',
    '_ = 1',
    'DATA_PATH = "data/x.csv"',
    'output_dir = "out"',
    'API_KEY = "sk-123"',
    'HF_TOKEN = "hf_123"',
    'CONFIG = {"password": "x", **other}',
    'x.y = 1',
    'x[0] = 1',
    'X: float',
    'def f():\n    X = 1',
    'class A:\n    X = 1',
    'if y:\n    X = 1',
    '"""X = 1"""',
    '# X = 1',
    'f(X=1)',
    'steps = 0\nfor i in y:\n    steps += 1',
    'best = 0.0\nwhile True:\n    if y:\n        best = z',
  ])('leaves %s out', (text) => {
    expect(valuesIn(`${text}\n`)).toEqual([]);
  });

  it('keeps numbers whose names end in words of texts', () => {
    expect(valuesIn('MAX_TOKENS = 5\nn_files = 3\n')).toEqual([
      ['MAX_TOKENS', 5],
      ['n_files', 3],
    ]);
  });

  it('keeps a value that only a function changes', () => {
    expect(valuesIn('EPOCHS = 5\ndef f():\n    for i in x:\n        EPOCHS = 6\n')).toEqual([
      ['EPOCHS', 5],
    ]);
  });

  it('takes several on a line and several targets', () => {
    expect(valuesIn('A = 1; B = 2\nC = D = 3\nE, F = 4, "x"\nG, H = 5\n')).toEqual([
      ['A', 1],
      ['B', 2],
      ['C', 3],
      ['D', 3],
      ['E', 4],
      ['F', 'x'],
    ]);
  });

  it('takes the entries of dictionaries one by one', () => {
    const text = 'CONFIG = {\n  "lr": 0.1,  # rate\n  "optimizer": {"name": "sgd", "k": f()},\n}\n';
    expect(findLiterals(text)).toEqual([
      { name: 'CONFIG.lr', value: 0.1, line: 2, start: 19, end: 22 },
      { name: 'CONFIG.optimizer.name', value: 'sgd', line: 3, start: 56, end: 61 },
    ]);
  });

  it('lists a name that comes twice, in the order of the text', () => {
    expect(findLiterals('A = 1\nA = 2\n').map(({ value, line }) => [value, line])).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('counts lines whatever ends them', () => {
    const found = findLiterals('A = 1\r\nB = 2\n\nC = """\n"""\nD = 4');
    expect(found.map(({ name, line }) => [name, line])).toEqual([
      ['A', 1],
      ['B', 2],
      ['C', 4],
      ['D', 6],
    ]);
  });

  it('goes on where the text does not parse', () => {
    const text = 'A = 1\ndef f(:\n  x = \nB = 2\nC = \nD = 3 +\n%matplotlib inline\nE = 5\n';
    const found = new Map(valuesIn(text));
    expect([found.get('A'), found.get('B'), found.get('E')]).toEqual([1, 2, 5]);
    expect(found.has('C')).toBe(false);
    expect(found.has('D')).toBe(false);
  });

  it('finds the settings of the example', () => {
    const path = fileURLToPath(new URL('../../examples/digits/train.py', import.meta.url));
    const text = readFileSync(path, 'utf8');
    const found = findLiterals(text);
    expect(found.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['HIDDEN_LAYERS', 'LEARNING_RATE', 'MOMENTUM', 'EPOCHS', 'SEED']),
    );
    const lines = text.split('\n');
    for (const { name, line, start, end } of found) {
      expect(lines[line - 1]).toMatch(new RegExp(`^${name}\\b`));
      expect(lines[line - 1]).toContain(text.slice(start, end));
    }
  });

  it('takes any text, and tells where each literal stands', () => {
    const piece = fc.constantFrom(
      ...['A = 1\n', 'B = [1, ', '"""', ')', '\r', '\t', 'x', '{"k": 2}', '= ', ', ', '# c\n'],
      ...["'", 'def f():\n  ', 'for i in x: ', '\\', '\0', 'é', '🙂', 'lambda: ', '+= 1\n'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        for (const { start, end, line } of findLiterals(text)) {
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(text.slice(0, start).split(/\r\n|\r|\n/)).toHaveLength(line);
        }
      }),
    );
  });

  it('is not hurt by very long, very deep or very many things', () => {
    expect(valuesIn(`X = ${'['.repeat(2000)}${']'.repeat(2000)}`)).toEqual([]);
    expect(valuesIn(`X = ${'-'.repeat(2000)}1`)).toEqual([]);
    expect(valuesIn(`X = [${'1,'.repeat(5000)}]`)).toEqual([]);
    expect(valuesIn(`${'# '.repeat(2 * 1024 * 1024)}\nX = 1`)).toEqual([]);
    expect(valuesIn(`X = 0x${'F'.repeat(500)}`)[0]?.[0]).toBeUndefined();
  });
});

describe('writing Python', () => {
  it.each<[ParameterValue, string]>([
    [1, '1'],
    [0.001, '0.001'],
    [1e-7, '1e-7'],
    [-0, '-0.0'],
    [true, 'True'],
    [false, 'False'],
    [null, 'None'],
    ['a "quoted"\n\\ text', '"a \\"quoted\\"\\n\\\\ text"'],
    [[64, [true, null]], '[64, [True, None]]'],
    [[], '[]'],
  ])('%j is %s', (value, text) => {
    expect(formatPython(value)).toBe(text);
  });

  it('comes back as the same value', () => {
    const leaf = fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
      fc.boolean(),
      fc.string({ maxLength: 20 }),
      fc.constant(null),
    );
    const value = fc.oneof(leaf, fc.array(leaf, { minLength: 1, maxLength: 5 }));
    fc.assert(
      fc.property(value, (some) => {
        expect(valuesIn(`X = ${formatPython(some)}\n`)).toEqual([['X', some]]);
      }),
    );
  });
});

describe('replacing a literal', () => {
  it.each<[string, ParameterValue, string]>([
    ['X = 0.01  # rate', 0.001, 'X = 0.001  # rate'],
    ['X = 0.5', 1, 'X = 1.0'],
    ['X = 1e-3', 2, 'X = 2.0'],
    ['X = 5', 0.5, 'X = 0.5'],
    ['X = 5.  # five', 6, 'X = 6.0  # five'],
    ['X = -5.  # five', 6, 'X = 6.0  # five'],
    ['X = 0x1F', 16, 'X = 16'],
    ["X = 'sgd'", 'ad"am\'', "X = 'ad\"am\\''"],
    ['X = "sgd"', 'adam', 'X = "adam"'],
    ['X = (1, 2)', [3], 'X = (3,)'],
    ['X = (1, 2)', [], 'X = ()'],
    ['X = [1, 2]', [3], 'X = [3]'],
    ['X = 1, 2', [3, 4], 'X = 3, 4'],
    ['X = 1, 2', [3], 'X = 3,'],
    ['X = 1,', [3, 4], 'X = 3, 4'],
    ['X = (0.9, 0.99)', [1, 0.5], 'X = (1.0, 0.5)'],
    ['X = None', 'text', 'X = "text"'],
    ['X = 1', [2], 'X = [2]'],
    ['X = "a, b"', [2], 'X = [2]'],
    ['X = 1', '12345678901234567890', 'X = 12345678901234567890'],
    ['X = 1.0', 'NaN', 'X = float("nan")'],
    ['X = 1\nX = 2', 3, 'X = 1\nX = 3'],
    ['X: float = 1.5\ny(X)', 2.5, 'X: float = 2.5\ny(X)'],
  ])('%s with %j', (text, value, expected) => {
    expect(replaceLiteral(text, 'X', value)).toBe(expected);
  });

  it('reaches into dictionaries', () => {
    expect(replaceLiteral('C = {"lr": 0.1, "n": 1}\n', 'C.lr', 0.2)).toBe(
      'C = {"lr": 0.2, "n": 1}\n',
    );
  });

  it('finds nothing where there is nothing', () => {
    expect(replaceLiteral('X = f()\n', 'X', 1)).toBeNull();
    expect(replaceLiteral('', 'X', 1)).toBeNull();
  });

  it('changes nothing else', () => {
    const text = 'A = 1\nX = 0.5  # é\nB = "x"\n';
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const replaced = replaceLiteral(text, 'X', value) ?? '';
        expect(replaced.startsWith('A = 1\nX = ')).toBe(true);
        expect(replaced.endsWith('  # é\nB = "x"\n')).toBe(true);
        expect(valuesIn(replaced)[1]?.[1]).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});
