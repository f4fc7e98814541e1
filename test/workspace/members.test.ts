import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { selectFiles } from '../../src/workspace';
import { asked, identify } from './identify';
import { type Content, platform, projectFolder, removeFolders } from './projectFolder';

afterAll(removeFolders);
beforeEach(() => asked.splice(0));

const select = async (files: Record<string, Content>, globs: string[]) =>
  selectFiles(platform, await projectFolder(files), globs, { identify });
const pathsOf = (found: { files: readonly { path: string }[] }) =>
  found.files.map(({ path }) => path);

const checkpoints = Object.fromEntries(
  Array.from({ length: 30 }, (_, i) => [`c/epoch_${i + 1}.pt`, { age: 30 - i, bytes: 100 }]),
);

describe('which member of a series a version takes', () => {
  it('takes the newest of thirty checkpoints, reads no other, and counts the rest', async () => {
    const found = await select(checkpoints, ['c/epoch_*.pt']);
    expect(pathsOf(found)).toEqual(['c/epoch_30.pt']);
    expect(found.members).toMatchObject([{ series: 'c/*.pt', why: 'newest', complete: true }]);
    expect(found.others).toMatchObject({ members: 29, files: 29, bytes: 2900 });
    expect(asked).toHaveLength(1);
  });

  it('takes the highest number where all are of one age', async () => {
    const same = {
      'c/epoch_9.pt': { age: 1 },
      'c/epoch_10.pt': { age: 1 },
      'c/epoch_1.pt': { age: 1 },
    };
    expect(pathsOf(await select(same, ['c/*.pt']))).toEqual(['c/epoch_10.pt']);
  });

  it('takes the best, though it is older and of another name', async () => {
    const files = { ...checkpoints, 'c/best.pt': { age: 500 }, 'c/last.pt': { age: 0 } };
    const found = await select(files, ['c/*.pt']);
    expect(pathsOf(found)).toEqual(['c/best.pt']);
    expect(found.members[0]?.why).toBe('best');
    expect(found.others.members).toBe(31);
  });

  it('takes what is named, however many', async () => {
    const found = await select({ ...checkpoints, 'c/best.pt': { age: 0 } }, [
      'c/*.pt',
      'c/epoch_3.pt',
      'c/epoch_4.pt',
    ]);
    expect(pathsOf(found)).toEqual(['c/epoch_3.pt', 'c/epoch_4.pt']);
    expect(found.others.members).toBe(29);
  });

  it('passes over what is torn, and says so', async () => {
    const found = await select({ 'c/epoch_1.pt': { age: 9 }, 'c/epoch_2.pt': 'TORN' }, ['c/*.pt']);
    expect(pathsOf(found)).toEqual(['c/epoch_1.pt']);
    expect(found.unfinished).toEqual(['c/epoch_2.pt']);
  });

  it('gives the torn one where there is no other, marked', async () => {
    const found = await select({ 'c/epoch_2.pt': 'TORN' }, ['c/*.pt']);
    expect(found.members).toMatchObject([{ path: 'c/epoch_2.pt', complete: false }]);
  });

  it('takes one of each series', async () => {
    const files = {
      'm/enc_1.pt': { age: 2 },
      'm/enc_2.pt': { age: 1 },
      'm/dec_1.pt': { age: 3 },
      'm/vocab.json': '',
    };
    expect(pathsOf(await select(files, ['m/*']))).toEqual([
      'm/dec_1.pt',
      'm/enc_2.pt',
      'm/vocab.json',
    ]);
  });

  it('reads a link as a name for its target', async () => {
    const files = {
      ...checkpoints,
      'c/best.pt': { link: 'epoch_7.pt' },
      'c/latest.pt': { link: 'epoch_30.pt' },
    };
    const found = await select(files, ['c/*.pt']);
    expect(pathsOf(found)).toEqual(['c/epoch_7.pt']);
    expect(found.others.members).toBe(29);
    expect(pathsOf(await select(files, ['c/best.pt']))).toEqual(['c/best.pt']);
  });
});

