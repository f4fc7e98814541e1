import { Failure } from '../core/failure';
import { histogramOf, type TensorHistogram } from '../core/tensorHistogram';
import { tensorBytes, tensorDoubles } from '../formats';
import type { Platform } from '../platform';
import { withModelFile } from './compareVersionWeights';

/**
 * How the values of one tensor of a file are spread; `null` where they are not plain numbers, or
 * packed, missing or too large to be put together. @throws Failure `no-such-file`, `unreadable`
 */
export async function tensorHistogram(
  platform: Platform,
  path: string,
  name: string,
): Promise<TensorHistogram | null> {
  return await withModelFile(platform, path, async ({ contents, files }) => {
    const tensor = (contents.tensors ?? []).find((one) => one.name === name);
    if (tensor === undefined) throw new Failure('unreadable', { path, why: `it has no ${name}` });
    const bytes = await tensorBytes(files, tensor);
    const values = bytes === null ? null : tensorDoubles(tensor.dtype, bytes);
    return values === null ? null : histogramOf(values);
  });
}
