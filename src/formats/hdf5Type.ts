import type { Hdf5Bytes } from './hdf5Bytes';

/** The type of a dataset's or attribute's elements. */
export interface Hdf5Type {
  /** As safetensors names it, else the class (`string8`, `compound24`). */
  readonly dtype: string;
  readonly bytes: number;
  readonly bigEndian: boolean;
  /** Text: `fixed` in place, `variable` in the global heap. */
  readonly text: 'fixed' | 'variable' | null;
  /** Plain numbers. */
  readonly numeric: boolean;
}

const classes = [
  'integer',
  'float',
  'time',
  'string',
  'bits',
  'opaque',
  'compound',
  'reference',
  'enum',
  'variable',
  'array',
];

/** https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html (IV. A. 2. d) */
export function hdf5Type(body: Hdf5Bytes): Hdf5Type {
  const kind = body.u8() & 15;
  const bits = body.unsigned(3);
  const bytes = body.u32();
  const bigEndian = (bits & 1) === 1;
  const plain = (dtype: string) => ({ dtype, bytes, bigEndian, text: null, numeric: true });
  if (kind === 0) return plain(`${(bits & 8) !== 0 ? 'I' : 'U'}${bytes * 8}`);
  if (kind === 1) return plain(floatName(body, bytes));
  if (kind === 8) return enumeration(body, bits, bytes);
  const text = kind === 3 ? 'fixed' : kind === 9 && (bits & 15) === 1 ? 'variable' : null;
  const name = `${classes[kind] ?? `class ${kind}`}${bytes * 8}`;
  return { dtype: name, bytes, bigEndian: false, text, numeric: false };
}

/** bfloat16 has eight bits of exponent in two bytes. */
function floatName(body: Hdf5Bytes, bytes: number): string {
  body.skip(5);
  const exponent = body.u8();
  return bytes === 2 && exponent === 8 ? 'BF16' : `F${bytes * 8}`;
}

/** h5py writes booleans as an enumeration of FALSE and TRUE. */
function enumeration(body: Hdf5Bytes, members: number, bytes: number): Hdf5Type {
  const base = hdf5Type(body);
  const rest = Buffer.from(body.bytes).toString('latin1');
  const bool = members === 2 && bytes === 1 && rest.includes('FALSE') && rest.includes('TRUE');
  return { ...base, bytes, dtype: bool ? 'BOOL' : base.dtype };
}

/** Dimensions; `null` for the null space, which has no elements at all. */
export function hdf5Shape(body: Hdf5Bytes): number[] | null {
  const version = body.u8();
  const rank = body.u8();
  body.skip(1);
  const kind = version === 1 ? 1 : body.u8();
  if (version === 1) body.skip(5);
  if (version === 2 && kind === 2) return null;
  return Array.from({ length: rank }, () => body.length());
}
