import { expect, test } from 'vitest';
import { type TensorDifference, weightsSentences } from '../../src/core/tensorComparison';

function tensor(name: string, status: TensorDifference['status']): TensorDifference {
  const side = { name, dtype: 'float32', shape: [2], bytes: 8 };
  return { name, status, from: side, to: side, figures: null };
}

test('a layer that is only a number is named with what it is one of', () => {
  expect(
    weightsSentences([
      tensor('model.layers.0.weight', 'changed'),
      tensor('model.layers.0.bias', 'changed'),
      tensor('model.layers.1.weight', 'same'),
      tensor('model.head.weight', 'same'),
      tensor('0.weight', 'changed'),
    ]),
  ).toEqual([
    'layers.1, head unchanged',
    'layers.0: 2 of 2 tensors changed',
    '0: 1 of 1 tensors changed',
  ]);
});
