import { viewOf } from './bytes';

/** Turns values of any numeric type into doubles, `null` for types that are no plain numbers. */
export type Widener = (bytes: Uint8Array, into: Float64Array) => void;

type Take = (view: DataView, at: number) => number;

const takes: Readonly<Record<string, readonly [number, Take]>> = {
  F64: [8, (view, at) => view.getFloat64(at, true)],
  F32: [4, (view, at) => view.getFloat32(at, true)],
  F16: [2, (view, at) => half(view.getUint16(at, true))],
  BF16: [2, (view, at) => brain(view.getUint16(at, true))],
  I64: [8, (view, at) => Number(view.getBigInt64(at, true))],
  U64: [8, (view, at) => Number(view.getBigUint64(at, true))],
  I32: [4, (view, at) => view.getInt32(at, true)],
  U32: [4, (view, at) => view.getUint32(at, true)],
  I16: [2, (view, at) => view.getInt16(at, true)],
  U16: [2, (view, at) => view.getUint16(at, true)],
  I8: [1, (view, at) => view.getInt8(at)],
  U8: [1, (view, at) => view.getUint8(at)],
  BOOL: [1, (view, at) => (view.getUint8(at) === 0 ? 0 : 1)],
  F8_E4M3: [1, (view, at) => small(view.getUint8(at), 4, 3)],
  F8_E5M2: [1, (view, at) => small(view.getUint8(at), 5, 2)],
};

/** Bytes of one element of a type that can be compared by value; `null` for other types. */
export function widthOf(dtype: string): number | null {
  return (Object.hasOwn(takes, dtype) ? takes[dtype]?.[0] : null) ?? null;
}

export function widener(dtype: string): Widener | null {
  const found = Object.hasOwn(takes, dtype) ? takes[dtype] : undefined;
  if (found === undefined) return null;
  const [width, take] = found;
  return (bytes, into) => {
    const view = viewOf(bytes);
    for (let index = 0; index < into.length; index++) into[index] = take(view, index * width);
  };
}

/** IEEE 754 binary16, subnormals included. */
function half(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const floatBits = new Uint32Array(1);
const floatValue = new Float32Array(floatBits.buffer);

function brain(bits: number): number {
  floatBits[0] = bits << 16;
  return floatValue[0] ?? 0;
}

/**
 * Eight-bit floats: E5M2 has infinities as IEEE has; E4M3 has none, and one NaN each sign.
 * https://arxiv.org/abs/2209.05433
 */
function small(bits: number, exponentBits: number, fractionBits: number): number {
  const sign = (bits & 0x80) === 0 ? 1 : -1;
  const top = (1 << exponentBits) - 1;
  const exponent = (bits >> fractionBits) & top;
  const fraction = bits & ((1 << fractionBits) - 1);
  const bias = (1 << (exponentBits - 1)) - 1;
  if (exponentBits === 4 && (bits & 0x7f) === 0x7f) return Number.NaN;
  if (exponentBits === 5 && exponent === top) {
    return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  }
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias - fractionBits);
  return sign * (1 + fraction / (1 << fractionBits)) * 2 ** (exponent - bias);
}

/** Values as doubles; `null` for types that are no plain numbers. */
export function tensorDoubles(dtype: string, bytes: Uint8Array): Float64Array | null {
  const width = widthOf(dtype);
  const widen = widener(dtype);
  if (width === null || widen === null) return null;
  const values = new Float64Array(Math.floor(bytes.length / width));
  widen(bytes, values);
  return values;
}
