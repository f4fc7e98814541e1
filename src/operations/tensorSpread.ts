import type { Side } from '../core/comparisonReport';
import { Failure } from '../core/failure';
import { histogramOf, type TensorHistogram } from '../core/tensorHistogram';
import { tensorBytes, tensorDoubles } from '../formats';
import { withStored, withWorking } from './compareVersionWeights';
import type { TensorSpread } from './comparingProject';
import { recordsOf } from './comparisonEvidence';
import type { ModelSide } from './modelSide';
import type { Rooms } from './rooms';

/**
 * The histograms of one tensor of a model file in two sides, the first a version.
 * @param request paths and names may differ between the sides, as where a file or layer was renamed
 * @throws Failure `no-such-file`, `artifact-missing`, `unreadable`
 */
export async function tensorSpread(
  rooms: Rooms,
  request: {
    readonly base: string;
    readonly side: Side;
    readonly from: { readonly path: string; readonly tensor: string } | null;
    readonly to: { readonly path: string; readonly tensor: string } | null;
  },
): Promise<TensorSpread> {
  const { base, side, from, to } = request;
  // Of the working files the path tells enough.
  const [before, after] = await recordsOf(rooms, side === null ? [base] : [base, side]);
  const digestIn = (record: typeof before, path: string) => {
    const file = record?.files.find((one) => one.path === path);
    if (file === undefined) throw new Failure('no-such-file', { path });
    return file.sha256;
  };
  const old = (look: Look) =>
    from === null ? null : withStored(rooms, digestIn(before, from.path), from.path, look);
  const now = (look: Look) => {
    if (to === null) return null;
    if (side === null) return withWorking(rooms, to.path, look);
    return withStored(rooms, digestIn(after, to.path), to.path, look);
  };
  return {
    from: await old((model) => spreadOf(model, from?.tensor ?? '')),
    to: await now((model) => spreadOf(model, to?.tensor ?? '')),
  };
}

type Look = (side: ModelSide) => Promise<TensorHistogram | null>;

async function spreadOf({ contents, files }: ModelSide, name: string) {
  const tensor = (contents.tensors ?? []).find((one) => one.name === name);
  const bytes = tensor === undefined ? null : await tensorBytes(files, tensor);
  const values = tensor === undefined || bytes === null ? null : tensorDoubles(tensor.dtype, bytes);
  return values === null ? null : histogramOf(values);
}
