import type { ArchitectureNode } from '../core/architecture';
import type { ModelFile, Told } from './modelContents';
import { type MetadataValue, metadataText, type TensorInfo } from './modelHeader';
import { joblibWrappers, type PickledArray, pickledArray, wrappedArray } from './pickleArrays';
import type { BuiltArray, PickleObserver } from './pickleMachine';
import { runPickle } from './pickleRun';
import { tensorsIn } from './pickleTensors';
import { calleeName, isPickled, type PickledCall, type PickleValue } from './pickleValue';
import { packing, unpack } from './unpack';

/** Arrays, hyperparameters and classes of what scikit-learn, joblib and others pickled. */
export async function readPickleContents({ reader, header }: ModelFile): Promise<Told> {
  const method = packing(await reader.read(0, Math.min(64, reader.size)));
  const unpacked = method === null ? null : await unpack(reader, method);
  const inner = unpacked?.reader ?? reader;
  const places = new Map<PickledCall, number>();
  const { ended, value, why } = await runPickle(inner, 0, joblibObserver(places));
  const make = (name: string, call: PickledCall) => arrayIn(name, call, places, inner === reader);
  const unread = {
    code: 'pickle-not-read',
    message: `the pickle was not read to its end: ${unpacked?.why ?? why}`,
  };
  return {
    tensors: tensorsIn(value, make),
    metadata: { ...header.metadata, ...parametersIn(value) },
    architecture: estimatorTree(value),
    warnings: ended === 'stop' ? header.warnings : [...header.warnings, unread],
  };
}

/** joblib's arrays lie between the opcodes; `places` is told where each wrapper's bytes begin. */
export function joblibObserver(places: Map<PickledCall, number>): PickleObserver {
  return {
    built: (call): BuiltArray | null => {
      const array = wrappedArray('', call);
      if (array === null) return null;
      const { padded, bytes, objects } = array;
      const at = (offset: number) => void places.set(call, offset);
      return { padded, bytes, pickle: objects, at };
    },
  };
}

function arrayIn(
  name: string,
  call: PickledCall,
  places: ReadonlyMap<PickledCall, number>,
  plain: boolean,
): TensorInfo | null {
  const found = wrappedAt(name, call, places) ?? pickledArray(name, call);
  if (found === null || found.objects) return null;
  const { objects: _, place, ...info } = found;
  if (place === undefined) return info;
  if (plain) return { ...info, place };
  const { offset, bigEndian } = place;
  const order = bigEndian === true ? { bigEndian } : {};
  return { ...info, values: { kind: 'packed', offset, ...order } };
}

/** joblib's array, with where its bytes lie behind the wrapper. */
function wrappedAt(
  name: string,
  call: PickledCall,
  places: ReadonlyMap<PickledCall, number>,
): PickledArray | null {
  const wrapped = wrappedArray(name, call);
  if (wrapped === null) return null;
  const { padded: _, bigEndian, ...array } = wrapped;
  const offset = places.get(call);
  if (offset === undefined) return array;
  const order = bigEndian ? { bigEndian: true as const } : {};
  return { ...array, place: { offset, length: array.bytes, ...order } };
}

/** The plain attributes of the outermost object: an estimator's hyperparameters. */
function parametersIn(value: PickleValue): Record<string, MetadataValue> {
  if (!isPickled(value, 'call') || !isPickled(value.state, 'dict')) return {};
  return plainEntries(value.state.entries);
}

function plainEntries(
  entries: readonly (readonly [PickleValue, PickleValue])[],
): Record<string, MetadataValue> {
  return Object.fromEntries(
    entries.flatMap(([key, value]): [string, MetadataValue][] => {
      if (typeof key !== 'string' || (typeof value === 'object' && value !== null)) return [];
      const plain = typeof value === 'bigint' ? String(value) : value;
      return [[key, typeof plain === 'string' ? metadataText(plain) : plain]];
    }),
  );
}

const deepest = 20;
const mostNodes = 20_000;

/** Estimators within estimators: steps of a pipeline, trees of a forest. */
function estimatorTree(root: PickleValue): ArchitectureNode | null {
  let count = 0;
  const nodeOf = (name: string, call: PickledCall, depth: number): ArchitectureNode => ({
    name,
    kind: className(call),
    attributes: isPickled(call.state, 'dict') ? plainEntries(call.state.entries) : {},
    children: partsOf(call.state, depth),
  });
  const partsOf = (value: PickleValue | undefined, depth: number): ArchitectureNode[] => {
    if (depth > deepest || ++count > mostNodes) return [];
    if (isPickled(value, 'dict')) {
      return value.entries.flatMap(([key, item]) => partOf(String(key), item, depth));
    }
    if (!isPickled(value, 'list', 'tuple')) return [];
    const [name, item] = value.items;
    // A step of a pipeline is a pair of its name and the estimator.
    if (value.items.length === 2 && typeof name === 'string') return partOf(name, item, depth);
    return value.items.flatMap((item_, index) => partOf(String(index), item_, depth));
  };
  const partOf = (
    name: string,
    item: PickleValue | undefined,
    depth: number,
  ): ArchitectureNode[] => {
    if (!isPickled(item, 'call')) return partsOf(item, depth + 1);
    const known = isPickled(item.state, 'dict') && !joblibWrappers.has(calleeName(item) ?? '');
    return known ? [nodeOf(name, item, depth + 1)] : [];
  };
  return isPickled(root, 'call') && isPickled(root.state, 'dict') ? nodeOf('', root, 0) : null;
}

/** Old protocols make an object through `copy_reg._reconstructor(class, …)`. */
function className(call: PickledCall): string {
  const [first] = isPickled(call.args, 'tuple') ? call.args.items : [];
  const rebuilt = /(?:copyreg|copy_reg) (?:_reconstructor|__newobj__)/.test(calleeName(call) ?? '');
  const type = rebuilt ? first : call.callee;
  return isPickled(type, 'global') ? type.name : '';
}
