import { metadataText, type TensorInfo } from './modelHeader';
import {
  argumentsOf,
  calleeName,
  isPickled,
  type PickledCall,
  type PickleValue,
} from './pickleValue';

/** Describes the tensor or array that a call would give; `null` for every other call. */
export type TensorMaker = (name: string, call: PickledCall) => TensorInfo | null;

/** Containers in containers, deeper than any model nests them. */
const deepest = 100;
const mostTensors = 1_000_000;
/** Values looked at: the same container may be reached many ways. */
const mostSteps = 4_000_000;

/**
 * The tensors in what a pickle describes, named by the keys that lead to them, joined with dots. Of
 * PyTorch modules the bookkeeping (`_modules`, `_parameters`, `_buffers`) is left out of the names.
 */
export function tensorsIn(root: PickleValue, make: TensorMaker): TensorInfo[] {
  const found: TensorInfo[] = [];
  const path = new Set<PickleValue>();
  let steps = 0;
  const visit = (name: string, value: PickleValue) => {
    if (typeof value !== 'object' || value === null || path.size > deepest) return;
    // What contains itself would never end.
    if (path.has(value) || found.length >= mostTensors || ++steps > mostSteps) return;
    const tensor = isPickled(value, 'call') ? make(name, value) : null;
    if (tensor !== null) {
      found.push(tensor);
      return;
    }
    path.add(value);
    for (const [key, child] of childrenOf(value)) visit(joined(name, key), child);
    path.delete(value);
  };
  visit('', root);
  return found;
}

const bookkeeping = new Set(['_modules', '_parameters', '_buffers', '__dict__']);

function joined(name: string, key: string): string {
  if (key === '' || bookkeeping.has(key)) return name;
  return name === '' ? key : `${name}.${key}`;
}

function* childrenOf(value: PickleValue): Generator<[string, PickleValue]> {
  if (isPickled(value, 'tuple', 'list', 'set')) {
    for (const [index, item] of value.items.entries()) yield [String(index), item];
  } else if (isPickled(value, 'dict')) {
    yield* named(value.entries);
  } else if (isPickled(value, 'call')) {
    yield* named(value.entries);
    for (const [index, item] of value.items.entries()) yield [String(index), item];
    if (value.state !== undefined) yield ['', value.state];
    for (const [index, item] of argumentsOf(value).entries()) {
      if (isPickled(item, 'call', 'dict', 'list')) yield [argumentKey(value, index), item];
    }
  }
}

/** What an ordered dictionary is made of are its items; other arguments count. */
function argumentKey(call: PickledCall, index: number): string {
  return calleeName(call) === 'collections OrderedDict' ? '' : `${index}`;
}

function* named(
  entries: readonly (readonly [PickleValue, PickleValue])[],
): Generator<[string, PickleValue]> {
  for (const [key, value] of entries) {
    if (typeof key === 'object' && key !== null) yield ['?', value];
    else yield [metadataText(String(key)), value];
  }
}
