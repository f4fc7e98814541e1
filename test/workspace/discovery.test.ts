import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { checkConfiguration } from '../../src/core/configurationRules';
import { isModelName } from '../../src/core/names';
import {
  type ConventionalNames,
  type DiscoveryLimits,
  discoverModels,
  nearestTo,
  readConfiguration,
  selectFiles,
  writeConfiguration,
} from '../../src/workspace';
import { nameByPath, uniqueNames } from '../../src/workspace/modelNaming';
import { asked, identify } from './identify';
import { type Content, platform, projectFolder, removeFolders } from './projectFolder';

afterAll(removeFolders);
beforeEach(() => asked.splice(0));

const names: ConventionalNames = {
  parameters: ['params.yaml', 'hparams.yaml'],
  metrics: ['metrics.json', 'metrics.csv'],
  curves: ['history.json', 'trainer_state.json'],
  predictions: ['predictions.csv'],
};
const discover = (root: string, limits: Partial<DiscoveryLimits> = {}) =>
  discoverModels(platform, root, { identify, names, repository: 'digit-reader', limits });

const range = (count: number, path: (i: number) => string, content: (i: number) => Content) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [path(i), content(i)]));

const messy: Record<string, Content> = {
  'train.py': 'print()',
  '.gitignore': '*.pt\nweights/\n',
  'params.yaml': 'lr: 0.1',
  ...range(
    30,
    (i) => `checkpoints/epoch_${i}.pt`,
    (i) => ({ age: 1000 - i, bytes: 10 }),
  ),
  'checkpoints/best.pt': { age: 2000, bytes: 10 },
  'weights/segmenter.safetensors': { age: 50 },
  'weights/metrics.json': '{}',
  'bert/config.json': { age: 60 },
  'bert/model.safetensors': { age: 60 },
  'bert/tokenizer.json': { age: 60 },
  'bert/training_args.bin': { age: 60 },
  'export/7/saved_model.pb': { age: 70 },
  'export/7/variables/variables.index': { age: 70 },
  'export/7/variables/variables.data-00000-of-00001': { age: 70 },
  'pretrained/resnet50.pth': { age: 1 },
  'boosters/churn.json': '{"learner": 1}',
  'boosters/other.json': '{"not": "a model"}',
  'notes.txt': 'text',
  'data/array.npy': 'MODEL',
  'data/digits.csv': 'x',
  'data/digits.csv.dvc': 'outs: []',
  'node_modules/x/m.onnx': { age: 0 },
  'mlruns/0/m.pt': { age: 0 },
  'wandb/run-1/files/m.pt': { age: 0 },
  'envs/mine/pyvenv.cfg': '',
  'envs/mine/lib/m.pt': { age: 0 },
  'clone/.git/HEAD': '',
  'clone/m.pt': { age: 0 },
  'models--google--bert/snapshots/a/model.safetensors': { age: 0 },
};

