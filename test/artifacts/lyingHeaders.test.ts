import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { byteLayoutOf } from '../../src/formats';
import { readerOf, safetensors } from '../formats/fixtures';
import { gguf, ggufText } from '../hostile/hostileModels';
import { zip } from '../hostile/zipWriter';
import { freshPath, scratchDirectory } from '../platform/scratch';
import { sha256Of } from './contract';
import { noise, StoreBench } from './modelFiles';

const root = scratchDirectory('lying');
const length = 200_000;

/** A safetensors file whose header states these stretches of its noise. */
function stating(...ranges: readonly (readonly [number, number])[]): Buffer {
  const tensors = ranges.map(([from, to], index) => [
    `t${index}`,
    { dtype: 'U8', shape: [to - from], data_offsets: [from, to] },
  ]);
  const file = safetensors(JSON.stringify(Object.fromEntries(tensors)), 0);
  return Buffer.concat([file, noise(length)]);
}

const member = { name: 'archive/data/0', bytes: noise(length) };
const arrayHeader = "{'descr': '|u1', 'fortran_order': False, 'shape': (200000,), }".padEnd(117);
const array = (name: string) => ({
  name,
  bytes: Buffer.concat([
    Buffer.from(`\x93NUMPY\x01\0\x76\0${arrayHeader}\n`, 'latin1'),
    noise(length),
  ]),
});

/** A tensor's name, its one dimension, and its element's type. */
const oneTensor = `${ggufText('w')}\x01\0\0\0${'\xff'.repeat(8)}\0\0\0\0${'\0'.repeat(8)}`;

/** Headers that do not tell the truth of the bytes that follow. */
const lies: [string, string, Buffer][] = [
  ['ranges that overlap', 'm.safetensors', stating([0, 150_000], [50_000, 200_000])],
  ['a range beyond the end', 'm.safetensors', stating([0, 150_000], [150_000, 900_000])],
  ['holes between ranges', 'm.safetensors', stating([0, 70_000], [120_000, 200_000])],
  ['a range that ends before it begins', 'm.safetensors', stating([150_000, 0])],
  ['two members of one name', 'm.pt', zip([member, { ...member, bytes: noise(length) }])],
  ['two arrays of one name', 'm.npz', zip([array('a.npy'), array('a.npy')])],
  ['members that the directory puts elsewhere', 'm.pt', zip([member], 40)],
  ['more tensors than there are bytes', 'm.gguf', fromText(gguf(2n ** 63n, 'w'))],
  ['more pairs than there are bytes', 'm.gguf', fromText(gguf(1n, oneTensor, 2n ** 62n))],
  ['a tensor larger than any file', 'm.gguf', fromText(gguf(1n, oneTensor))],
];

function fromText(text: string): Buffer {
  return Buffer.concat([Buffer.from(text, 'latin1'), noise(length)]);
}

describe('a file that states', () => {
  it('no lie is cut along what it states', async () => {
    const bytes = zip([array('a.npy'), array('b.npy')]);
    expect(await byteLayoutOf(readerOf(bytes), 'm.npz')).toHaveLength(2);
  });

  it.each(lies)('%s is nothing but bytes, cut by content, and comes back equal', async (...lie) => {
    const [, name, bytes] = lie;
    const layout = await byteLayoutOf(readerOf(bytes), name).catch(() => null);
    expect(layout).toBeNull();
    const [site, other] = [new StoreBench(root), new StoreBench(root)];
    const digest = await site.put({ bytes, layout: layout ?? [] });
    expect(digest).toBe(sha256Of(bytes));
    const back = freshPath(root);
    await site.store.restore(digest, back, 0o644);
    expect(bytes.equals(await readFile(back))).toBe(true);
    await other.store.putBytes(bytes);
    expect(await site.store.chunks(digest)).toEqual(await other.store.chunks(digest));
  });
});
