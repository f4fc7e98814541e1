import { addSums, noSums, type TensorSums } from '../core/tensorComparison';
import {
  type KernelType,
  kernelBytes,
  pieceLength,
  pieceSums,
  slotLength,
  type TensorKernel,
} from './tensorKernel';
import { widener, widthOf } from './tensorWidening';

/** Fills all of `into` with the bytes from `offset` on. @throws Failure when they are not there */
export type ReadInto = (into: Uint8Array, offset: number) => Promise<void>;

/** A stretch of values, one after another in little-endian order. */
export interface Stretch {
  readonly read: ReadInto;
  readonly offset: number;
  readonly dtype: string;
}

/**
 * The sums over `elements` values of two stretches, a piece at a time, the next one read while one
 * is worked on; `null` where all their bytes are the same (unless sums are
 * wanted `always`). Types without a loop of their own are
 * widened to doubles first. @throws Failure what the readers throw; whatever `check` throws
 */
export async function stretchSums(
  kernel: TensorKernel,
  from: Stretch,
  to: Stretch,
  elements: number,
  always = false,
  check: () => void = () => undefined,
): Promise<TensorSums | null> {
  const alike = !always && from.dtype === to.dtype;
  if (alike && (await sameBytes(kernel, from, to, elements, check))) return null;
  const direct = from.dtype === to.dtype && from.dtype in kernelBytes;
  const type = direct ? (from.dtype as KernelType) : 'F64';
  const step = pieceLength / kernelBytes[type];
  const pieceAt = async (first: number, slot: number) => {
    const count = Math.min(step, elements - first);
    await Promise.all([
      fill(kernel, slot, from, first, count, direct),
      fill(kernel, slot + pieceLength, to, first, count, direct),
    ]);
    return count;
  };
  let sums = noSums;
  let slot = 0;
  let coming = pieceAt(0, slot);
  for (let first = 0; first < elements; first += step) {
    check();
    const count = await coming;
    const other = slotLength - slot;
    // Whoever waits for it next also gets its failure.
    if (first + step < elements) coming = pieceAt(first + step, other);
    coming.catch(() => undefined);
    sums = addSums(sums, pieceSums(kernel, type, slot, count));
    slot = other;
  }
  return sums;
}

const firstLook = 1 << 14;

/** Stops at the first piece that differs. */
async function sameBytes(
  { memory }: TensorKernel,
  from: Stretch,
  to: Stretch,
  elements: number,
  check: () => void,
): Promise<boolean> {
  const length = elements * (widthOf(from.dtype) ?? 1);
  // What differs mostly does so at once: the first look is short, for it is read again for the sums.
  let step = firstLook;
  for (let at = 0; at < length; at += step) {
    if (at > 0) step = slotLength;
    check();
    const count = Math.min(step, length - at);
    const old = memory.subarray(0, count);
    const now = memory.subarray(slotLength, slotLength + count);
    await Promise.all([from.read(old, from.offset + at), to.read(now, to.offset + at)]);
    if (Buffer.compare(old, now) !== 0) return false;
  }
  return true;
}

async function fill(
  { memory }: TensorKernel,
  at: number,
  { read, offset, dtype }: Stretch,
  first: number,
  count: number,
  direct: boolean,
): Promise<void> {
  const width = widthOf(dtype) ?? 1;
  const length = count * width;
  const from = offset + first * width;
  if (direct) return await read(memory.subarray(at, at + length), from);
  const bytes = new Uint8Array(length);
  await read(bytes, from);
  widener(dtype)?.(bytes, new Float64Array(memory.buffer, at, count));
}

/** Whether tensors of these two types can be compared by value. */
export function comparable(from: string, to: string): boolean {
  return widthOf(from) !== null && widthOf(to) !== null;
}
