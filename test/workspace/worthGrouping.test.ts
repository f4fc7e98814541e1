import { expect, test } from 'vitest';
import { worthGrouping } from '../../src/workspace/worthGrouping';

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
