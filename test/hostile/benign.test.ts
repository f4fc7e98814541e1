import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readModel, scanModel } from '../../src/formats/index';
import { fixture, readerOf } from '../formats/fixtures';
import { harmless } from './harmless';

/** Made by `make_benign.py` with the real libraries; what a scan must say of each is beside them. */
const folder = fileURLToPath(new URL('./benign/', import.meta.url));
const expected = JSON.parse(readFileSync(`${folder}expected.json`, 'utf8')) as Record<
  string,
  'clean' | 'suspicious'
>;

const fixtures: readonly (readonly [string, 'clean' | 'suspicious'])[] = [
  ...['ckpt', 'mixed', 'mixed_legacy', 'sd', 'sd_legacy', 'sd_p2', 'sd_p3', 'sd_p4', 'sd_p5'].map(
    (name) => [`torch/${name}.pt`, 'clean'] as const,
  ),
  ['torch/full_module.pt', 'suspicious'],
  ...['a.safetensors', 'b.safetensors', 'be.npy', 'c.npy', 'f.npy', 'rec.npy', 'z.npz', 'zc.npz']
    .concat(['lgb.json', 'lgb.txt', 'm.gguf', 'm.h5', 'm.keras', 'm.onnx', 'mext.onnx'])
    .concat(['m.tflite', 'm.weights.h5', 'types.h5', 'xgb.bin', 'xgb.json', 'xgb.ubj'])
    .concat(['savedmodel/saved_model.pb', 'savedmodel/variables/variables.index'])
    .map((name) => [`other/${name}`, 'clean'] as const),
  ...['mlp.joblib', 'mlp.pkl', 'mlp_z.joblib', 'pipe.joblib', 'pipe.pkl', 'rf.joblib'].map(
    (name) => [`other/${name}`, 'suspicious'] as const,
  ),
];

describe('files of the real libraries', () => {
  it('are many', () => {
    expect(readdirSync(folder).length - 2).toBe(Object.keys(expected).length);
    expect(Object.keys(expected).length).toBeGreaterThanOrEqual(60);
  });

  it.each(Object.entries(expected))('%s is %s', async (name, verdict) => {
    const bytes = new Uint8Array(readFileSync(`${folder}${name}`));
    const scan = await scanModel(readerOf(bytes), name);
    expect({ verdict: scan.verdict, findings: scan.findings.map(({ code }) => code) }).toEqual({
      verdict,
      findings: verdict === 'clean' ? [] : expect.any(Array),
    });
  });

  it.each(fixtures)('%s is %s', async (name, verdict) => {
    expect((await scanModel(readerOf(fixture(name)), name)).verdict).toBe(verdict);
  });

  it.each(Object.keys(expected))('%s is read', async (name) => {
    const bytes = new Uint8Array(readFileSync(`${folder}${name}`));
    const { complete, why, warnings } = await readModel(readerOf(bytes), name);
    expect({ complete, why, warnings }).toEqual({ complete: true, why: null, warnings: [] });
  });
});

describe('what only looks like an attack', () => {
  it.each(harmless)('$name is $verdict', async ({ name, bytes, verdict }) => {
    const scan = await scanModel(readerOf(bytes), name);
    expect({ verdict: scan.verdict, findings: scan.findings }).toEqual({ verdict, findings: [] });
  });
});
