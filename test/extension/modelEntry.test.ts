import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { nameFromPath, withModel } from '../../src/extension/commands/modelEntry';

test('a name comes from the last part of a path that says something', () => {
  expect(nameFromPath('models/digits.safetensors', [])).toBe('digits');
  expect(nameFromPath('resnet/checkpoints/model.pt', [])).toBe('resnet');
  expect(nameFromPath('models/digits.pt', ['Digits'])).toBe('digits-2');
});

test.each([
  ['an empty file', ''],
  ['a file without models', '# ours\nversion: 1'],
  ['models in braces', 'models: {}\n'],
  ['another model', '# c\nmodels:\n  digits: # d\n    artifacts: ["a.pt"]\n'],
  ['models with a comment', 'models: # all\n  a:\n    artifacts: ["a.pt"]\n\n# end\nother: 2\n'],
  ['Windows line ends', 'models:\r\n  a:\r\n    artifacts: ["a.pt"]\r\nother: 2\r\n'],
  ['a text without its last line end', 'models:\n  a:\n    artifacts: ["a.pt"]'],
  ['a wide indentation', 'models:\n    digits:\n        artifacts: ["a.pt"]\nother: 1\n'],
])('a model is added to %s, and the rest stays', (_, before) => {
  const after = withModel(before, 'faces', 'models/fa ces.pt');
  const was = (parse(before) ?? {}) as { models?: object };
  expect(parse(after)).toEqual({
    ...was,
    models: { ...was.models, faces: { artifacts: ['models/fa ces.pt'] } },
  });
  expect(Object.keys(parse(after).models).at(-1)).toBe('faces');
  for (const comment of before.match(/#.*$/gm) ?? []) expect(after).toContain(comment);
});
