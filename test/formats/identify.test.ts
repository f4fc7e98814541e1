import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identifyModel, type ModelFormat } from '../../src/formats/index';
import { nodePlatform, openFileReader } from '../../src/platform/index';
import { scratchDirectory } from '../platform/scratch';
import { expected, fixture, identify, readerOf } from './fixtures';

const scratch = scratchDirectory('formats');

const formats: Record<string, ModelFormat> = {
  'torch/ckpt.pt': 'pytorch',
  'torch/full_module.pt': 'pytorch',
  'torch/mixed.pt': 'pytorch',
  'torch/sd.pt': 'pytorch',
  'torch/sd_p2.pt': 'pytorch',
  'torch/sd_p3.pt': 'pytorch',
  'torch/sd_p4.pt': 'pytorch',
  'torch/sd_p5.pt': 'pytorch',
  'torch/sd_legacy.pt': 'pytorch-legacy',
  'torch/mixed_legacy.pt': 'pytorch-legacy',
  'other/a.safetensors': 'safetensors',
  'other/b.safetensors': 'safetensors',
  'other/be.npy': 'numpy',
  'other/c.npy': 'numpy',
  'other/f.npy': 'numpy',
  'other/rec.npy': 'numpy',
  'other/obj.npy': 'numpy',
  'other/z.npz': 'numpy-archive',
  'other/zc.npz': 'numpy-archive',
  'other/m.keras': 'keras',
  'other/lambda.keras': 'keras',
  'other/m.h5': 'keras-h5',
  'other/m.weights.h5': 'keras-h5',
  'other/types.h5': 'hdf5',
  'other/m.gguf': 'gguf',
  'other/m.onnx': 'onnx',
  'other/mext.onnx': 'onnx',
  'other/mext.data': 'unknown',
  'other/m.tflite': 'tflite',
  'other/savedmodel/saved_model.pb': 'tensorflow-savedmodel',
  'other/savedmodel/fingerprint.pb': 'unknown',
  'other/savedmodel/variables/variables.index': 'tensorflow-index',
  'other/savedmodel/variables/variables.data-00000-of-00001': 'unknown',
  'other/mlp.joblib': 'joblib',
  'other/mlp_z.joblib': 'joblib',
  'other/rf.joblib': 'joblib',
  'other/pipe.joblib': 'joblib',
  'other/mlp.pkl': 'pickle',
  'other/pipe.pkl': 'pickle',
  'other/xgb.bin': 'xgboost-binary',
  'other/xgb.json': 'xgboost-json',
  'other/xgb.ubj': 'xgboost-ubjson',
  'other/lgb.txt': 'lightgbm',
  'other/lgb.json': 'lightgbm-json',
};
const files = Object.keys(formats);

/** Whose torn files cannot be told from whole ones: nothing in them states where they end. */
const endless = new Set<ModelFormat>(['unknown', 'xgboost-binary', 'tensorflow-index']);
const checked = files.filter(
  (name) => !endless.has(formats[name] ?? 'unknown') && name !== 'other/mlp_z.joblib',
);

describe('files of the real libraries', () => {
  it.each(Object.entries(formats))('%s is %s, and whole', async (name, format) => {
    const { format: found, complete, why } = await identify(fixture(name));
    expect({ found, complete, why }).toEqual({ found: format, complete: true, why: null });
  });

  const inventoried = Object.keys(expected).filter((name) =>
    ['safetensors', 'numpy', 'numpy-archive', 'gguf'].includes(formats[name] ?? ''),
  );
  it.each(inventoried)('%s has the tensors that its library reads', async (name) => {
    const { tensors, parameters, warnings } = await identify(fixture(name));
    const found = Object.fromEntries(
      (tensors ?? []).map(({ name: tensor, dtype, shape }) => [tensor, { dtype, shape }]),
    );
    const truth = Object.entries(expected[name] ?? {});
    expect(found).toEqual(
      Object.fromEntries(truth.map(([tensor, { dtype, shape }]) => [tensor, { dtype, shape }])),
    );
    expect(parameters).toBe(
      truth.reduce((sum, [, { shape }]) => sum + shape.reduce((a, b) => a * b, 1), 0),
    );
    expect(warnings).toEqual([]);
  });

  it('keeps metadata', async () => {
    const metadata = async (name: string) => (await identify(fixture(name))).metadata;
    expect(await metadata('other/a.safetensors')).toEqual({ lr: '0.001', format: 'pt' });
    expect(await metadata('other/m.gguf')).toMatchObject({ version: 3 });
    expect(await metadata('other/m.onnx')).toMatchObject({ ir_version: 14, producer_name: 'x' });
    expect(await metadata('other/m.keras')).toMatchObject({ keras_version: '3.15.1' });
    expect(await metadata('torch/sd.pt')).toMatchObject({ byteorder: 'little', storages: 9 });
    expect(await metadata('torch/sd_legacy.pt')).toEqual({ storages: 9 });
    expect(await metadata('other/xgb.json')).toEqual({
      version: '1.7.4',
      booster: 'gbtree',
      objective: 'reg:squarederror',
      features: '8',
      trees: '5',
    });
    expect(await metadata('other/lgb.txt')).toMatchObject({ objective: 'regression', trees: 5 });
    expect(await metadata('other/pipe.pkl')).toEqual({ class: 'sklearn.pipeline.Pipeline' });
    expect(await metadata('other/mlp_z.joblib')).toMatchObject({
      compression: 'zlib',
      class: 'sklearn.neural_network._multilayer_perceptron.MLPClassifier',
    });
  });

  it('refuses arrays of objects and says so', async () => {
    const { tensors, warnings } = await identify(fixture('other/obj.npy'));
    expect(tensors).toBeNull();
    expect(warnings).toMatchObject([{ code: 'objects-not-read' }]);
  });
});

