import { linkSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Failure } from '../../src/core/failure';
import { compareFiles, inspectFile, scanFiles } from '../../src/operations';
import { fixture } from '../formats/fixtures';
import { call } from '../hostile/pickleWriter';
import { Sandbox } from './sandbox';

const sandbox = new Sandbox('scanning');
afterEach(() => sandbox.close());

const evil = Buffer.from(call('os', 'system'), 'latin1');
const yaml = (more = '') => `models:\n  m:\n    artifacts: ["w/*"]\n${more}`;

test('a commit records what a scan found, and a rule refuses', async () => {
  const workspace = sandbox.repository({ 'cairn.yaml': yaml(), 'train.py': 'x = 1\n' });
  workspace.write({ 'w/a.pkl': evil, 'w/b.safetensors': fixture('other/a.safetensors') });
  await workspace.initialize();
  const project = await workspace.open();
  const { version, warnings } = await project.commit({ message: 'first' });
  expect(version.files.map(({ path, scan }) => [path, scan?.verdict])).toEqual([
    ['w/a.pkl', 'dangerous'],
    ['w/b.safetensors', undefined],
  ]);
  expect(warnings.filter(({ code }) => code.startsWith('scan-'))).toMatchObject([
    { code: 'scan-dangerous', path: 'w/a.pkl', message: expect.stringContaining('os.system') },
  ]);
  workspace.write({ 'cairn.yaml': yaml('    refuse: dangerous\n'), 'train.py': 'x = 2\n' });
  await expect(project.commit({ message: 'second' })).rejects.toMatchObject({
    code: 'file-refused',
    data: { path: 'w/a.pkl', verdict: 'dangerous' },
  } satisfies Partial<Failure>);
  expect((await project.log({})).total).toBe(1);
});

test('files that a model names are judged where they lie', async () => {
  const workspace = sandbox.repository();
  const { root } = workspace;
  const platform = sandbox.platform();
  const at = (name: string) => join(root, name);
  workspace.write({
    'a/mext.onnx': fixture('other/mext.onnx'),
    'a/mext.data': fixture('other/mext.data'),
  });
  workspace.write({
    'b/mext.onnx': fixture('other/mext.onnx'),
    'c/mext.onnx': fixture('other/mext.onnx'),
  });
  symlinkSync(at('a/mext.data'), at('b/mext.data'));
  const scan = async (path: string) =>
    (await scanFiles(platform, { directory: root, paths: [path] })).files.map(
      ({ verdict }) => verdict,
    );
  expect(await scan('a/mext.onnx')).toEqual(['clean']);
  expect(await scan('b/mext.onnx')).toEqual(['dangerous']);
  linkSync(at('a/mext.data'), at('c/mext.data'));
  expect(await scan('c/mext.onnx')).toEqual(['dangerous']);
  await expect(scan('nowhere.pt')).rejects.toMatchObject({ code: 'no-such-file' });
  expect(readFileSync(at('a/mext.data'))).toEqual(Buffer.from(fixture('other/mext.data')));
});

test('what a file holds is told outside a project too', async () => {
  const workspace = sandbox.repository();
  workspace.write({ 'm.keras': fixture('other/m.keras') });
  const request = { directory: workspace.root, path: 'm.keras' };
  const found = await inspectFile(sandbox.platform(), request);
  expect(found).toMatchObject({ path: 'm.keras', format: 'keras', warnings: [] });
  expect(found.tensors).toHaveLength(22);
  expect(found.architecture?.children.map(({ kind }) => kind)).toContain('Dense');
  await expect(inspectFile(sandbox.platform(), { ...request, path: 'x' })).rejects.toThrow(Failure);
});

/** A safetensors file of one tensor of floats. */
function weights(name: string, values: readonly number[]): Buffer {
  const data = Buffer.from(Float32Array.from(values).buffer);
  const offsets = [0, data.length];
  const head = JSON.stringify({
    [name]: { dtype: 'F32', shape: [values.length], data_offsets: offsets },
  });
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  return Buffer.concat([length, Buffer.from(head), data]);
}

test('weights are compared tensor by tensor, of versions, working files and other formats', async () => {
  const workspace = sandbox.repository({ 'cairn.yaml': yaml(), 'train.py': 'x = 1\n' });
  workspace.write({ 'w/a.safetensors': weights('head.w', [3, 4, 0]) });
  await workspace.initialize();
  const project = await workspace.open();
  await project.commit({ message: 'first' });
  workspace.write({ 'w/a.safetensors': weights('module.head.w', [3, 4, 0.5]) });
  const changed = {
    path: 'w/a.safetensors',
    sentences: ['head: 1 of 1 tensors changed, largest ‖Δ‖/‖W‖ 0.1 in module.head.w'],
    tensors: [
      {
        status: 'changed',
        name: 'module.head.w',
        figures: { changed: 1, distance: 0.5, relative: 0.1 },
      },
    ],
  };
  expect((await project.compare({ from: 'v1' })).weights).toBeUndefined();
  const working = await project.compare({ from: 'v1', values: true });
  expect(working.weights).toMatchObject([changed]);
  await project.commit({ message: 'second' });
  const versions = { from: 'v1', to: 'v2', values: true };
  expect((await project.compare(versions)).weights).toEqual(working.weights);
  const files = await compareFiles(sandbox.platform(), {
    ...{ directory: workspace.root, from: 'w/a.safetensors', to: 'b.npy', values: true },
    ...(workspace.write({ 'b.npy': fixture('other/c.npy') }) ?? {}),
  });
  expect(files.weights?.tensors.map(({ status }) => status)).toEqual(['added', 'removed']);
});
