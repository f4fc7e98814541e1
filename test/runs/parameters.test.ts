import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flattenParameters } from '../../src/core/parameters';
import { isModelConfiguration, readParameters } from '../../src/runs/index';
import { readJson } from '../../src/runs/jsonText';
import { folder, platform, useFolders } from './project';

useFolders();

const read = (files: Record<string, string | Uint8Array>, paths = Object.keys(files)) =>
  readParameters(platform, folder(files), paths);

const json = `{
  "lr": 0.001,
  "optimizer": {
    "name": "adam",
    "betas": [0.9, 0.999]
  },
  "layers": [{"units": 64}, {"units": 32}],
  "dropout": null, "nan": NaN
}`;
const yaml = `# training
lr: 1e-3
optimizer: &base
  name: adam
  betas: [0.9, 0.999]
layers:
  - units: 64
  - units: 32
dropout: null
nan: .nan
`;
const toml = `lr = 0.001
nan = nan

[optimizer] # the usual
name = "adam"
betas = [
  0.9,
  0.999,
]
[[layers]]
units = 64
[[layers]]
units = 32
`;
const expected = {
  lr: 0.001,
  'optimizer.name': 'adam',
  'optimizer.betas': [0.9, 0.999],
  'layers.0.units': 64,
  'layers.1.units': 32,
  nan: 'NaN',
};

describe('parameters', () => {
  it('from JSON have the lines of their values', async () => {
    const { parameters, origins, warnings } = await read({ 'params.json': json });
    expect(parameters).toEqual({ ...expected, dropout: null });
    expect(origins).toEqual({
      lr: 'params.json:2',
      'optimizer.name': 'params.json:4',
      'optimizer.betas': 'params.json:5',
      'layers.0.units': 'params.json:7',
      'layers.1.units': 'params.json:7',
      dropout: 'params.json:8',
      nan: 'params.json:8',
    });
    expect(warnings).toEqual([]);
  });

  it('from YAML too', async () => {
    const { parameters, origins } = await read({ 'a/params.yaml': yaml });
    expect(parameters).toEqual({ ...expected, dropout: null });
    expect(origins).toEqual({
      lr: 'a/params.yaml:2',
      'optimizer.name': 'a/params.yaml:4',
      'optimizer.betas': 'a/params.yaml:5',
      'layers.0.units': 'a/params.yaml:7',
      'layers.1.units': 'a/params.yaml:8',
      dropout: 'a/params.yaml:9',
      nan: 'a/params.yaml:10',
    });
  });

  it('from TOML too', async () => {
    const { parameters, origins } = await read({ 'params.toml': toml });
    expect(parameters).toEqual(expected);
    expect(origins).toEqual({
      lr: 'params.toml:1',
      nan: 'params.toml:2',
      'optimizer.name': 'params.toml:5',
      'optimizer.betas': 'params.toml:6',
      'layers.0.units': 'params.toml:11',
      'layers.1.units': 'params.toml:13',
    });
  });

  it('of YAML merge keys, dates and numbers of every notation', async () => {
    const { parameters, origins } = await read({
      'p.yml':
        'base: &b {a: 1, b: 2}\nuse:\n  <<: *b\n  b: 3\nwhen: 2026-01-02\nhex: 0x10\non: yes\nseed: 12345678901234567890\n',
    });
    expect(parameters).toMatchObject({
      'use.a': 1,
      'use.b': 3,
      when: '2026-01-02',
      hex: 16,
      on: 'yes',
    });
    expect(origins['use.b']).toBe('p.yml:4');
    expect(origins['use.a']).toBe('p.yml:3');
  });

  it('of TOML texts that look like keys, dotted and quoted keys, and inline tables', async () => {
    const { parameters, origins } = await read({
      'p.toml':
        'text = """\nlr = 5\n"""\nlr = 0.1\na.b = 1\n"x.y" = 2\no = { k = 3 }\nwhen = 2026-01-02\nbig = 12345678901234567890\n',
    });
    expect(parameters).toEqual({
      text: 'lr = 5\n',
      lr: 0.1,
      'a.b': 1,
      'x.y': 2,
      'o.k': 3,
      when: '2026-01-02',
      big: '12345678901234567890',
    });
    expect(origins).toMatchObject({ lr: 'p.toml:4', 'a.b': 'p.toml:5', 'o.k': 'p.toml:7' });
  });

  it('of a later file win, with a warning where they differ', async () => {
    const files = { 'a.yaml': 'lr: 1\nseed: 7\n', 'b.json': '{"seed": 7.0, "lr": 2}' };
    const { parameters, origins, warnings } = await read(files);
    expect(parameters).toEqual({ lr: 2, seed: 7 });
    expect(origins).toEqual({ lr: 'b.json:1', seed: 'b.json:1' });
    expect(warnings).toEqual([
      {
        code: 'parameter-duplicate',
        path: 'b.json',
        message: 'lr stands in a.yaml:1 and with another value in b.json, which counts',
      },
    ]);
  });

  it('that come twice in one JSON object are warned of', async () => {
    const { parameters, warnings } = await read({ 'p.json': '{"lr": 1,\n"lr": 2}' });
    expect(parameters).toEqual({ lr: 2 });
    expect(warnings).toMatchObject([{ code: 'parameter-duplicate', path: 'p.json' }]);
  });

  it('may be called anything', async () => {
    const { parameters } = await read({ 'p.json': '{"__proto__": 1, "constructor": {"name": 2}}' });
    expect(Object.entries(parameters)).toEqual([
      ['__proto__', 1],
      ['constructor.name', 2],
    ]);
  });

  it('may be none', async () => {
    expect(await read({})).toEqual({ parameters: {}, origins: {}, warnings: [] });
    expect((await read({ 'p.yaml': '', 'p.toml': '\n', 'p.json': '{}' })).parameters).toEqual({});
  });

  it('may be written as UTF-16 or with a byte order mark', async () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('{"a": 1}', 'utf16le')]);
    const marked = Buffer.from('\ufeffb: 2\n');
    expect((await read({ 'a.json': utf16, 'b.yaml': marked })).parameters).toEqual({ a: 1, b: 2 });
  });

  it('of YAML tags are kept with a warning', async () => {
    const { parameters, warnings } = await read({ 'p.yaml': 'size: !!python/tuple [1, 2]\n' });
    expect(parameters).toEqual({ size: [1, 2] });
    expect(warnings).toMatchObject([{ code: 'yaml-tag' }]);
  });
});