describe('torn files', () => {
  it.each(checked)('%s is torn wherever it is cut', async (name) => {
    const bytes = fixture(name);
    const { length } = bytes;
    const cuts = new Set([length - 1, length - 3, ...[0.3, 0.6, 0.9].map((p) => length * p)]);
    for (const cut of [...cuts].map(Math.floor)) {
      // A tail of white space or of alignment is no loss.
      // A flatbuffer's last bytes may belong to no buffer.
      if (name.endsWith('.tflite') && length - cut < 16) continue;
      if (/^\s*$/.test(Buffer.from(bytes.subarray(cut)).toString('latin1'))) continue;
      const found = await identify(bytes.subarray(0, cut));
      // What looks whole must not pass for this format: cut that early, nothing tells it.
      if (found.complete) expect(found.format, `${cut} of ${length}`).not.toBe(formats[name]);
      else expect(found.why, `${cut} of ${length}`).toMatch(/^\S.*[^.]$/);
    }
  });

  it('are noticed by the last bytes missing, for every format that states its end', async () => {
    const missed: string[] = [];
    for (const name of checked) {
      const bytes = fixture(name);
      const trimmed = bytes.subarray(0, Math.floor(bytes.length * 0.9));
      const { complete } = await identify(trimmed);
      if (complete) missed.push(name);
    }
    expect(missed).toEqual([]);
  });

  it('has no format and is not complete when empty', async () => {
    const { format, complete, why } = await identify('');
    expect({ format, complete, why }).toEqual({
      format: 'unknown',
      complete: false,
      why: 'it is empty',
    });
  });
});

describe('any bytes', () => {
  it('never bring it down', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect((await identify(bytes)).warnings).toBeInstanceOf(Array);
      }),
    );
  });

  it('never bring it down when real files are damaged', async () => {
    const samples = files.map((name) => fixture(name));
    const damage = fc.record({
      file: fc.nat(files.length - 1),
      changes: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      // Headers lie at both ends.
      window: fc.constantFrom(64, 1024, 1 << 20),
      fromEnd: fc.boolean(),
      cut: fc.option(fc.nat()),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ file, changes, window, fromEnd, cut }) => {
        const bytes = Uint8Array.from(samples[file] ?? []);
        for (const [at, value] of changes) {
          const offset = at % Math.min(window, bytes.length);
          bytes[fromEnd ? bytes.length - 1 - offset : offset] = value;
        }
        const some = cut === null ? bytes : bytes.subarray(0, cut % (bytes.length + 1));
        const { complete, why } = await identify(some);
        expect(complete).toBe(why === null);
      }),
      { numRuns: 300 },
    );
  });

  it('are not taken for models when they are other files', async () => {
    const others = {
      text: 'tree of life\nversion=none\n',
      json: '{"learning_rate": 0.1, "learner": "me"}',
      metadata: '{"metadata": {"a": 1}}',
      csv: 'y_true,y_pred\n1,0\n',
      png: '\x89PNG\r\n\x1a\n\0\0\0\rIHDR',
      elf: '\x7fELF\x02\x01\x01\0',
      protobuf: '\x08\x01\x12\x03abc',
      integers: '\x08\x05\x08\x06\x08\x07',
      gzip: '\x1f\x8b\x08\0\0\0\0\0\0\x03',
      zlib: 'x\x9c\x03\0\0\0\0\x01',
      pickleLike: '\x80\x04hello world, I am no pickle',
    };
    for (const [name, content] of Object.entries(others)) {
      const { format } = await identify(content);
      expect({ name, format }).toEqual({ name, format: 'unknown' });
    }
  });
});

describe('what it costs', () => {
  it('reads headers, not payloads', async () => {
    const reader = readerOf(fixture('other/m.gguf'));
    await identifyModel(reader, 'm.gguf');
    expect(reader.bytesRead).toBeLessThan(reader.size / 2);
  });

  it('takes a sparse file of 5 GB as quickly as a small one', async () => {
    const { disk } = nodePlatform();
    const path = join(scratch, 'huge.safetensors');
    const json = `{"w":{"dtype":"F32","shape":[1342177280],"data_offsets":[0,5368709120]}}`;
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(json.length));
    writeFileSync(path, Buffer.concat([length, Buffer.from(json)]));
    truncateSync(path, 8 + json.length + 5_368_709_120);
    const reader = await openFileReader(disk, path);
    const found = await identifyModel(reader, path);
    await reader.close();
    expect(found).toMatchObject({ complete: true, parameters: 1_342_177_280 });
  });
});
