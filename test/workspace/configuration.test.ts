import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import schema from '../../media/cairn.schema.json';
import { checkConfiguration } from '../../src/core/configurationRules';
import { isFailure } from '../../src/core/failure';
import {
  configurationText,
  parseConfiguration,
  readConfiguration,
  writeConfiguration,
} from '../../src/workspace';
import { platform, projectFolder, removeFolders } from './projectFolder';
import { isValid } from './schema';

afterAll(removeFolders);

/** Line and message of everything wrong with a text. */
function problemsOf(text: string): [number | null, string][] {
  try {
    parseConfiguration(text);
    return [];
  } catch (error) {
    if (!isFailure(error, 'configuration-invalid')) throw error;
    return error.data.problems.map(({ line, message }) => [line, message]);
  }
}

const full = `
models:
  digits:
    code: ["train.py", "digits/**"]
    artifacts: models/digits.safetensors
    parameters: ["params.yaml"]
    metrics: ["metrics.json"]
    curves: ["history.json"]
    predictions: "predictions.csv"
    positive: 1.0
    datasets:
      - { path: "/scratch/digits.csv", source: "UCI", preprocessing: "scaled to 0..1" }
      - ../shared
    primary: { metric: "val_accuracy", better: "higher" }
    max_drop: 0.02
  other:
`;