describe('what Initialize finds', () => {
  it('finds the models of a messy repository, and nothing else', async () => {
    const found = await discover(await projectFolder(messy));
    expect(
      found.models.map(({ name, kind, artifacts, ticked, members }) => [
        name,
        kind,
        artifacts,
        ticked,
        members,
      ]),
    ).toEqual([
      ['churn', 'file', ['boosters/churn.json'], true, 1],
      ['resnet50', 'file', ['pretrained/resnet50.pth'], false, 1],
      ['segmenter', 'file', ['weights/segmenter.safetensors'], true, 1],
      ['bert', 'pretrained', ['bert/*'], true, 1],
      ['digit-reader-export', 'saved-model', ['export/[0-9]*/**'], false, 1],
      [
        'digit-reader',
        'file',
        ['checkpoints/epoch_*.pt', 'checkpoints/{best,last,final}.pt'],
        false,
        31,
      ],
    ]);
    expect(found).toMatchObject({
      found: 6,
      truncated: null,
      datasets: ['data/digits.csv'],
      unreadable: [],
    });
    expect(found.totals.files).toBe(1 + 1 + 1 + 3 + 3 + 31);
    const checkpoints = found.models.at(-1);
    expect(checkpoints).toMatchObject({
      files: 31,
      bytes: 310,
      newest: { path: 'checkpoints/epoch_29.pt' },
    });
  });

  it('asks for the content only where the ending does not tell', async () => {
    const root = await projectFolder(messy);
    await discover(root);
    const relative = asked.map((path) => path.slice(root.length + 1)).sort();
    expect(relative).toEqual(['boosters/churn.json', 'boosters/other.json', 'notes.txt'].sort());
  });

  it('writes globs that take again what was found, and no other model', async () => {
    const root = await projectFolder({
      'm/best.pt': { age: 3 },
      'm/last.pt': { age: 2 },
      'm/12.pt': { age: 9 },
      'm/encoder.pt': { age: 5 },
      'm/3d_unet.pt': { age: 6 },
      'm/weird [1]{xy}.pt': { age: 7 },
      'bert/config.json': { age: 1 },
      'bert/model.safetensors': { age: 1 },
      'bert/head.pt': { age: 8 },
    });
    const { models } = await discover(root);
    const tree = Object.fromEntries(models.map(({ name, artifacts }) => [name, { artifacts }]));
    const { models: configurations } = checkConfiguration({ models: tree });
    expect(await writeConfiguration(platform, root, configurations)).toBe(true);
    const { models: read } = await readConfiguration(platform, root);
    const takes = await Promise.all(
      read.map(async ({ name, artifacts }) => {
        const { files, others } = await selectFiles(platform, root, artifacts, { identify });
        return [name, files.map(({ path }) => path), others.files];
      }),
    );
    expect(Object.fromEntries(takes.map(([name, ...rest]) => [name, rest]))).toEqual({
      'weird-xy': [['m/weird [1]{xy}.pt'], 0],
      bert: [['bert/config.json', 'bert/model.safetensors'], 0],
      '3d_unet': [['m/3d_unet.pt'], 0],
      encoder: [['m/encoder.pt'], 0],
      head: [['bert/head.pt'], 0],
      m: [['m/best.pt'], 2],
    });
  });

  it('finds the files that go with a model, for every member of its series', async () => {
    const root = await projectFolder({
      'lightning_logs/version_0/checkpoints/epoch=1-step=5.ckpt': { age: 9 },
      'lightning_logs/version_0/metrics.csv': '',
      'lightning_logs/version_1/checkpoints/epoch=3-step=9.ckpt': { age: 1 },
      'lightning_logs/version_1/metrics.csv': '',
      'lightning_logs/version_1/hparams.yaml': '',
      'models/digits.pt': { age: 2 },
      'results/metrics.json': '',
      'history.json': '',
      'predictions.csv': '',
    });
    const { models } = await discover(root);
    expect(models[0]).toMatchObject({
      name: 'digit-reader',
      artifacts: ['lightning_logs/version_*/checkpoints/epoch=*-step=*.ckpt'],
      metrics: ['lightning_logs/version_*/metrics.csv'],
      parameters: ['lightning_logs/version_*/hparams.yaml'],
      curves: ['history.json'],
    });
    expect(models[1]).toMatchObject({
      name: 'digits',
      metrics: ['results/metrics.json'],
      predictions: ['predictions.csv'],
    });
    const both = ['lightning_logs/version_0/metrics.csv', 'lightning_logs/version_1/metrics.csv'];
    expect(nearestTo('lightning_logs/version_1/checkpoints/epoch=3-step=9.ckpt', both)).toEqual([
      both[1],
    ]);
  });

  it('lists twelve, the newest first, three ticked, whatever there is', async () => {
    const letters = [...'abcdefghijklmno'];
    const root = await projectFolder(
      range(
        15,
        (i) => `m/net-${letters[i]}.pt`,
        (i) => ({ age: i }),
      ),
    );
    const { models, found } = await discover(root);
    expect(models.map(({ name }) => name)).toEqual(
      letters.slice(0, 12).map((letter) => `net-${letter}`),
    );
    expect([models.filter(({ ticked }) => ticked).length, found]).toEqual([3, 15]);
  });

  it('stops at its limits and says so, places for models first', async () => {
    const root = await projectFolder({
      ...range(
        400,
        (i) => `aaa/images/${i}.jpg`,
        () => '',
      ),
      'outputs/good.pt': { age: 1 },
    });
    const found = await discover(root, { entries: 100 });
    expect([found.truncated, found.models.map(({ name }) => name)]).toEqual(['entries', ['good']]);
    expect(found.entries).toBeLessThanOrEqual(100);
    expect((await discover(root, { milliseconds: 0 })).truncated).toBe('time');
    expect((await discover(root)).truncated).toBeNull();
  });

  it('does not go round in circles, nor out of the project', async () => {
    const outside = await projectFolder({ 'x.pt': '' });
    const root = await projectFolder({
      'm/a.pt': '',
      'm/self': { link: '.' },
      'm/up': { link: '../..' },
      scratch: { link: outside },
      'm/loop': { link: 'loop' },
    });
    const found = await discover(root);
    expect(found.models.map(({ newest }) => newest.path)).toEqual(['m/a.pt']);
    expect([...found.links].sort()).toEqual(['m/self', 'm/up', 'scratch']);
  });

  it('is quick where everything is a checkpoint', async () => {
    const root = await projectFolder();
    await mkdir(join(root, 'm'));
    await Promise.all(
      Array.from({ length: 800 }, (_, i) => writeFile(join(root, `m/s_${i}.pt`), '')),
    );
    const { models, truncated } = await discover(root);
    expect([models.length, models[0]?.members, truncated]).toEqual([1, 800, null]);
  });

  it('takes arrays for models only where their path says so', async () => {
    const root = await projectFolder({
      'features.npy': 'ARRAY',
      'weights/w.npy': 'ARRAY',
      'my_model.npz': 'ARRAY',
    });
    const { models } = await discover(root);
    expect(models.map(({ newest }) => newest.path).sort()).toEqual([
      'my_model.npz',
      'weights/w.npy',
    ]);
  });

  it('finds nothing in nothing', async () => {
    const found = await discover(await projectFolder({ 'train.py': '' }));
    expect(found).toMatchObject({ models: [], found: 0, totals: { files: 0, bytes: 0 } });
  });
});

