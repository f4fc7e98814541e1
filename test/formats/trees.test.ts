import { describe, expect, it } from 'vitest';
import { readModel, tensorBytes, tensorDoubles } from '../../src/formats/index';
import { fixture, readerOf } from './fixtures';

const beside = () => Promise.resolve(null);

async function numbers(name: string) {
  const reader = readerOf(fixture(name));
  const contents = await readModel(reader, name);
  const values: Record<string, number[]> = {};
  for (const tensor of contents.tensors ?? []) {
    const bytes = await tensorBytes({ reader, beside }, tensor);
    const doubles = bytes === null ? null : tensorDoubles(tensor.dtype, bytes);
    values[tensor.name] = [...(doubles ?? [])];
  }
  return { contents, values };
}

describe('boosted trees', () => {
  it('of XGBoost are the same in JSON and in UBJSON', async () => {
    const [json, binary] = [await numbers('other/xgb.json'), await numbers('other/xgb.ubj')];
    expect(Object.keys(json.values)).toHaveLength(5);
    expect(binary.values).toEqual(json.values);
    expect(binary.contents.architecture).toEqual(json.contents.architecture);
    expect(binary.contents.metadata).toMatchObject({ booster: 'gbtree', trees: '5' });
    const [first] = json.contents.architecture?.children ?? [];
    expect(first).toMatchObject({ name: 'tree 0', kind: 'Tree' });
    expect(first?.attributes).toMatchObject({ nodes: 13, leaves: 7, depth: 3 });
  });

  it('of LightGBM have their thresholds, leaves and parameters', async () => {
    const { contents, values } = await numbers('other/lgb.txt');
    expect(Object.keys(values)).toHaveLength(10);
    expect(values['trees.0.threshold']?.slice(0, 2)).toEqual([
      -0.083647893862586059, -1.0160858255249543,
    ]);
    expect(values['trees.4.leaf_value']).toHaveLength(7);
    expect(contents.architecture?.attributes).toMatchObject({ num_leaves: 7 });
    expect(contents.architecture?.children[0]?.attributes).toMatchObject({ leaves: 7 });
    expect(contents.metadata['feature_names']).toContain('Column_0');
  });
});

describe('TensorFlow.js', () => {
  const model = {
    format: 'layers-model',
    generatedBy: 'keras v2',
    modelTopology: {
      model_config: {
        class_name: 'Sequential',
        config: { layers: [{ class_name: 'Dense', config: { name: 'd', units: 2 } }] },
      },
    },
    weightsManifest: [
      {
        paths: ['a.bin', 'b.bin'],
        weights: [
          { name: 'd/bias', shape: [2], dtype: 'float32' },
          { name: 'd/kernel', shape: [2, 2], dtype: 'float32' },
        ],
      },
    ],
  };
  const values = Float32Array.from([1, 2, 3, 4, 5, 6]);
  const bytes = new Uint8Array(values.buffer);
  const shards: Record<string, Uint8Array> = {
    'a.bin': bytes.subarray(0, 13),
    'b.bin': bytes.subarray(13),
  };
  const open = (name: string) =>
    Promise.resolve(shards[name] === undefined ? null : readerOf(shards[name]));
  const reader = readerOf(Buffer.from(JSON.stringify(model)));

  it('has its weights in shards that are cut anywhere', async () => {
    const { format, tensors, architecture } = await readModel(reader, 'model.json', open);
    expect(format).toBe('tensorflow-js');
    expect(architecture?.children[0]).toMatchObject({ kind: 'Dense', attributes: { units: 2 } });
    const found = await Promise.all(
      (tensors ?? []).map((tensor) => tensorBytes({ reader, beside: open }, tensor)),
    );
    expect(tensors?.map(({ name }) => name)).toEqual(['d/bias', 'd/kernel']);
    expect(Buffer.concat(found.map((one) => one ?? new Uint8Array()))).toEqual(Buffer.from(bytes));
  });

  it('tells of shards that are not here', async () => {
    const { tensors, warnings } = await readModel(reader, 'model.json');
    expect(tensors?.every(({ place, values: held }) => !place && !held)).toBe(true);
    expect(warnings.map(({ code }) => code)).toEqual(['shard-not-read', 'shard-not-read']);
  });
});