describe('reading cairn.yaml', () => {
  it('reads every key, and fills in what was not said', () => {
    const [digits, other] = parseConfiguration(full).models;
    expect(digits).toEqual({
      name: 'digits',
      code: ['train.py', 'digits/**'],
      artifacts: ['models/digits.safetensors'],
      parameters: ['params.yaml'],
      metrics: ['metrics.json'],
      curves: ['history.json'],
      predictions: 'predictions.csv',
      positive: '1.0',
      datasets: [
        { path: '/scratch/digits.csv', source: 'UCI', preprocessing: 'scaled to 0..1' },
        { path: '../shared' },
      ],
      primary: { metric: 'val_accuracy', better: 'higher' },
      maxDrop: 0.02,
    });
    expect(other).toMatchObject({ name: 'other', code: null, artifacts: [], primary: null });
  });

  it('is content with nothing at all', async () => {
    const empty = await projectFolder();
    expect(await readConfiguration(platform, empty)).toEqual({ declared: false, models: [] });
    const bare = await projectFolder({ 'cairn.yaml': '# nothing yet\n' });
    expect(await readConfiguration(platform, bare)).toEqual({ declared: true, models: [] });
  });

  it('names unknown keys with their line and the nearest known one', () => {
    expect(
      problemsOf('models:\n  a:\n    artefacts: [x]\n    zzzzzzzzzzzz: 1\nmodel: 1\n'),
    ).toEqual([
      [3, 'unknown key "artefacts"; the nearest known is "artifacts"'],
      [4, expect.stringMatching(/^unknown key "zzzzzzzzzzzz"; known are code, artifacts/)],
      [5, 'unknown key "model"; the nearest known is "models"'],
    ]);
  });

  it.each([
    ['models: [a]', 1, /"models" holds a list/],
    ['models:\n  a: text', 2, /"a" holds text/],
    ['models:\n  a:\n    artifacts: 3', 3, /"artifacts" is a number, not a list/],
    ['models:\n  a:\n    metrics:\n      - ok\n      - [1]', 5, /entry 2 of "metrics" is a list/],
    ['models:\n  a:\n    code:\n      - ../x', 4, /"..\/x" leads out of the project/],
    ['models:\n  a:\n    code: ["a/{b,..}/c"]', 3, /leads out/],
    ['models:\n  a:\n    predictions: /etc/passwd', 3, /is absolute/],
    ['models:\n  a:\n    code: ["C:/x"]', 3, /is absolute/],
    ['models:\n  a:\n    code: ["models\\\\x"]', 3, /where "\/" parts/],
    ['models:\n  a:\n    primary: { metric: f1 }', 3, /needs "metric" and "better"/],
    ['models:\n  a:\n    primary: { metric: f1, better: more }', 3, /"higher" or "lower"/],
    ['models:\n  a:\n    max_drop: -1', 3, /no number from 0 up/],
    ['models:\n  a:\n    max_drop: .nan', 3, /no number from 0 up/],
    ['models:\n  a:\n    datasets:\n      - source: UCI', 4, /needs a "path"/],
    ['models:\n  "a b": {}', 2, /"a b" cannot name a model/],
    ['models:\n  a.lock: {}', 2, /cannot name/],
    ['models:\n  Digits: {}\n  digits: {}', 3, /"digits" and "Digits" are one name/],
    ['models:\n  a: {}\n  a: {}', 3, /unique/],
    ['models: {', 1, /./],
    ['models: *nowhere', null, /alias/i],
    ['--- 1\n--- 2', 2, /documents/],
  ])('refuses %j', (text, line, message) => {
    expect(problemsOf(text)[0]).toEqual([line, expect.stringMatching(message)]);
  });

  it('tells every problem at once, in the order of the lines', () => {
    const text = 'models:\n  a:\n    metrics: 1\n    code: 2\n  "b c":\n    x: 1\n';
    expect(problemsOf(text).map(([line]) => line)).toEqual([3, 4, 5, 6]);
  });

  it('follows aliases to lines, and is not bombed with them', () => {
    expect(problemsOf('x: &x\n  bad: 1\nmodels:\n  a: *x\n').map(([line]) => line)).toEqual([1, 2]);
    const bomb = Array.from({ length: 8 }, (_, i) => `b${i}: &b${i} [${`*b${i - 1},`.repeat(9)}]`);
    expect(problemsOf(`b-1: &b-1 [1]\n${bomb.join('\n')}`)).toEqual([
      [null, expect.stringMatching(/alias count/)],
    ]);
  });

  it('refuses what is nested without end, not text, or too large', async () => {
    expect(problemsOf('['.repeat(5000))[0]).toEqual([1, 'the file is nested too deeply']);
    const binary = await projectFolder({ 'cairn.yaml': Uint8Array.of(0xff, 0xfe, 0x80) });
    await expect(readConfiguration(platform, binary)).rejects.toMatchObject({
      code: 'configuration-invalid',
      data: { problems: [{ line: null, message: 'the file is not text in UTF-8' }] },
    });
    const large = await projectFolder({ 'cairn.yaml': `# ${'x'.repeat(200_000)}` });
    await expect(readConfiguration(platform, large)).rejects.toMatchObject({ code: 'unreadable' });
  });

  it('keeps a hostile key from becoming more than a key', () => {
    expect(problemsOf('__proto__: { polluted: 1 }')).toEqual([
      [1, expect.stringMatching(/unknown key "__proto__"/)],
    ]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('the published schema', () => {
  const mostly = <T>(value: fc.Arbitrary<T>) =>
    fc.oneof(
      { weight: 9, arbitrary: value as fc.Arbitrary<unknown> },
      fc.constantFrom(null, 1, true, '', [], {}, 'x'),
    );
  const someText = mostly(fc.constantFrom('a', ' ', 'x'.repeat(1025), '😀'.repeat(1024), 'é'));
  const someGlob = mostly(
    fc.oneof(
      fc.constantFrom(
        'a/**',
        '!b',
        '!/b',
        '/a',
        '..',
        'a/..',
        '{..,a}',
        'a..b',
        'C:x',
        '\\[',
        'a\\b',
        '!',
        ' ',
      ),
      fc
        .array(
          fc.constantFrom('a', '/', '..', '.', '!', '{', '}', ',', '\\', ':', '*', ' ', '\n'),
          { maxLength: 6 },
        )
        .map((parts) => parts.join('')),
    ),
  );
  const someGlobs = mostly(fc.oneof(someGlob, fc.array(someGlob, { maxLength: 3 })));
  const someDataset = fc.record(
    { path: someText, name: someText, source: someText, preprocessing: someText },
    { requiredKeys: [] },
  );
  const someModel = mostly(
    fc.record(
      {
        code: someGlobs,
        artifacts: someGlobs,
        curves: someGlobs,
        predictions: someGlob,
        positive: someText,
        datasets: mostly(fc.array(fc.oneof(someText, someDataset), { maxLength: 3 })),
        primary: mostly(
          fc.record(
            { metric: someText, better: mostly(fc.constantFrom('higher', 'lower', 'x')) },
            { requiredKeys: [] },
          ),
        ),
        max_drop: mostly(fc.constantFrom(0, 0.5, -1)),
        unknown: fc.constant(1),
      },
      { requiredKeys: [] },
    ),
  );
  const someName = fc.constantFrom(
    'a',
    'b.lock',
    'c..d',
    'e.',
    '-f',
    'g-h_1.2',
    'i'.repeat(65),
    '',
    'j\n',
  );
  const someTree = mostly(
    fc.record(
      { models: mostly(fc.dictionary(someName, someModel, { maxKeys: 3 })), model: someModel },
      { requiredKeys: [] },
    ),
  );

  it('says of every tree what the check says', () => {
    let [valid, invalid] = [0, 0];
    fc.assert(
      fc.property(someTree, (tree) => {
        const { problems } = checkConfiguration(tree);
        if (problems.length === 0) valid++;
        else invalid++;
        expect([isValid(schema, tree), problems]).toEqual([problems.length === 0, problems]);
      }),
      { numRuns: 1500 },
    );
    expect(Math.min(valid, invalid)).toBeGreaterThan(50);
  });
});

describe('writing cairn.yaml', () => {
  const model = parseConfiguration(full).models[0]!;

  it('writes what is read back the same, models by name, and leaves an existing file alone', async () => {
    const root = await projectFolder();
    const models = [
      { ...model, name: 'zebra' },
      { ...model, name: 'ant', code: null, primary: null },
    ];
    expect(await writeConfiguration(platform, root, models)).toBe(true);
    const read = await readConfiguration(platform, root);
    expect(read).toEqual({ declared: true, models: [models[1], models[0]] });
    const text = await readFile(join(root, 'cairn.yaml'), 'utf8');
    expect(await writeConfiguration(platform, root, [])).toBe(false);
    expect(await readFile(join(root, 'cairn.yaml'), 'utf8')).toBe(text);
  });

  it('explains itself, once', () => {
    const text = configurationText([model, { ...model, name: 'other' }]);
    expect(text).toMatch(/^# What Cairn keeps/);
    expect(text.match(/# Model files/g)).toHaveLength(1);
    expect(configurationText([])).toMatch(/models: \{\}/);
  });
});
