import type { TensorInfo, TensorPlace } from './modelHeader';
import { elementsOf, isCount } from './modelHeader';
import {
  argumentsOf,
  calleeName,
  isPickled,
  type PickledCall,
  type PickleValue,
} from './pickleValue';

/*
 * The tensors that a pickle of `torch.save` describes. A tensor is a call that rebuilds it from a
 * storage: `_rebuild_tensor_v2(storage, offset, size, stride, …)`, and the storage a persistent id
 * `('storage', torch.FloatStorage, key, location, count)`.
 * https://github.com/pytorch/pytorch/blob/main/torch/_utils.py
 */
/** A type of elements: its name (as safetensors names it) and the bytes of one. */
export interface ElementType {
  readonly dtype: string;
  readonly bytes: number;
}

const type = (dtype: string, bytes: number): ElementType => ({ dtype, bytes });

/** By the class of the storage. */
const storageTypes: Readonly<Record<string, ElementType>> = {
  DoubleStorage: type('F64', 8),
  FloatStorage: type('F32', 4),
  HalfStorage: type('F16', 2),
  BFloat16Storage: type('BF16', 2),
  LongStorage: type('I64', 8),
  IntStorage: type('I32', 4),
  ShortStorage: type('I16', 2),
  CharStorage: type('I8', 1),
  ByteStorage: type('U8', 1),
  BoolStorage: type('BOOL', 1),
  ComplexDoubleStorage: type('C128', 16),
  ComplexFloatStorage: type('C64', 8),
  QInt8Storage: type('torch.qint8', 1),
  QUInt8Storage: type('torch.quint8', 1),
  QInt32Storage: type('torch.qint32', 4),
  QUInt4x2Storage: type('torch.quint4x2', 1),
  QUInt2x4Storage: type('torch.quint2x4', 1),
  UntypedStorage: type('U8', 1),
};

/** By the name of `torch.<dtype>`. */
const elementTypes: Readonly<Record<string, ElementType>> = {
  ...{ float64: type('F64', 8), float32: type('F32', 4), float16: type('F16', 2) },
  ...{ bfloat16: type('BF16', 2), int64: type('I64', 8), int32: type('I32', 4) },
  ...{ int16: type('I16', 2), int8: type('I8', 1), uint8: type('U8', 1), bool: type('BOOL', 1) },
  ...{ uint16: type('U16', 2), uint32: type('U32', 4), uint64: type('U64', 8) },
  ...{ complex64: type('C64', 8), complex128: type('C128', 16), complex32: type('C32', 4) },
  ...{ float8_e4m3fn: type('F8_E4M3', 1), float8_e5m2: type('F8_E5M2', 1) },
  ...{ float8_e4m3fnuz: type('F8_E4M3FNUZ', 1), float8_e5m2fnuz: type('F8_E5M2FNUZ', 1) },
  float8_e8m0fnu: type('F8_E8M0', 1),
};

/** A storage as a persistent id names it. `count` is in its own elements. */
export interface TorchStorage {
  readonly key: string;
  readonly element: ElementType;
  readonly count: number;
}

/** `null` for a persistent id that is no storage of a known class. */
export function torchStorage(value: PickleValue | undefined): TorchStorage | null {
  if (!isPickled(value, 'reference') || !isPickled(value.id, 'tuple')) return null;
  const [tag, kind, key, , count] = value.id.items;
  if (tag !== 'storage' || !isPickled(kind, 'global') || !isCount(count)) return null;
  const element = Object.hasOwn(storageTypes, kind.name) ? storageTypes[kind.name] : undefined;
  if (element === undefined || (typeof key !== 'string' && typeof key !== 'number')) return null;
  return { key: String(key), element, count };
}

/** Where each storage's bytes lie; `null` for one that is not there. */
export type StoragePlaces = (key: string) => TensorPlace | null;

/** Describes the tensor that a call would rebuild; `null` for every other call. */
export function torchTensor(
  name: string,
  call: PickledCall,
  places: StoragePlaces,
): TensorInfo | null {
  const args = argumentsOf(call);
  switch (calleeName(call)) {
    case 'torch._utils _rebuild_tensor':
    case 'torch._utils _rebuild_tensor_v2':
      return strided(name, args, null, places, args[6]);
    case 'torch._utils _rebuild_tensor_v3':
      return strided(name, args, elementTypeOf(args[6]), places, args[7]);
    case 'torch._utils _rebuild_qtensor':
      return quantized(name, args);
    case 'torch._utils _rebuild_parameter':
    case 'torch._utils _rebuild_parameter_with_state':
      return isPickled(args[0], 'call') ? torchTensor(name, args[0], places) : null;
    case 'torch._tensor _rebuild_from_type_v2':
      return rebuiltFromType(name, args, places);
    case 'torch._utils _rebuild_sparse_tensor':
      return sparse(name, args, places);
    case 'torch._utils _rebuild_meta_tensor_no_storage':
      return unplaced(name, args[0], args[1]);
    case 'torch._utils _rebuild_device_tensor_from_numpy':
      return null;
    default:
      return null;
  }
}

