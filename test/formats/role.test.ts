import { describe, expect, it } from 'vitest';
import { identifyModel, modelEvidence, roleOf } from '../../src/formats/index';
import { fixture, identify, readerOf } from './fixtures';

describe('Git LFS pointers', () => {
  const oid = 'a'.repeat(64);
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 123456\n`;

  it('tell what they stand for', async () => {
    expect(await identify(pointer)).toMatchObject({
      format: 'lfs-pointer',
      complete: true,
      pointer: { sha256: oid, size: 123456 },
    });
    const extended = pointer.replace('oid', 'ext-0-foo sha256:bb\noid').replaceAll('\n', '\r\n');
    expect((await identify(extended)).pointer).toEqual({ sha256: oid, size: 123456 });
  });

  it.each([
    pointer.replace('sha256:a', 'sha256:x'),
    pointer.replace('123456', '99999999999999999999'),
    pointer.slice(0, 60),
  ])('that are broken are not complete', async (text) => {
    expect(await identify(text)).toMatchObject({ format: 'lfs-pointer', complete: false });
  });

  it('are never longer than 1,023 bytes', async () => {
    expect(await identify(pointer + ' '.repeat(1024))).toMatchObject({ format: 'unknown' });
  });
});

describe('shard indexes', () => {
  const index = JSON.stringify({
    metadata: { total_size: 10 },
    weight_map: { a: 'model-1.safetensors', b: 'model-2.safetensors', c: 'model-2.safetensors' },
  });
  it('count tensors and shards', async () => {
    expect(await identify(index)).toMatchObject({
      format: 'safetensors-index',
      metadata: { tensors: 3, shards: 2 },
    });
    expect(await identify(index.slice(0, -5))).toMatchObject({ complete: false });
  });
});

describe('roles', () => {
  it.each([
    ['models/digits.safetensors', 'safetensors', 'weights'],
    ['out/optimizer.pt', 'pytorch', 'optimizer'],
    ['out/rng_state_0.pth', 'pytorch', 'optimizer'],
    ['out/config.json', 'unknown', 'configuration'],
    ['out/generation_config.json', 'unknown', 'configuration'],
    ['out/tokenizer.json', 'unknown', 'tokenizer'],
    ['out/tokenizer_config.json', 'unknown', 'tokenizer'],
    ['out/vocab.txt', 'unknown', 'tokenizer'],
    ['out/spiece.model', 'unknown', 'tokenizer'],
    ['out/model.safetensors.index.json', 'safetensors-index', 'weights'],
    ['model.json', 'xgboost-json', 'weights'],
    ['model.txt', 'lightgbm', 'weights'],
    ['model.bin', 'unknown', 'weights'],
    ['weights.safetensors', 'lfs-pointer', 'weights'],
    ['variables.data-00000-of-00001', 'unknown', 'weights'],
    ['README.md', 'unknown', 'other'],
    ['archive.zip', 'zip', 'other'],
  ] as const)('of %s (%s) is %s', (path, format, role) => {
    expect(roleOf(path, format)).toBe(role);
  });
});

describe('evidence that a file is a model', () => {
  it.each([
    ['other/a.safetensors', 'certain'],
    ['torch/sd.pt', 'certain'],
    ['other/pipe.pkl', 'certain'],
    ['other/mlp_z.joblib', 'certain'],
    ['other/m.h5', 'certain'],
    ['other/types.h5', 'possible'],
    ['other/c.npy', 'possible'],
    ['other/mext.data', 'none'],
  ] as const)('%s: %s', async (name, evidence) => {
    expect(modelEvidence(name, await identifyModel(readerOf(fixture(name)), name))).toBe(evidence);
  });

  it('of a pointer is its name', () => {
    const header = { format: 'lfs-pointer', metadata: {} } as const;
    expect(modelEvidence('a/model.safetensors', header)).toBe('certain');
    expect(modelEvidence('a/photo.png', header)).toBe('none');
  });
});
