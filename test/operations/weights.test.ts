import { afterEach, expect, test } from 'vitest';
import { compareFiles } from '../../src/operations';
import type { Platform, ReadHandle } from '../../src/platform';
import { Sandbox } from './sandbox';

const sandbox = new Sandbox('weights');
afterEach(() => sandbox.close());

/** A safetensors file of tensors of floats. */
function model(tensors: Readonly<Record<string, Float32Array>>): Buffer {
  let at = 0;
  const head: Record<string, unknown> = {};
  for (const [name, { length, byteLength }] of Object.entries(tensors)) {
    head[name] = { dtype: 'F32', shape: [length], data_offsets: [at, at + byteLength] };
    at += byteLength;
  }
  const json = Buffer.from(JSON.stringify(head));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(json.length));
  const values = Object.values(tensors).map((one) => Buffer.from(one.buffer));
  return Buffer.concat([size, json, ...values]);
}

const filled = (length: number, seed: number) =>
  Float32Array.from({ length }, (_, index) => Math.sin(index * 1.7 + seed));

/** How many bytes are read of the store's packs. */
function countingReads(platform: Platform) {
  let bytes = 0;
  const openRead: Platform['disk']['openRead'] = async (path) => {
    const handle = await platform.disk.openRead(path);
    if (handle === null || !path.endsWith('.pack')) return handle;
    const read: ReadHandle['read'] = async (into, offset) => {
      const found = await handle.read(into, offset);
      bytes += found;
      return found;
    };
    return { facts: () => handle.facts(), read, close: () => handle.close() };
  };
  const disk = { ...platform.disk, openRead };
  return { platform: { ...platform, disk }, packs: () => bytes };
}

test('unchanged tensors of stored versions are not read', async () => {
  const count = 300;
  const layers = (touched: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => [
        `layer${at}.w`,
        filled(2048, at < touched ? at + 0.5 : at),
      ]),
    );
  const workspace = sandbox.repository({
    'cairn.yaml': 'models:\n  m:\n    artifacts: ["w/*"]\n',
    'train.py': 'x = 1\n',
  });
  workspace.write({ 'w/a.safetensors': model(layers(0)) });
  await workspace.initialize();
  const project = await workspace.open();
  await project.commit({ message: 'first' });
  workspace.write({ 'w/a.safetensors': model(layers(3)) });
  await project.commit({ message: 'second' });
  const counting = countingReads(sandbox.platform());
  const looking = await workspace.open(counting.platform);
  const [weights] = (await looking.compare({ from: 'v1', to: 'v2', values: true })).weights ?? [];
  const touched = 2 * 3 * 2048 * 4;
  // Each changed tensor is read of both versions, with what its chunks are made of; the rest is not.
  expect(counting.packs()).toBeLessThan(touched * 8);
  expect(counting.packs()).toBeGreaterThan(0);
  expect(weights?.tensors.filter(({ status }) => status === 'changed')).toHaveLength(3);
  expect(weights?.tensors.filter(({ status }) => status === 'same')).toHaveLength(count - 3);
  expect(weights?.whole).toMatchObject({ tensors: count, changed: 3 });
});

test('tensors of another name are found by their values, and values are shown as histograms', async () => {
  const workspace = sandbox.repository();
  const [w, b] = [filled(100, 1), filled(10, 2)];
  workspace.write({
    'a.safetensors': model({ 'old.w': w, 'old.b': b, head: Float32Array.of(0, 1, 2, 3) }),
    'b.safetensors': model({ 'new.b': b, 'new.w': w, head: Float32Array.of(0, 1, 2, 8) }),
  });
  const request = { directory: workspace.root, from: 'a.safetensors', to: 'b.safetensors' };
  const plain = await compareFiles(sandbox.platform(), { ...request, values: true });
  expect(plain.weights?.tensors.map(({ status }) => status)).toEqual([
    ...['added', 'added', 'changed', 'removed', 'removed'],
  ]);
  const asked = { ...request, values: true, renamed: true, histograms: true };
  const found = await compareFiles(sandbox.platform(), asked);
  expect(
    found.weights?.tensors.map(({ status, name, from }) => [status, from?.name, name]),
  ).toEqual([
    ['renamed', 'old.b', 'new.b'],
    ['renamed', 'old.w', 'new.w'],
    ['changed', 'head', 'head'],
  ]);
  const { histograms } = found.weights?.tensors[2] ?? {};
  expect(histograms?.from).toMatchObject({ least: 0, greatest: 8, mean: 1.5 });
  expect(histograms?.to.counts.reduce((sum, one) => sum + one, 0)).toBe(4);
  expect(histograms?.to.counts.at(-1)).toBe(1);
  expect(found.weights?.sentences).toEqual([
    'new: 0 of 2 tensors changed, 2 renamed',
    'head: 1 of 1 tensors changed, largest ‖Δ‖/‖W‖ 1.3 in head',
  ]);
});
