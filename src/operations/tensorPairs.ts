import { normalName } from '../core/tensorComparison';
import type { TensorInfo } from '../formats';

/** The tensors of two models that are taken for one another; one side is missing in others. */
export interface TensorPair {
  readonly from: TensorInfo | null;
  readonly to: TensorInfo | null;
}

/**
 * Pairs tensors by name, then by the name without the prefixes that wrapping a model adds, where
 * that is unique on both sides. In the order of the new model, then what only the old one has.
 */
export function pairTensors(from: readonly TensorInfo[], to: readonly TensorInfo[]): TensorPair[] {
  const byName = new Map(from.map((tensor) => [tensor.name, tensor]));
  const own = new Set(to.map(({ name }) => name));
  const left = uniqueByNormal(from.filter(({ name }) => !own.has(name)));
  const right = uniqueByNormal(to.filter(({ name }) => !byName.has(name)));
  const taken = new Set<TensorInfo>();
  const pairs = to.map((tensor): TensorPair => {
    const same = byName.get(tensor.name);
    const normal = normalName(tensor.name);
    const other = same ?? (right.get(normal) === tensor ? left.get(normal) : undefined) ?? null;
    if (other !== null) taken.add(other);
    return { from: other, to: tensor };
  });
  return [
    ...pairs,
    ...from.filter((one) => !taken.has(one)).map((one) => ({ from: one, to: null })),
  ];
}

function uniqueByNormal(tensors: readonly TensorInfo[]): Map<string, TensorInfo | undefined> {
  const unique = new Map<string, TensorInfo | undefined>();
  for (const tensor of tensors) {
    const name = normalName(tensor.name);
    unique.set(name, unique.has(name) ? undefined : tensor);
  }
  return unique;
}

/** What is known of a pair before any value is looked at; `null`: the values decide. */
export function knownStatus({ from, to }: TensorPair) {
  if (from === null) return 'added';
  if (to === null) return 'removed';
  if (from.shape.join() !== to.shape.join()) return 'reshaped';
  return from.dtype === to.dtype ? null : 'retyped';
}
