import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { byteLayoutOf, companionBytes, readModel, soundLayout } from '../../src/formats/index';
import { expected, fixture, readerOf } from './fixtures';

const contents = (name: string) => readModel(readerOf(fixture(name)), name);

const described = Object.keys(expected).filter((name) =>
  /^torch\/|\.onnx$|h5$|keras$|index$/.test(name),
);

describe('the inventory of files of the real libraries', () => {
  it.each(described)('%s has the tensors that its library reads', async (name) => {
    const { tensors, complete, why } = await contents(name);
    expect({ complete, why }).toEqual({ complete: true, why: null });
    const found = Object.fromEntries(
      (tensors ?? []).map(({ name: tensor, dtype, shape }) => [tensor, { dtype, shape }]),
    );
    const truth = Object.entries(expected[name] ?? {});
    expect(found).toEqual(
      Object.fromEntries(truth.map(([tensor, { dtype, shape }]) => [tensor, { dtype, shape }])),
    );
  });
});

describe('a model in shards', () => {
  const index = JSON.stringify({
    metadata: {},
    weight_map: { 'a.w': 'a.safetensors', b: 'b.safetensors', lost: 'c.safetensors' },
  });

  it('has the tensors of the shards that are here, and tells of the others', async () => {
    const beside = (name: string) =>
      Promise.resolve(name === 'c.safetensors' ? null : readerOf(fixture(`other/${name}`)));
    const { tensors, warnings } = await readModel(readerOf(Buffer.from(index)), 'i.json', beside);
    expect(tensors?.map(({ name, place }) => [name, place?.file])).toEqual([
      ['a.w', 'a.safetensors'],
      ['b', 'b.safetensors'],
    ]);
    expect(warnings.map(({ code }) => code)).toEqual(['shard-not-read', 'tensors-missing']);
  });
});

describe('byte layouts', () => {
  const plain = Object.keys(expected).filter((name) =>
    /safetensors|gguf|\.npy|z\.npz|sd.*\.pt|m\.onnx/.test(name),
  );

  it.each(plain.filter((name) => name !== 'other/zc.npz'))(
    'of %s have the very bytes of the tensors',
    async (name) => {
      const bytes = fixture(name);
      const layout = await byteLayoutOf(readerOf(bytes), name);
      for (const { name: tensor, offset, length } of layout ?? []) {
        const digest = createHash('sha256').update(bytes.subarray(offset, offset + length));
        const truth = expected[name]?.[tensor];
        const order = name === 'other/be.npy' || name === 'other/f.npy';
        if (!order) expect(digest.digest('hex'), tensor).toBe(truth?.sha256);
      }
      expect(layout?.length).toBe(Object.keys(expected[name] ?? {}).length);
    },
  );

  it('of compressed arrays are none', async () => {
    expect(await byteLayoutOf(readerOf(fixture('other/zc.npz')), 'zc.npz')).toBeNull();
  });

  it('tell what lies in files beside', async () => {
    const [companion, ...others] = await companionBytes(
      readerOf(fixture('other/mext.onnx')),
      'mext.onnx',
    );
    expect(others).toEqual([]);
    expect(companion?.file).toBe('mext.data');
    const bytes = fixture('other/mext.data');
    const layout = soundLayout(companion?.tensors ?? [], bytes.length);
    for (const { name, offset, length } of layout ?? []) {
      const digest = createHash('sha256').update(bytes.subarray(offset, offset + length));
      expect(digest.digest('hex')).toBe(expected['other/mext.onnx']?.[name]?.sha256);
    }
    expect(layout).not.toBeNull();
  });

  it('are none where ranges overlap in part or leave the file', () => {
    const at = (offset: number, length: number) => ({
      ...{ name: 'w', dtype: 'F32', elementBytes: 4 },
      ...{ offset, length },
    });
    expect(soundLayout([at(8, 8), at(0, 8)], 16)).toHaveLength(2);
    expect(soundLayout([at(0, 8), at(0, 8)], 16)).toHaveLength(1);
    expect(soundLayout([at(0, 8), at(4, 8)], 16)).toBeNull();
    expect(soundLayout([at(0, 8), at(0, 4)], 16)).toBeNull();
    expect(soundLayout([at(8, 12)], 16)).toBeNull();
    expect(soundLayout([at(8, 0)], 16)).toBeNull();
  });
});
