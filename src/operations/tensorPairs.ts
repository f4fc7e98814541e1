import { normalName } from '../core/tensorComparison';
import type { TensorInfo } from '../formats';

/** The tensors of two models that are taken for one another; one side is missing in others. */
export interface TensorPair {
  readonly from: TensorInfo | null;
  readonly to: TensorInfo | null;
  /** They were found by their values, which are the same. */
  readonly renamed?: boolean;
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

/**
 * Pairs what is left over on both sides by type, shape and values: tensors that only have another
 * name. `digestOf` is asked only where another one of the same type and shape is left; the first of
 * several with the same values are taken for one another in their order.
 */
export async function pairRenamed(
  pairs: readonly TensorPair[],
  digestOf: (tensor: TensorInfo, side: 'from' | 'to') => Promise<string | null>,
): Promise<TensorPair[]> {
  const kind = ({ dtype, shape }: TensorInfo) => `${dtype} ${shape.join()}`;
  const added = pairs.flatMap(({ from, to }) => (from === null && to !== null ? [to] : []));
  const wanted = new Set(added.map(kind));
  const gone = new Map<string, TensorInfo[]>();
  for (const { from, to } of pairs) {
    if (from === null || to !== null || !wanted.has(kind(from))) continue;
    const key = `${kind(from)} ${await digestOf(from, 'from')}`;
    gone.set(key, [...(gone.get(key) ?? []), from]);
  }
  const kinds = new Set([...gone.values()].flat().map(kind));
  const partners = new Map<TensorInfo, TensorInfo>();
  for (const to of added) {
    const digest = kinds.has(kind(to)) ? await digestOf(to, 'to') : null;
    const from = digest === null ? undefined : gone.get(`${kind(to)} ${digest}`)?.shift();
    if (from !== undefined) partners.set(to, from);
  }
  const taken = new Set(partners.values());
  return pairs
    .filter(({ from, to }) => !(to === null && from !== null && taken.has(from)))
    .map((pair) => {
      const from = pair.to === null ? undefined : partners.get(pair.to);
      return from === undefined ? pair : { from, to: pair.to, renamed: true };
    });
}

/** What is known of a pair before any value is looked at; `null`: the values decide. */
export function knownStatus({ from, to, renamed }: TensorPair) {
  if (renamed === true) return 'renamed';
  if (from === null) return 'added';
  if (to === null) return 'removed';
  if (from.shape.join() !== to.shape.join()) return 'reshaped';
  return from.dtype === to.dtype ? null : 'retyped';
}
