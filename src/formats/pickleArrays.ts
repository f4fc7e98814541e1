import { elementsOf, isCount, type TensorInfo } from './modelHeader';
import { columnMajor, elementOf } from './numpy';
import {
  argumentsOf,
  calleeName,
  isPickled,
  type PickledCall,
  type PickleValue,
} from './pickleValue';
import type { PythonValue } from './pythonLiteral';

/**
 * NumPy's arrays in pickles: `_reconstruct` with a state of shape, type, order and bytes; from
 * protocol 5 on `_frombuffer`; in joblib's files a wrapper whose bytes follow behind it.
 * https://github.com/numpy/numpy/blob/main/numpy/_core/src/multiarray/methods.c (array_reduce)
 */
export interface PickledArray extends TensorInfo {
  /** Python objects: a list of them in the pickle, or a pickle behind it. */
  readonly objects: boolean;
}

const makers = new Set([
  'numpy.core.multiarray _reconstruct',
  'numpy._core.multiarray _reconstruct',
]);
const buffers = new Set(['numpy.core.numeric _frombuffer', 'numpy._core.numeric _frombuffer']);
export const joblibWrappers: ReadonlySet<string> = new Set([
  'joblib.numpy_pickle NumpyArrayWrapper',
  'sklearn.externals.joblib.numpy_pickle NumpyArrayWrapper',
]);

/**
 * Describes the array that a call gives; `null` for every other call. `start` is where the bytes in
 * which the pickle was read begin in the file.
 */
export function pickledArray(name: string, call: PickledCall, start = 0): PickledArray | null {
  const array = described(name, call);
  if (array?.place === undefined) return array;
  return { ...array, place: { ...array.place, offset: array.place.offset + start } };
}

function described(name: string, call: PickledCall): PickledArray | null {
  const callee = calleeName(call) ?? '';
  if (makers.has(callee)) return reconstructed(name, call);
  if (buffers.has(callee)) return fromBuffer(name, call);
  if (callee === 'torch._utils _rebuild_device_tensor_from_numpy') {
    const [array] = argumentsOf(call);
    return isPickled(array, 'call') ? described(name, array) : null;
  }
  return null;
}

/** State `(version, shape, type, column-major, bytes)`. */
function reconstructed(name: string, { state }: PickledCall): PickledArray | null {
  const parts = isPickled(state, 'tuple') ? state.items : [];
  const [, shape, type, columns, values] = parts.length === 5 ? parts : [1, ...parts];
  return arrayOf(name, shape, type, columns === true, values);
}

/** `(bytes, type, shape, order)`. */
function fromBuffer(name: string, call: PickledCall): PickledArray | null {
  const [values, type, shape, order] = argumentsOf(call);
  return arrayOf(name, shape, type, order === 'F', values);
}

function arrayOf(
  name: string,
  shapeValue: PickleValue | undefined,
  type: PickleValue | undefined,
  columns: boolean,
  values: PickleValue | undefined,
): PickledArray | null {
  const shape = isPickled(shapeValue, 'tuple') ? shapeValue.items : null;
  const element = pickledType(type);
  if (shape === null || !shape.every(isCount) || element === null) return null;
  const dimensions = shape as number[];
  const bytes = elementsOf(dimensions) * element.bytes;
  if (!isCount(bytes)) return null;
  const inPlace = isPickled(values, 'bytes') && values.length === bytes ? values : null;
  const order = element.bigEndian ? { bigEndian: true as const } : {};
  const text = encodedText(values, bytes);
  return {
    ...{ name, dtype: element.dtype, shape: dimensions, bytes, objects: element.objects },
    ...(inPlace === null ? {} : { place: { offset: inPlace.offset, length: bytes, ...order } }),
    ...(text === null ? {} : { values: { kind: 'inline' as const, bytes: text, ...order } }),
    ...(columns && dimensions.length > 1 ? { strides: columnMajor(dimensions) } : {}),
  };
}

/** Of old, bytes are a call that encodes a text of the characters below 256. */
function encodedText(value: PickleValue | undefined, bytes: number): Uint8Array | null {
  if (!isPickled(value, 'call') || calleeName(value) !== '_codecs encode') return null;
  const [text] = argumentsOf(value);
  return typeof text === 'string' && text.length === bytes ? Buffer.from(text, 'latin1') : null;
}

/** `numpy.dtype('f8', False, True)` with a state whose second item is the order of the bytes. */
function pickledType(value: PickleValue | undefined): ReturnType<typeof elementOf> {
  if (!isPickled(value, 'call') || calleeName(value) !== 'numpy dtype') return null;
  const [description] = argumentsOf(value);
  if (typeof description !== 'string') return null;
  const state = isPickled(value.state, 'tuple') ? value.state.items : [];
  const order = state[1] === '>' || state[1] === '<' ? state[1] : '';
  const fields = state[4];
  const stated = state[5];
  const flexible = /^[|<>=]?[VSUa]/.test(description);
  if (isPickled(fields, 'dict')) {
    const bytes = isCount(stated) ? stated : Number(/\d+$/.exec(description)?.[0] ?? 0);
    const dtype = `void${bytes * 8}`;
    return { dtype, bytes, bigEndian: false, objects: holdsObjects(fields) };
  }
  const element = elementOf(`${order}${description}` as PythonValue);
  // The state's width counts for texts and opaque bytes, whatever the description said.
  return element !== null && flexible && isCount(stated) ? { ...element, bytes: stated } : element;
}

function holdsObjects(fields: PickleValue): boolean {
  if (!isPickled(fields, 'dict')) return false;
  return fields.entries.some(([, field]) => {
    const [type] = isPickled(field, 'tuple') ? field.items : [];
    return pickledType(type)?.objects ?? true;
  });
}

/**
 * joblib: the array that a NumpyArrayWrapper describes by its state `{shape, order, dtype,
 * numpy_array_alignment_bytes}`; its bytes follow the opcode that gives the state.
 */
export function wrappedArray(
  name: string,
  call: PickledCall,
): (PickledArray & { padded: boolean; bigEndian: boolean }) | null {
  if (!joblibWrappers.has(calleeName(call) ?? '') || !isPickled(call.state, 'dict')) return null;
  const facts = new Map(call.state.entries.map(([key, value]) => [String(key), value]));
  const array = arrayOf(
    name,
    facts.get('shape'),
    facts.get('dtype'),
    facts.get('order') === 'F',
    null,
  );
  if (array === null) return null;
  const padded = typeof facts.get('numpy_array_alignment_bytes') === 'number';
  return { ...array, padded, bigEndian: pickledType(facts.get('dtype'))?.bigEndian === true };
}
