import { architectureChanges, architectureSentence } from '../core/architecture';
import { throwIfCancelled } from '../core/failure';
import type { Activity } from '../core/progress';
import {
  type ComparedTensor,
  figuresOf,
  groupOf,
  groupsOf,
  layerOf,
  type TensorDifference,
  type TensorSums,
  type WeightsComparison,
  weightsSentences,
} from '../core/tensorComparison';
import { histogramsOf } from '../core/tensorHistogram';
import {
  isPlain,
  openKernel,
  type Stretch,
  stretchSums,
  type TensorInfo,
  tensorBytes,
  tensorDigest,
  tensorDoubles,
} from '../formats';
import type { Platform } from '../platform';
import type { ModelSide } from './modelSide';
import { elementsOf, hasValues, plainSums, planFor } from './plainTensors';
import { knownStatus, pairRenamed, pairTensors, type TensorPair } from './tensorPairs';

/** What is wanted beyond what always is. */
export interface WeightsOptions {
  /** Tensors that only have another name are found by their values. */
  readonly renamed?: boolean;
  /** How the values of changed tensors are spread. */
  readonly histograms?: boolean;
}

/**
 * Compares two models tensor by tensor, of whatever formats. Tensors that the store keeps as the same
 * chunks cost nothing, those whose bytes are the same a look; of others the values are summed, plain
 * ones on threads. @throws Failure, Cancelled
 */
export async function compareWeights(
  platform: Platform,
  from: ModelSide,
  to: ModelSide,
  options: WeightsOptions = {},
  activity?: Activity,
): Promise<WeightsComparison> {
  const pairs = await pairsOf(platform, from, to, options);
  const known = pairs.map((pair) => pair.renamed === true || sameByIdentity(pair, from, to));
  const planned = await Promise.all(
    pairs.map((pair, at) => (known[at] === true ? null : planFor(pair, from, to))),
  );
  const sums = await plainSums(platform, planned, activity);
  const tensors: TensorDifference[] = [];
  for (const [index, pair] of pairs.entries()) {
    throwIfCancelled(activity?.signal);
    const plan = planned[index] ?? null;
    const summed = plan === null ? null : (sums[index] ?? 'same');
    const values =
      known[index] === true ? 'same' : (summed ?? (await gathered(platform, pair, from, to)));
    const found = difference(pair, values);
    tensors.push(options.histograms === true ? await withHistograms(found, pair, from, to) : found);
  }
  const ordered = [
    ...tensors.filter(({ status }) => status !== 'same'),
    ...tensors.filter(({ status }) => status === 'same'),
  ];
  const [before, after] = [from.contents.architecture, to.contents.architecture];
  const architecture =
    before === null || after === null ? null : architectureChanges(before, after);
  return {
    tensors: ordered,
    groups: groupsOf(ordered, layerOf),
    whole: groupOf('', ordered),
    architecture,
    sentences: [...weightsSentences(ordered), ...architectureSentence(architecture ?? [])],
  };
}

async function pairsOf(
  platform: Platform,
  from: ModelSide,
  to: ModelSide,
  { renamed = false }: WeightsOptions,
): Promise<TensorPair[]> {
  const pairs = pairTensors(from.contents.tensors ?? [], to.contents.tensors ?? []);
  if (!renamed) return pairs;
  return await pairRenamed(pairs, (tensor, side) =>
    tensorDigest(platform.hashing, (side === 'from' ? from : to).files, tensor),
  );
}

/** Whether both are the same stretches of the store, laid out in the same way. */
function sameByIdentity({ from: old, to: now }: TensorPair, from: ModelSide, to: ModelSide) {
  if (old?.place === undefined || now?.place === undefined || old.dtype !== now.dtype) return false;
  const layout = ({ shape, strides, lazily, place }: TensorInfo) =>
    JSON.stringify([shape, strides, lazily, place?.bigEndian]);
  if (layout(old) !== layout(now)) return false;
  const identity = from.identity?.(old.place) ?? null;
  return identity !== null && identity === to.identity?.(now.place);
}

