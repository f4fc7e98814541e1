import { architectureChanges, architectureSentence } from '../core/architecture';
import { throwIfCancelled } from '../core/failure';
import type { Activity } from '../core/progress';
import {
  addSums,
  type ComparedTensor,
  figuresOf,
  groupOf,
  groupsOf,
  layerOf,
  noSums,
  type TensorDifference,
  type TensorSums,
  type WeightsComparison,
  weightsSentences,
} from '../core/tensorComparison';
import { histogramsOf } from '../core/tensorHistogram';
import {
  comparable,
  isPlain,
  type ModelContents,
  openKernel,
  runJobs,
  type Stretch,
  stretchSums,
  type TensorFiles,
  type TensorInfo,
  type TensorJob,
  type TensorPlace,
  tensorBytes,
  tensorDigest,
  tensorDoubles,
} from '../formats';
import type { Platform } from '../platform';
import { knownStatus, pairRenamed, pairTensors, type TensorPair } from './tensorPairs';

/** One of two models: what its file tells, and the way to its values. */
export interface ModelSide {
  readonly contents: ModelContents;
  readonly files: TensorFiles;
  /** Where the bytes of a tensor lie on the disk; `null` for what is read through `files` only. */
  readonly pathOf: (file: string | undefined) => Promise<string | null>;
  /** What stretches of the file are the same in, where that is known without reading them. */
  readonly identity?: (place: TensorPlace) => string | null;
}

/** What is wanted beyond what always is. */
export interface WeightsOptions {
  /** Tensors that only have another name are found by their values. */
  readonly renamed?: boolean;
  /** How the values of changed tensors are spread. */
  readonly histograms?: boolean;
}

/** Longer stretches are split, so that all threads have work; fixed, so that sums are the same. */
const longestJob = 4 << 20;

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
    const values = known[index] === true ? 'same' : (summed ?? (await gathered(pair, from, to)));
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

/** Where a pair's values lie in files on the disk; `null` for pairs that are compared otherwise. */
async function planFor(
  pair: TensorPair,
  from: ModelSide,
  to: ModelSide,
): Promise<Omit<TensorJob, 'always'> | null> {
  if (!hasValues(pair) || !isPlain(pair.from) || !isPlain(pair.to)) return null;
  const [one, other] = [pair.from.place, pair.to.place];
  if (one === undefined || other === undefined) return null;
  const [a, b] = [await from.pathOf(one.file), await to.pathOf(other.file)];
  if (a === null || b === null) return null;
  return {
    from: { path: a, offset: one.offset, dtype: pair.from.dtype },
    to: { path: b, offset: other.offset, dtype: pair.to.dtype },
    elements: elementsOf(pair.to),
  };
}

type Valued = { readonly from: TensorInfo; readonly to: TensorInfo };

function hasValues(pair: TensorPair): pair is Valued {
  const status = knownStatus(pair);
  if (pair.from === null || pair.to === null || status === 'reshaped') return false;
  return comparable(pair.from.dtype, pair.to.dtype);
}

function elementsOf({ shape }: TensorInfo): number {
  return shape.reduce((product, size) => product * size, 1);
}

type Outcome = TensorSums | 'same' | { readonly why: string };

/** The sums of each plan; `undefined` where its values are the same byte for byte. */
async function plainSums(
  platform: Platform,
  plans: readonly (Omit<TensorJob, 'always'> | null)[],
  activity?: Activity,
): Promise<(TensorSums | undefined)[]> {
  const pieces = plans.flatMap((plan, owner) => (plan === null ? [] : piecesOf(plan, owner)));
  const total = pieces.reduce((sum, { job }) => sum + job.elements, 0);
  let done = 0;
  const progress = {
    signal: activity?.signal,
    done: (elements: number) => {
      done = Math.min(total, done + elements);
      activity?.progress?.({ phase: 'checking', done, total, unit: 'bytes' });
    },
  };
  const first = await runJobs(
    platform,
    pieces.map(({ job }) => job),
    progress,
  );
  const changed = new Set(pieces.filter((_, at) => first[at] !== null).map(({ owner }) => owner));
  // The norm of a tensor takes its unchanged pieces too.
  const again = pieces.flatMap((piece, at) =>
    first[at] === null && changed.has(piece.owner)
      ? [{ at, job: { ...piece.job, always: true } }]
      : [],
  );
  const second = await runJobs(
    platform,
    again.map(({ job }) => job),
    progress,
  );
  const found: (TensorSums | undefined)[] = plans.map(() => undefined);
  const byPiece = [...first];
  for (const [index, { at }] of again.entries()) byPiece[at] = second[index] ?? null;
  for (const [at, { owner }] of pieces.entries()) {
    const sums = byPiece[at] ?? null;
    if (sums !== null) found[owner] = addSums(found[owner] ?? noSums, sums);
  }
  return found;
}

function piecesOf(plan: Omit<TensorJob, 'always'>, owner: number) {
  const { from, to, elements } = plan;
  const width = (dtype: string) => widths[dtype] ?? 1;
  const pieces: { owner: number; job: TensorJob }[] = [];
  for (let first = 0; first < elements; first += longestJob) {
    const moved = (side: TensorJob['from']) => ({
      ...side,
      offset: side.offset + first * width(side.dtype),
    });
    const count = Math.min(longestJob, elements - first);
    pieces.push({
      owner,
      job: { from: moved(from), to: moved(to), elements: count, always: false },
    });
  }
  return pieces;
}

const widths: Readonly<Record<string, number>> = {
  ...{ F64: 8, I64: 8, U64: 8, F32: 4, I32: 4, U32: 4, F16: 2, BF16: 2, I16: 2, U16: 2 },
};

/** Views, packed and quantized tensors: put together in memory, one pair at a time. */
async function gathered(pair: TensorPair, from: ModelSide, to: ModelSide): Promise<Outcome> {
  if (pair.from === null || pair.to === null) return { why: '' };
  if (knownStatus(pair) === 'reshaped') return { why: '' };
  if (hasValues(pair) && isPlain(pair.from) && isPlain(pair.to)) {
    const [old, now] = [await stretchIn(from, pair.from), await stretchIn(to, pair.to)];
    if (old === null || now === null) return { why: 'the file that has its values is not here' };
    return (await stretchSums(openKernel(), old, now, elementsOf(pair.to))) ?? 'same';
  }
  const old = await tensorBytes(from.files, pair.from);
  const now = await tensorBytes(to.files, pair.to);
  if (old === null || now === null) return { why: 'its values are packed, missing or too large' };
  const alike = pair.from.dtype === pair.to.dtype;
  if (alike && Buffer.compare(old, now) === 0) return 'same';
  if (!hasValues(pair)) return { why: `${pair.to.dtype} is compared by its bytes only` };
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
