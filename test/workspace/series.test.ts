import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareNaturally,
  endingOf,
  isBest,
  pairBySeries,
  seriesOf,
  seriesPattern,
  seriesPieces,
} from '../../src/core/series';

describe('series of paths', () => {
  it.each([
    ['checkpoints/epoch_12.pt', 'checkpoints/epoch_*.pt'],
    ['checkpoints/best.pt', 'checkpoints/*.pt'],
    ['checkpoints/model_best.pth.tar', 'checkpoints/model_*.pth.tar'],
    ['epoch10.pt', 'epoch*.pt'],
    ['runs/train3/weights/last.pt', 'runs/train*/weights/*.pt'],
    ['logs/version_3/epoch=09-val_loss=-0.12.ckpt', 'logs/version_*/epoch=*-val_loss=*.ckpt'],
    ['weights.05-0.23.hdf5', 'weights.*.hdf5'],
    ['outputs/2026-11-21/10-00-00/model.pt', 'outputs/*/*/model.pt'],
    ['model-2026-11-21T10:00:00Z.pt', 'model-*.pt'],
    ['model.1000.pt', 'model.*.pt'],
    ['iter_160k.pth', 'iter_*.pth'],
    ['modelBest.pt', 'model*.pt'],
    ['checkpoint-500', 'checkpoint-*'],
    ['12_net_G.pth', '*_net_G.pth'],
  ])('%s is %s', (path, pattern) => {
    expect(seriesPattern(path)).toBe(pattern);
  });

  it.each([
    'models/digits.safetensors',
    'resnet50.pt',
    'yolov8n.pt',
    'gpt2.bin',
    'llama-7b.gguf',
    'unet_3d.pt',
    'contest.pt',
    'lasting.onnx',
    'a.7z',
    'weights.h5',
    'lr1e-4/x.pt',
  ])('%s is nobody’s member but its own', (path) => {
    expect(seriesPattern(path)).toBe(path);
    expect(seriesOf(path)).toBe(path);
  });

  it('counts the best, the last and every step of one training as one', () => {
    const members = ['epoch_7.pt', 'epoch=7-val_loss=0.5.pt', 'best.pt', 'last.pt', 'step-100.pt'];
    expect(new Set(members.map((name) => seriesOf(`run/${name}`)))).toEqual(new Set(['run/*.pt']));
    expect(seriesOf('runs/train/weights/best.pt')).toBe(seriesOf('runs/train12/weights/last.pt'));
    expect(seriesOf('out/checkpoint-500')).toBe(seriesOf('out/best'));
    expect(seriesOf('out/encoder_1.pt')).not.toBe(seriesOf('out/decoder_1.pt'));
    expect(seriesOf('out/a_1.pt')).not.toBe(seriesOf('out/a_1.onnx'));
  });

  it('does not depend on the number', () => {
    const name = fc.constantFrom(
      'epoch_#.pt',
      'v#/model.pt',
      'a/b-#-c.ckpt',
      'step=#.pt',
      'ckpt#.h5',
    );
    fc.assert(
      fc.property(name, fc.nat(), fc.nat(), (form, one, other) => {
        const [a, b] = [form.replace('#', String(one)), form.replace('#', String(other))];
        expect(seriesOf(a)).toBe(seriesOf(b));
        expect(seriesPattern(a)).toBe(form.replace('#', '*'));
      }),
    );
  });

  it('cuts a path without losing a letter, and never its ending', () => {
    const words = fc.constantFrom(
      'epoch',
      'best',
      '7',
      '0.5',
      '-',
      '_',
      '/',
      '.',
      '=',
      'é',
      'x',
      'pt',
    );
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 12 }), (parts) => {
        const path = parts.join('');
        expect(
          seriesPieces(path)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(path);
        expect(seriesOf(path).endsWith(endingOf(path))).toBe(true);
      }),
    );
  });

  it('stays quick on a hostile name', () => {
    const name = `${'1.'.repeat(2000)}${'a1'.repeat(1000)}${'epoch'.repeat(400)}`;
    expect(seriesPattern(name).length).toBeGreaterThan(0);
  });

  it('knows the best, and sorts numbers by value', () => {
    expect([isBest('a/best.pt'), isBest('a/model_best_ema.pt'), isBest('bestiary.pt')]).toEqual([
      true,
      true,
      false,
    ]);
    const names = ['e_10', 'e_9', 'e_09', 'e', 'e_9b'];
    expect(names.sort(compareNaturally)).toEqual(['e', 'e_09', 'e_9', 'e_9b', 'e_10']);
  });

  it('pairs equal paths first, then members of one series', () => {
    const from = ['tokenizer.json', 'out/epoch_3.pt', 'old.onnx'].map((path) => ({ path }));
    const to = ['out/best.pt', 'tokenizer.json', 'new.onnx'].map((path) => ({ path }));
    const { pairs, onlyFrom, onlyTo } = pairBySeries(from, to);
    expect(pairs.map(([a, b]) => [a.path, b.path])).toEqual([
      ['tokenizer.json', 'tokenizer.json'],
      ['out/epoch_3.pt', 'out/best.pt'],
    ]);
    expect([onlyFrom, onlyTo]).toEqual([[{ path: 'old.onnx' }], [{ path: 'new.onnx' }]]);
  });
});