describe('models of several files', () => {
  const bert = (folder: string, age: number): Record<string, Content> => ({
    [`${folder}/config.json`]: { age },
    [`${folder}/model-00001-of-00002.safetensors`]: { age },
    [`${folder}/model-00002-of-00002.safetensors`]: { age },
    [`${folder}/model.safetensors.index.json`]: { age },
    [`${folder}/tokenizer.json`]: { age },
    [`${folder}/vocab.txt`]: { age },
    [`${folder}/optimizer.pt`]: { age, bytes: 1000 },
    [`${folder}/rng_state.pth`]: { age },
  });
  const whole = [
    'config.json',
    'model-00001-of-00002.safetensors',
    'model-00002-of-00002.safetensors',
    'model.safetensors.index.json',
    'tokenizer.json',
    'vocab.txt',
  ];

  it('takes a save_pretrained folder whole, without what only the trainer needs', async () => {
    const files = { ...bert('out/checkpoint-500', 9), ...bert('out/checkpoint-1000', 1) };
    const found = await select(files, ['out/checkpoint-*/*']);
    expect(pathsOf(found)).toEqual(whole.map((name) => `out/checkpoint-1000/${name}`));
    expect(found.members).toMatchObject([
      { kind: 'pretrained', path: 'out/checkpoint-1000', series: 'out/*/' },
    ]);
    expect(found.others).toMatchObject({ members: 1, files: 10 });
  });

  it('takes the trainer’s state where it is named', async () => {
    const found = await select(bert('b', 1), ['b', 'b/optimizer.pt']);
    expect(pathsOf(found)).toEqual([...whole, 'optimizer.pt'].sort().map((name) => `b/${name}`));
  });

  it('does not take a folder that lacks a shard', async () => {
    const torn = bert('out/checkpoint-1000', 1);
    delete torn['out/checkpoint-1000/model-00002-of-00002.safetensors'];
    const found = await select({ ...bert('out/checkpoint-500', 9), ...torn }, ['out/**']);
    expect(found.members.map(({ path }) => path)).toEqual(['out/checkpoint-500']);
    expect(found.unfinished).toEqual(['out/checkpoint-1000']);
  });

  it('keeps a folder and the checkpoints below it apart', async () => {
    const found = await select({ ...bert('out', 5), ...bert('out/checkpoint-5', 1) }, ['out/**']);
    expect(found.members.map(({ path }) => path)).toEqual(['out', 'out/checkpoint-5']);
    expect(found.members[0]?.files).toHaveLength(6);
  });

  it('knows a SavedModel, a pipeline, shards, TensorFlow’s checkpoints, external data', async () => {
    const files = Object.fromEntries(
      [
        'export/1/saved_model.pb',
        'export/1/variables/variables.index',
        'export/1/variables/variables.data-00000-of-00001',
        'export/1/assets/vocab.txt',
        'sd/model_index.json',
        'sd/unet/config.json',
        'sd/unet/diffusion_pytorch_model.safetensors',
        'big-00001-of-00002.gguf',
        'big-00002-of-00002.gguf',
        'tf/ckpt-3.index',
        'tf/ckpt-3.data-00000-of-00001',
        'm.onnx',
        'm.onnx.data',
        'n.onnx',
        'n.data',
      ].map((path) => [path, { age: 1 }]),
    );
    const found = await select(files, ['**']);
    expect(found.members.map(({ kind, path, files }) => [kind, path, files.length])).toEqual([
      ['shards', 'big.gguf', 2],
      ['saved-model', 'export/1', 4],
      ['file', 'm.onnx', 2],
      ['file', 'n.onnx', 2],
      ['pretrained', 'sd', 3],
      ['shards', 'tf/ckpt-3', 2],
    ]);
  });

  it('does not take a project for a model because of a config.json', async () => {
    const files = {
      'config.json': '{}',
      'model.safetensors': '',
      'train.py': '',
      'encoder.pt': '',
      'tokenizer.json': '',
    };
    const found = await select(files, ['*']);
    expect(
      found.members.find(({ kind }) => kind === 'pretrained')?.files.map(({ path }) => path),
    ).toEqual(['config.json', 'model.safetensors', 'tokenizer.json']);
  });
});
