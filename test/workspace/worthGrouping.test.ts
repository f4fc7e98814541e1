import { expect, test } from 'vitest';
import { SourcesPassed, worthGrouping } from '../../src/workspace/worthGrouping';

const many = (count: number, path: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => path(index));

test("source files are no models, but for those in a model's folder", () => {
  const model = ['bert/model.safetensors', 'bert/README.md', 'export/1/saved_model.pb'];
  const inside = ['export/1/assets/vocab.csv'];
  const sources = many(50, (index) => `src/part${index}/code.py`);
  const found = worthGrouping([...sources, ...model, ...inside, 'train.py', 'weights.xyz']);
  expect(found.sort()).toEqual([...inside, ...model, 'weights.xyz'].sort());
});

test('of very many texts those beside a model file stay, and the first of the others', () => {
  const texts = many(3_000, (index) => `texts/${index}.txt`);
  const found = worthGrouping([...texts, 'boosters/a.ubj', 'boosters/a.json']);
  expect(found).toContain('boosters/a.json');
  expect(found).toContain('texts/0.txt');
  expect(found).toHaveLength(2_002);
});

test("a walk passes source files, but for those in a model's folder and below it", () => {
  const sources = new SourcesPassed();
  const entries = (...names: string[]) => names.map((name) => ({ name, kind: 'file' as const }));
  sources.enter(entries('train.py', 'params.yaml', 'notes.txt'), 'src');
  sources.enter(entries('saved_model.pb', 'a.py'), 'export/1');
  sources.enter(entries('helper.py', 'vocab.txt'), 'export/1/assets');
  sources.enter([{ name: 'model.safetensors', kind: 'directory' }], 'odd');
  const passed = (directory: string, ...names: string[]) =>
    names.filter((name) => sources.passes(name, directory));
  expect(
    passed('src', 'train.py', 'A.PY', 'params.yaml', 'log.csv', 'notes.txt', 'LICENSE'),
  ).toEqual(['train.py', 'A.PY']);
  expect(passed('export/1', 'a.py')).toEqual([]);
  expect(passed('export/1/assets', 'helper.py')).toEqual([]);
  expect(passed('odd', 'a.py')).toEqual(['a.py']);
});
