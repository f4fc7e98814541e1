import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readModel, tensorBytes } from '../../src/formats/index';
import { expected, fixture, readerOf } from './fixtures';

/** Files beside a fixture, by the name that the model states. */
const beside = (name: string) => (file: string) => {
  const own = name.slice(name.lastIndexOf('/') + 1).replace(/\.index$/, '');
  const path = `${name.slice(0, name.lastIndexOf('/'))}/${file.replace('*', own)}`;
  return Promise.resolve(readerOf(fixture(path)));
};

describe('the values of tensors, put together', () => {
  it.each(Object.keys(expected))('%s has the bytes that its library reads', async (name) => {
    const reader = readerOf(fixture(name));
    const { tensors } = await readModel(reader, name);
    const truth = expected[name] ?? {};
    for (const tensor of tensors ?? []) {
      const digest = truth[tensor.name]?.sha256 ?? null;
      const bytes = await tensorBytes({ reader, beside: beside(name) }, tensor);
      const found = bytes === null ? null : createHash('sha256').update(bytes).digest('hex');
      expect([tensor.name, found]).toEqual([tensor.name, digest]);
    }
    expect(tensors?.length ?? 0).toBe(Object.keys(truth).length);
  });
});