describe('a parameter file', () => {
  it.each([
    ['p.json', '{"a": 1,\n "b": }', /^line 2: a value is missing$/],
    ['p.json', '{"a": 1,\n\n "b" 2}', /^line 3: a colon is missing$/],
    ['p.json', '{"a": 1', /^line 1: the text ends too early$/],
    ['p.json', '{"a": 1} x', /^line 1: something follows/],
    ['p.json', '{"a": "x\n"}', /^line 1: a text has no end$/],
    ['p.json', `${'['.repeat(5000)}`, /^line 1: nesting deeper/],
    ['p.json', '[1, 2]', /no named values/],
    ['p.yaml', 'a: 1\nb: [1\n', /^line \d: /],
    ['p.yaml', 'a: 1\na: 2\n', /^line 2: Map keys must be unique/],
    ['p.yaml', 'just text, and quite a lot of it', /no named values/],
    [
      'p.yaml',
      `a: ${'['.repeat(300)}${']'.repeat(300)}\nb: {c: ${'{d: '.repeat(50)}1${'}'.repeat(50)}}`,
      /./,
    ],
    ['p.toml', 'a = 1\nb = [}\n', /^line 2: invalid/],
    ['p.toml', 'a = 1\na = 2\n', /^line 2: /],
    ['p.ini', 'a=1', /JSON, YAML and TOML/],
  ])('%s of %j is refused with its line', async (path, text, why) => {
    await expect(read({ [path]: text })).rejects.toMatchObject({
      code: 'unreadable',
      data: { path, why: expect.stringMatching(why) },
    });
  });

  it('that multiplies itself by aliases is refused', async () => {
    const levels = Array.from({ length: 30 }, (_, index) => {
      const before = `*l${index}`;
      return `l${index + 1}: &l${index + 1} [${Array(10).fill(before).join(', ')}]`;
    });
    await expect(read({ 'p.yaml': `l0: &l0 x\n${levels.join('\n')}\n` })).rejects.toMatchObject({
      code: 'unreadable',
    });
  });

  it('that is not there or too large is told apart', async () => {
    await expect(read({}, ['missing.yaml'])).rejects.toMatchObject({
      code: 'no-such-file',
      data: { path: 'missing.yaml' },
    });
    await expect(read({ 'p.yaml': Buffer.alloc(1024 * 1024 + 1, 32) })).rejects.toMatchObject({
      code: 'unreadable',
      data: { path: 'p.yaml', why: 'it has 1048577 bytes, at most 1048576 are read' },
    });
    const many = JSON.stringify(
      Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [i, 0])),
    );
    await expect(read({ 'p.json': many })).rejects.toMatchObject({
      data: { why: 'it holds 10001 parameters, at most 10000 are read' },
    });
  });

  it('that is a folder is no file', async () => {
    await expect(read({ 'p.yaml/x': '' }, ['p.yaml'])).rejects.toMatchObject({
      code: 'unreadable',
    });
  });
});

describe('JSON with lines', () => {
  it('reads whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const read = readJson(text).value;
        expect(JSON.stringify(read)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('refuses whatever JSON.parse refuses, but for NaN and infinities', () => {
    const piece = fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '1', '-', '.', 'true', ' ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('');
        const outcome = (parse: () => unknown) => {
          try {
            return JSON.stringify(parse());
          } catch (error) {
            expect((error as Error).name).toMatch(/SyntaxError|JsonProblem/);
            return 'refused';
          }
        };
        expect(outcome(() => readJson(text).value)).toBe(outcome(() => JSON.parse(text)));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps what Python writes', () => {
    const { value } = readJson('[NaN, Infinity, -Infinity, 12345678901234567890, -0.5e3]');
    expect(value).toEqual([Number.NaN, Infinity, -Infinity, '12345678901234567890', -500]);
  });

  it('knows the line of every flattened key', () => {
    const tree = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.nat(9), { maxKeys: 5 });
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[A-Z]$/), tree), (value) => {
        const text = JSON.stringify(value, null, 1);
        const { lines } = readJson(text);
        for (const [key, leaf] of Object.entries(flattenParameters(value))) {
          const line = text.split('\n')[(lines.get(key) ?? 0) - 1];
          expect(line).toContain(`"${key.split('.').at(-1)}": ${leaf}`);
        }
      }),
    );
  });
});

describe('model configurations', () => {
  it('are no parameters', () => {
    expect(isModelConfiguration({ model_type: 'bert', hidden_size: 768 })).toBe(true);
    expect(isModelConfiguration({ class_name: 'Functional', config: {} })).toBe(true);
    expect(isModelConfiguration({ lr: 0.1, class_name: 'x' })).toBe(false);
    expect(isModelConfiguration(null)).toBe(false);
  });
});