describe('names of models', () => {
  it.each([
    ['models/digits.safetensors', 'digits'],
    ['checkpoints/epoch_3.pt', 'fallback'],
    ['cnn/model_best.pth.tar', 'cnn'],
    ['checkpoints/bert_epoch_3.pt', 'bert'],
    ['runs/detect/train3/weights/best.pt', 'detect'],
    ['lightning_logs/version_0/checkpoints/epoch=1-step=2.ckpt', 'fallback'],
    ['outputs/2026-01-02/10-00-00/model.pt', 'fallback'],
    ['outputs/resnet/e_10.pt', 'resnet'],
    ['best_model_mnist.keras', 'mnist'],
    ['bert-base-uncased', 'bert-base-uncased'],
    ['my model (final).pt', 'fallback'],
    ['Mod\u00e8le.pt', 'Modele'],
    ['models/日本.pt', 'fallback'],
    ['pytorch_model.bin', 'fallback'],
    ['yolo-s.pt', 'yolo-s'],
  ])('%s is %s', (path, name) => {
    expect(nameByPath(path, 'fallback')).toBe(name);
  });

  it('are valid and unique, whatever the paths and their order', () => {
    const part = fc.constantFrom(
      'models',
      'Net',
      'net',
      'a.lock',
      '..x',
      '7',
      'best',
      'é',
      '日',
      ' ',
      '-',
      'x'.repeat(80),
    );
    const path = fc
      .array(part, { minLength: 1, maxLength: 4 })
      .map((parts) => `${parts.join('/')}.pt`);
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 12 }), (paths) => {
        const given = uniqueNames(paths, '?!');
        const all = [...given.values()];
        expect(all.every(isModelName)).toBe(true);
        expect(new Set(all.map((name) => name.toLowerCase())).size).toBe(paths.length);
        expect(uniqueNames([...paths].reverse(), '?!')).toEqual(given);
      }),
    );
  });

  it('differ by ending, then by directory', () => {
    const given = uniqueNames(
      ['a/digits.onnx', 'a/digits.pt', 'b/digits.pt', 'b/digits.onnx'],
      'x',
    );
    expect([...given.values()]).toEqual(['digits', 'digits-pt', 'digits-onnx', 'digits-b']);
  });
});
