import type { Activity } from '../core/progress';
import { addSums, noSums, type TensorSums } from '../core/tensorComparison';
import { comparable, isPlain, runJobs, type TensorInfo, type TensorJob } from '../formats';
import type { Platform } from '../platform';
import type { ModelSide } from './modelSide';
import { knownStatus, type TensorPair } from './tensorPairs';

/** Longer stretches are split, so that all threads have work; fixed, so that sums are the same. */
const longestJob = 4 << 20;

/** Where a pair's values lie in files on the disk; `null` for pairs that are compared otherwise. */
export async function planFor(
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

/** Whether both have values of types that are compared as numbers. */
export function hasValues(pair: TensorPair): pair is Valued {
  const status = knownStatus(pair);
  if (pair.from === null || pair.to === null || status === 'reshaped') return false;
  return comparable(pair.from.dtype, pair.to.dtype);
}

export function elementsOf({ shape }: TensorInfo): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The sums of each plan; `undefined` where its values are the same byte for byte. */
export async function plainSums(
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