/** Over both tensors' values; without them where they are too many or no plain numbers. */
async function withHistograms(
  found: TensorDifference,
  pair: TensorPair,
  from: ModelSide,
  to: ModelSide,
): Promise<TensorDifference> {
  if (found.figures === null || pair.from === null || pair.to === null) return found;
  const old = await tensorBytes(from.files, pair.from);
  const now = await tensorBytes(to.files, pair.to);
  const values = [
    old === null ? null : tensorDoubles(pair.from.dtype, old),
    now === null ? null : tensorDoubles(pair.to.dtype, now),
  ] as const;
  if (values[0] === null || values[1] === null) return found;
  return { ...found, histograms: histogramsOf(values[0], values[1]) };
}

type Outcome = TensorSums | 'same' | { readonly why: string };

function notByValue({ dtype }: TensorInfo): string {
  return `${dtype} is compared by its bytes only`;
}

/** Views, packed and quantized tensors: put together in memory, one pair at a time. */
async function gathered(
  platform: Platform,
  pair: TensorPair,
  from: ModelSide,
  to: ModelSide,
): Promise<Outcome> {
  if (pair.from === null || pair.to === null) return { why: '' };
  if (knownStatus(pair) === 'reshaped') return { why: '' };
  if (hasValues(pair) && isPlain(pair.from) && isPlain(pair.to)) {
    const [old, now] = [await stretchIn(from, pair.from), await stretchIn(to, pair.to)];
    if (old === null || now === null) return { why: 'the file that has its values is not here' };
    return (await stretchSums(openKernel(), old, now, elementsOf(pair.to))) ?? 'same';
  }
  if (!hasValues(pair) && isPlain(pair.from) && isPlain(pair.to)) {
    // Blocks of any length.
    const one = await tensorDigest(platform.hashing, from.files, pair.from);
    if (one !== null && one === (await tensorDigest(platform.hashing, to.files, pair.to))) {
      return pair.from.dtype === pair.to.dtype ? 'same' : { why: notByValue(pair.to) };
    }
    return { why: notByValue(pair.to) };
  }
  const old = await tensorBytes(from.files, pair.from);
  const now = await tensorBytes(to.files, pair.to);
  if (old === null || now === null) return { why: 'its values are packed, missing or too large' };
  const alike = pair.from.dtype === pair.to.dtype;
  if (alike && Buffer.compare(old, now) === 0) return 'same';
  if (!hasValues(pair)) return { why: notByValue(pair.to) };
  const stretch = (bytes: Uint8Array, dtype: string): Stretch => ({
    read: (into, offset) => Promise.resolve(into.set(bytes.subarray(offset, offset + into.length))),
    offset: 0,
    dtype,
  });
  const sums = await stretchSums(
    openKernel(),
    stretch(old, pair.from.dtype),
    stretch(now, pair.to.dtype),
    elementsOf(pair.to),
  );
  return sums ?? 'same';
}

/** Values that are read where they lie, through the model's own reader. */
async function stretchIn({ files }: ModelSide, tensor: TensorInfo): Promise<Stretch | null> {
  const { place, dtype } = tensor;
  const file = place?.file === undefined ? files.reader : await files.beside(place.file);
  if (file === null || place === undefined || place.offset + place.length > file.size) return null;
  const read = async (into: Uint8Array, offset: number) =>
    into.set(await file.read(offset, into.length));
  return { read, offset: place.offset, dtype };
}

function difference(pair: TensorPair, found: Outcome): TensorDifference {
  const { from, to } = pair;
  const known = knownStatus(pair);
  const sums = found !== 'same' && 'elements' in found ? found : null;
  const why = found !== 'same' && 'why' in found && found.why !== '' ? { why: found.why } : {};
  return {
    name: to?.name ?? from?.name ?? '',
    status: known ?? (found === 'same' ? 'same' : 'changed'),
    from: from === null ? null : plain(from),
    to: to === null ? null : plain(to),
    figures: sums === null ? null : figuresOf(sums),
    ...why,
  };
}

function plain({ name, dtype, shape, bytes }: TensorInfo): ComparedTensor {
  return { name, dtype, shape, bytes };
}