function strided(
  name: string,
  [storageValue, offset, size, stride]: readonly PickleValue[],
  typed: ElementType | null,
  places: StoragePlaces,
  metadata: PickleValue | undefined,
): TensorInfo | null {
  const storage = torchStorage(storageValue);
  const shape = counts(size);
  const strides = counts(stride);
  if (storage === null || shape === null || strides?.length !== shape.length || !isCount(offset)) {
    return null;
  }
  const element = typed ?? storage.element;
  const tensor = stridedTensor(name, element, { shape, strides, offset }, places(storage.key));
  const lazily = lazilyIn(metadata);
  return tensor === null || lazily === undefined ? tensor : { ...tensor, lazily };
}

/** A tensor of this shape and strides, from an offset (in elements) of a storage on. */
export function stridedTensor(
  name: string,
  element: ElementType,
  {
    shape,
    strides,
    offset,
  }: { shape: readonly number[]; strides: readonly number[]; offset: number },
  storage: TensorPlace | null,
): TensorInfo | null {
  const bytes = elementsOf(shape) * element.bytes;
  if (!isCount(bytes)) return null;
  const place = storage === null ? null : placeIn(storage, element, offset, shape, strides);
  return {
    ...{ name, dtype: element.dtype, shape, bytes },
    ...(place === null || storage === null ? {} : { place, storage }),
    ...(isRowMajor(shape, strides) ? {} : { strides }),
  };
}

/** The stretch from the first element to the last; `null` where it is not within the storage. */
function placeIn(
  whole: TensorPlace,
  element: ElementType,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
): TensorPlace | null {
  const last = shape.reduce((sum, count, index) => sum + (count - 1) * (strides[index] ?? 0), 0);
  const start = offset * element.bytes;
  const length = elementsOf(shape) === 0 ? 0 : (last + 1) * element.bytes;
  if (!isCount(start) || !isCount(length) || start + length > whole.length) return null;
  return { ...whole, offset: whole.offset + start, length };
}

/** Dimensions of one element may have any stride. */
function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  if (elementsOf(shape) === 0) return true;
  let step = 1;
  for (let index = shape.length - 1; index >= 0; index--) {
    const count = shape[index] ?? 1;
    if (count !== 1 && strides[index] !== step) return false;
    step *= count;
  }
  return true;
}

function lazilyIn(metadata: PickleValue | undefined): TensorInfo['lazily'] {
  if (!isPickled(metadata, 'dict')) return undefined;
  const set = (key: string) => metadata.entries.some(([name, on]) => name === key && on === true);
  if (set('conj')) return 'conjugate';
  return set('neg') ? 'negate' : undefined;
}

function quantized(name: string, args: readonly PickleValue[]): TensorInfo | null {
  const storage = torchStorage(args[0]);
  const shape = counts(args[2]);
  if (storage === null || shape === null) return null;
  const { dtype, bytes } = storage.element;
  return { name, dtype, shape, bytes: elementsOf(shape) * bytes };
}

/** `(layout, (indices, values, size, …))`: has no plain bytes of its own. */
function sparse(
  name: string,
  args: readonly PickleValue[],
  places: StoragePlaces,
): TensorInfo | null {
  const parts = isPickled(args[1], 'tuple') ? args[1].items : [];
  const tensors = parts.flatMap((part) =>
    isPickled(part, 'call') ? (torchTensor(name, part, places) ?? []) : [],
  );
  const shape = parts.map(counts).find((found) => found !== null);
  const values = tensors.at(-1);
  if (values === undefined || shape === undefined) return null;
  const bytes = tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
  return { name, dtype: torchName(values.dtype), shape, bytes };
}

function unplaced(
  name: string,
  typed: PickleValue | undefined,
  size: PickleValue | undefined,
): TensorInfo | null {
  const shape = counts(size);
  const element = elementTypeOf(typed);
  if (shape === null || element === null) return null;
  return { name, dtype: torchName(element.dtype), shape, bytes: 0 };
}

/** `(function, class, arguments, state)`: a subclass of Tensor. */
function rebuiltFromType(
  name: string,
  [callee, , args]: readonly PickleValue[],
  places: StoragePlaces,
): TensorInfo | null {
  if (callee === undefined || args === undefined) return null;
  const call: PickledCall = {
    ...{ kind: 'call', callee, args, offset: 0 },
    ...{ state: undefined, entries: [], items: [] },
  };
  return torchTensor(name, call, places);
}

function elementTypeOf(value: PickleValue | undefined): ElementType | null {
  if (!isPickled(value, 'global') || value.module !== 'torch') return null;
  return elementTypeNamed(value.name);
}

/** By the name that follows `torch.`; `null` for one that is not known. */
export function elementTypeNamed(name: string): ElementType | null {
  return Object.hasOwn(elementTypes, name) ? (elementTypes[name] ?? null) : null;
}

function torchName(dtype: string): string {
  const found = Object.entries(elementTypes).find(([, element]) => element.dtype === dtype);
  return found === undefined ? dtype : `torch.${found[0]}`;
}

/** A tuple of counts, or `torch.Size` of one. */
function counts(value: PickleValue | undefined): number[] | null {
  if (isPickled(value, 'call') && calleeName(value) === 'torch Size') {
    return counts(argumentsOf(value)[0]);
  }
  if (!isPickled(value, 'tuple', 'list')) return null;
  return value.items.every(isCount) ? (value.items as number[]) : null;
}
