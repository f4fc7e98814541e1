import { expect, test } from 'vitest';
import {
  type ArchitectureNode,
  architectureChanges,
  architectureSentence,
} from '../../src/core/architecture';

const layer = (
  kind: string,
  name: string,
  attributes: ArchitectureNode['attributes'] = {},
  children: readonly ArchitectureNode[] = [],
): ArchitectureNode => ({ kind, name, attributes, children });

test('layers that came, went or changed are told by their attributes', () => {
  const from = layer('Sequential', 's', {}, [
    layer('Dense', 'dense', { units: 64, activation: 'relu' }),
    layer('Flatten', 'flatten'),
    layer('Block', 'inner', {}, [layer('Conv', 'c', { kernel: '3' })]),
  ]);
  const to = layer('Sequential', 's', {}, [
    layer('Dense', 'dense', { units: 128, activation: 'relu' }),
    layer('Dropout', 'dropout', { rate: 0.1 }),
    layer('Block', 'inner', {}, [layer('Conv', 'c', { kernel: '5', bias: true })]),
  ]);
  const changes = architectureChanges(from, to);
  expect(changes.map(({ status, path }) => [status, path])).toEqual([
    ['changed', 'dense'],
    ['added', 'dropout'],
    ['changed', 'inner/c'],
    ['removed', 'flatten'],
  ]);
  expect(changes[2]?.attributes).toEqual([
    { key: 'kernel', from: '3', to: '5' },
    { key: 'bias', from: null, to: true },
  ]);
  expect(architectureSentence(changes)).toEqual([
    'architecture: dense: units 64 → 128, added dropout (Dropout), inner/c: kernel 3 → 5, bias none → true, and 1 more',
  ]);
  expect(architectureSentence([])).toEqual([]);
});

test('numbers that frameworks count up make no other layer', () => {
  const made = (first: number) =>
    layer('Sequential', `sequential_${first}`, {}, [
      layer('Dense', `dense_${first}`, { units: 2 }),
      layer('Dense', `dense_${first + 1}`, { units: 3 }),
      layer('Relu', ''),
      layer('Relu', ''),
    ]);
  expect(architectureChanges(made(1), made(8))).toEqual([]);
});
