import type { ArchitectureNode } from '../core/architecture';
import { type MetadataValue, metadataText, type TensorInfo } from './modelHeader';

/** A tree of a boosted model: how it branches, and its numbers. */
export interface BoostedTree {
  readonly nodes: number;
  readonly leaves: number;
  /** Steps from the root to the farthest leaf. */
  readonly depth: number;
  readonly tensors: readonly TensorInfo[];
}

/** An ensemble as the tree view shows it: its parameters, then each tree. */
export function ensembleTree(
  kind: string,
  parameters: Readonly<Record<string, MetadataValue>>,
  trees: readonly BoostedTree[],
): ArchitectureNode {
  return {
    ...{ name: '', kind, attributes: parameters },
    children: trees.map(({ nodes, leaves, depth }, index) => ({
      ...{ name: `tree ${index}`, kind: 'Tree', attributes: { nodes, leaves, depth } },
      children: [],
    })),
  };
}

/** Numbers as values of a tensor: of a text, or of JSON. */
export function inlineTensor(
  name: string,
  dtype: 'F32' | 'F64',
  values: readonly number[],
): TensorInfo {
  const numbers = dtype === 'F32' ? Float32Array.from(values) : Float64Array.from(values);
  const bytes = new Uint8Array(numbers.buffer);
  const shape = [values.length];
  return { name, dtype, shape, bytes: bytes.length, values: { kind: 'inline', bytes } };
}

/**
 * Steps from the root to the farthest leaf. Negative children are leaves, or, where leaves have nodes
 * of their own (`ownLeaves`), nothing.
 */
export function depthOf(
  left: readonly number[],
  right: readonly number[],
  ownLeaves = false,
): number {
  const stack: [node: number, depth: number][] = [[0, 0]];
  const seen = new Set<number>();
  let deepest = 0;
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const [node, depth] = next;
    if (node >= 0 || !ownLeaves) deepest = Math.max(deepest, depth);
    // A file may state a circle.
    if (node < 0 || node >= left.length || seen.has(node)) continue;
    seen.add(node);
    for (const child of [left[node] ?? -1, right[node] ?? -1]) stack.push([child, depth + 1]);
  }
  return deepest;
}

/** Plain values of an object, nested ones joined with dots. */
export function flatParameters(
  value: unknown,
  prefix = '',
  into: Record<string, MetadataValue> = {},
): Record<string, MetadataValue> {
  if (typeof value !== 'object' || value === null) return into;
  for (const [key, item] of Object.entries(value)) {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    if (typeof item === 'string') into[name] = metadataText(item);
    else if (typeof item === 'number' || typeof item === 'boolean') into[name] = item;
    else if (Object.keys(into).length < 1000 && !Array.isArray(item)) {
      flatParameters(item, name, into);
    }
  }
  return into;
}
