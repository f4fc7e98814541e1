import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readModel, tensorBytes } from '../../src/formats/index';
import { readerOf } from '../formats/fixtures';

/** The same array by each of joblib's packers (`make_libraries_other.py`). */
const values = async (packer: string) => {
  const url = new URL(`./libraries/arrays_${packer}.joblib`, import.meta.url);
  const reader = readerOf(new Uint8Array(readFileSync(url)));
  const [tensor] = (await readModel(reader, 'arrays.joblib')).tensors ?? [];
  if (tensor === undefined) throw new Error('no tensor');
  return Buffer.from(
    (await tensorBytes({ reader, beside: () => Promise.resolve(null) }, tensor)) ?? [],
  );
};

it.each(['gzip', 'bz2', 'lzma', 'xz'])('an array packed by %s has its values', async (packer) => {
  const bytes = await values(packer);
  expect(bytes.length).toBe(720);
  expect(bytes).toEqual(await values('zlib'));
});
