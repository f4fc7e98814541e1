import { statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Sandbox } from './sandbox';

const sandbox = new Sandbox('memory');
afterEach(() => sandbox.close());

/** The paths that the artifact store was given bytes of, by a platform that counts reads. */
function countingPlatform() {
  const plain = sandbox.platform();
  const read: string[] = [];
  const disk = {
    ...plain.disk,
    openRead: (path: string) => {
      read.push(path);
      return plain.disk.openRead(path);
    },
  };
  return { platform: { ...plain, disk }, read };
}

test('a file of the same length and time but other bytes is not taken for the old one', async () => {
  const workspace = sandbox.repository();
  await workspace.initialize();
  const project = await workspace.open();
  const first = await project.commit({ message: 'first' });
  const path = join(workspace.root, 'models/digits.safetensors');
  const { atime, mtime, size } = statSync(path);
  const other = Buffer.from(workspace.bytes('models/digits.safetensors'));
  other[size - 1] = (other[size - 1] ?? 0) ^ 1;
  writeFileSync(path, other);
  utimesSync(path, atime, mtime);
  const second = await project.commit({ message: 'second' });
  expect(second.version.files[0]?.sha256).not.toBe(first.version.files[0]?.sha256);
});

test('a file that did not change is not hashed again by a later process', async () => {
  const workspace = sandbox.repository();
  const old = new Date('2026-01-02T03:04:05.678Z');
  await workspace.initialize();
  utimesSync(join(workspace.root, 'models/digits.safetensors'), old, old);
  await new Promise((resolve) => setTimeout(resolve, 60));
  await (await workspace.open()).commit({ message: 'first' });
  const { platform, read } = countingPlatform();
  const later = await workspace.open(platform);
  await later.status({});
  const opened = () => read.filter((path) => path.endsWith('digits.safetensors'));
  // Not even for its header: what it is stands in the last version.
  expect(opened()).toEqual([]);
  workspace.write({ 'models/digits.safetensors': 'no tensors any more' });
  const [status] = (await later.status({})).models;
  expect(status?.changes.artifacts).toMatchObject([{ status: 'modified' }]);
  expect(opened()).not.toEqual([]);
});

test('other bytes under the name are looked at anew', async () => {
  const workspace = sandbox.repository();
  await workspace.initialize();
  const project = await workspace.open();
  const [weights] = (await project.commit({ message: 'first' })).version.files;
  expect(weights?.format).toBe('safetensors');
  const path = join(workspace.root, 'models/digits.safetensors');
  writeFileSync(path, 'GGUF'.padEnd(64, '\0'));
  const second = await project.commit({ message: 'second' });
  expect(second.version.files[0]?.format).toBe('gguf');
});
