import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  finderEdition,
  looksLikeParameterFile,
  ParameterFinder,
  parameterLanguage,
  type SourceParameter,
  writtenAs,
} from '../../src/source/index';

const folder = path.join(import.meta.dirname, 'corpus');
const golden = path.join(import.meta.dirname, 'corpus.golden.json');
const names = readdirSync(folder).sort();
const textOf = (name: string) => readFileSync(path.join(folder, name), 'utf8');
const finderFor = (name: string) => new ParameterFinder(parameterLanguage(name) ?? 'python');

const row = ({ kind, path: dotted, value }: SourceParameter) =>
  `${kind} ${dotted} = ${JSON.stringify(value)}`;

function findingsOf(name: string) {
  const text = textOf(name);
  const { parameters, entryPoints } = finderFor(name).findInFile(text);
  return {
    parameters: parameters.map(row),
    entryPoints: entryPoints.map(({ kind }) => kind),
  };
}

describe('the corpus', () => {
  it('is what people write', () => {
    expect(names.filter((name) => name.endsWith('.py')).length).toBeGreaterThanOrEqual(20);
  });

  it('gives what it gave', () => {
    const found = Object.fromEntries(names.map((name) => [name, findingsOf(name)]));
    const before = JSON.parse(readFileSync(golden, 'utf8'));
    // CAIRN_GOLDEN=1 writes what is found now; look at the difference before it is kept.
    if (process.env['CAIRN_GOLDEN'] === '1') {
      for (const name of Object.keys(before.found).filter((one) => names.includes(one)))
        if (before.edition === finderEdition)
          expect(found[name], 'what is kept is stale: finderEdition').toEqual(before.found[name]);
      writeFileSync(golden, `${JSON.stringify({ edition: finderEdition, found }, null, 1)}\n`);
    } else expect({ edition: finderEdition, found }).toEqual(before);
  });

  it.each(names.filter((name) => !name.endsWith('.ipynb')))('%s: ranges are literals', (name) => {
    const text = textOf(name);
    const language = parameterLanguage(name) ?? 'python';
    const finder = finderFor(name);
    for (const parameter of finder.findInFile(text).parameters) {
      const literal = text.slice(parameter.start, parameter.end);
      // What is written in its place, unchanged, is read back as the same value at the same path.
      const same = writtenAs(language, literal, parameter.value);
      const edited = text.slice(0, parameter.start) + same + text.slice(parameter.end);
      const again = finder
        .findInFile(edited)
        .parameters.filter(({ start }) => start === parameter.start);
      expect(again.map(row), `${literal} as ${same}`).toContain(row(parameter));
    }
  });
});

/** `CAIRN_PROPERTY_RUNS` for more than the everyday handful. */
const numRuns = Number(process.env['CAIRN_PROPERTY_RUNS'] ?? 25);

const edits = fc.record({
  name: fc.constantFrom(...names),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat({ max: 40 }),
  inserted: fc.oneof(
    fc.string({ maxLength: 20, unit: 'binary' }),
    fc.constantFrom('(', '[', '{', '"""', "'", '\n', '\\\n', ':', ',', 'lr=', '\t', '#', '\u0000'),
  ),
});

describe('whatever the text is', () => {
  it('no prefix and no edit throws, and ranges stay inside', () => {
    fc.assert(
      fc.property(edits, fc.boolean(), ({ name, at, length, inserted }, cut) => {
        const text = textOf(name);
        const from = Math.floor(at * text.length);
        const rest = cut ? '' : text.slice(from + length);
        const edited = text.slice(0, from) + inserted + rest;
        for (const { start, end, name: last, path: dotted } of finderFor(name).findInFile(edited)
          .parameters) {
          expect(start).toBeLessThan(end);
          expect(dotted.endsWith(last)).toBe(true);
          if (!name.endsWith('.ipynb')) expect(end).toBeLessThanOrEqual(edited.length);
        }
      }),
      { numRuns },
    );
  });

  it('text after text gives what each gives alone', () => {
    fc.assert(
      fc.property(fc.array(edits, { minLength: 1, maxLength: 5 }), (all) => {
        const name = all[0]?.name ?? '';
        const kept = finderFor(name);
        let text = textOf(name);
        for (const { at, length, inserted } of all) {
          const from = Math.floor(at * text.length);
          text = text.slice(0, from) + inserted + text.slice(from + length);
          expect(kept.findInFile(text)).toEqual(finderFor(name).findInFile(text));
        }
      }),
      { numRuns },
    );
  });

  it.each(['(', '[', '{', 'f(', '- ', 'a.', 'if x:\n ', 'lambda: '])(
    'deep nesting of %j ends',
    (piece) => {
      for (const name of ['a.py', 'a.yaml', 'a.toml'])
        expect(() => finderFor(name).findInFile(`x = ${piece.repeat(1_000)}`)).not.toThrow();
    },
  );
});

it('the skeleton changes with the code, and with nothing else', () => {
  const skeleton = (text: string) => new ParameterFinder('python').findInFile(text).skeleton;
  const before = skeleton('LR = 0.1\ntrain(LR, epochs=3)\n');
  expect(skeleton('# a note\nLR = 1e-4\n\ntrain(LR, epochs=30)\n')).toBe(before);
  expect(skeleton('LR = 0.1\ntrain(LR, epochs=3, shuffle=True)\n')).not.toBe(before);
});

it.each([
  ['params.yaml', true],
  ['conf/model/resnet.yaml', true],
  ['configs/a.json', true],
  ['train_config.toml', true],
  ['hparams.json', true],
  ['package.json', false],
  ['.github/workflows/config.yaml', false],
  ['cairn.yaml', false],
  ['pyproject.toml', false],
  ['data/labels.json', false],
  ['train.py', false],
])('%s is a file of parameters: %s', (name, expected) => {
  expect(looksLikeParameterFile(name)).toBe(expected);
});

it.each([
  ['python', '1e-3', 2, '2.0'],
  ['python', "'adam'", 'sgd', "'sgd'"],
  ['python', '0.1', [1, 2], '[1.0, 2.0]'],
  ['python', '(1, 2)', [3], '(3,)'],
  ['yaml', 'adam', 'sgd', 'sgd'],
  ['yaml', 'adam', 'yes', '"yes"'],
  ['yaml', '0.5', 2, '2.0'],
  ['yaml', 'null', true, 'true'],
  ['json', '1', null, 'null'],
  ['json', '[1]', ['a'], '["a"]'],
  ['toml', '1.5', 2, '2.0'],
  ['toml', "'a'", 'b', '"b"'],
] as const)('%s: in the place of %s, %j is %s', (language, literal, value, text) => {
  expect(writtenAs(language, literal, value)).toBe(text);
});
