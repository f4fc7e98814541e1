import type { Warning } from '../core/version';
import { latin1, startsWith, utf8, viewOf } from './bytes';
import {
  elementsOf,
  endsEarly,
  header,
  isCount,
  type ModelHeader,
  metadataText,
  type Probe,
  type TensorInfo,
} from './modelHeader';
import { type PythonValue, readPythonLiteral } from './pythonLiteral';

/**
 * `.npy`: magic, version, header length (16 bits in version 1, else 32), a Python dictionary
 * `{'descr', 'fortran_order', 'shape'}`, the array's bytes.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
const longestHeader = 1024 * 1024;

/** An array as its header describes it. */
export interface ArrayHeader {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: number;
  /** Where its bytes begin. */
  readonly start: number;
  readonly fortranOrder: boolean;
  readonly bigEndian: boolean;
  /** It holds pickled Python objects. */
  readonly objects: boolean;
}

export async function readNumpy({ reader, head }: Probe): Promise<ModelHeader | null> {
  if (!startsWith(head, '\x93NUMPY')) return null;
  const length = arrayHeaderLength(head);
  if (length === null || length > reader.size) {
    return header('numpy', { why: endsEarly(length ?? 12, reader.size) });
  }
  if (length > longestHeader) {
    return header('numpy', { why: `its header of ${length} bytes is over ${longestHeader}` });
  }
  const array = parseArrayHeader(await reader.read(0, length));
  if (array === null) return header('numpy', { why: 'its header is not sound' });
  const metadata = { fortran_order: array.fortranOrder, big_endian: array.bigEndian };
  if (array.objects) {
    // Objects are a pickle, whose last byte is its STOP.
    const whole = (await reader.read(reader.size - 1, 1))[0] === 0x2e;
    const why = whole ? null : 'the pickle in it does not end in STOP';
    return header('numpy', { why, metadata, warnings: [objectWarning('the array')] });
  }
  const needed = array.start + array.bytes;
  return header('numpy', {
    why: needed > reader.size ? endsEarly(needed, reader.size) : null,
    tensors: [tensorOf('', array, 0)],
    metadata,
  });
}

export function objectWarning(what: string): Warning {
  const message = `${what} holds Python objects, which only unpickling could read`;
  return { code: 'objects-not-read', message };
}

/** `start`: where the bytes of the header begin in the file; `null` where they are compressed. */
export function tensorOf(name: string, array: ArrayHeader, start: number | null): TensorInfo {
  const { dtype, shape, bytes, bigEndian, fortranOrder } = array;
  const place = {
    offset: (start ?? 0) + array.start,
    length: bytes,
    ...(bigEndian ? { bigEndian: true as const } : {}),
  };
  return {
    ...{ name, dtype, shape, bytes },
    ...(start === null ? {} : { place }),
    ...(fortranOrder && shape.length > 1 ? { strides: columnMajor(shape) } : {}),
  };
}

/** The first dimension's neighbours lie beside each other. */
export function columnMajor(shape: readonly number[]): number[] {
  let step = 1;
  return shape.map((dimension) => {
    const stride = step;
    step *= dimension;
    return stride;
  });
}

/** Bytes up to where the array begins, by the first 12; `null` when even those are not there. */
export function arrayHeaderLength(head: Uint8Array): number | null {
  if (head.length < 12) return null;
  const version = head[6] ?? 0;
  const view = viewOf(head);
  return version === 1 ? 10 + view.getUint16(8, true) : 12 + view.getUint32(8, true);
}

/** Reads a whole header (`arrayHeaderLength` bytes); `null` when it is not sound. */
export function parseArrayHeader(bytes: Uint8Array): ArrayHeader | null {
  const version = bytes[6] ?? 0;
  const text = version === 1 ? latin1(bytes.subarray(10)) : utf8(bytes.subarray(12));
  const literal = readPythonLiteral(text)?.value;
  if (!(literal instanceof Map)) return null;
  const shape: unknown = literal.get('shape');
  const element = elementOf(literal.get('descr') ?? null);
  if (element === null || !Array.isArray(shape) || !shape.every(isCount)) return null;
  const length = elementsOf(shape) * element.bytes;
  if (!isCount(length)) return null;
  return {
    ...element,
    shape,
    bytes: length,
    start: bytes.length,
    fortranOrder: literal.get('fortran_order') === true,
  };
}

export type Element = Pick<ArrayHeader, 'dtype' | 'bytes' | 'bigEndian' | 'objects'>;

const kinds: Readonly<Record<string, string>> = { f: 'F', i: 'I', u: 'U', c: 'C' };
const datesAndTimes = 8;

/** `<f4`, `|b1`, `|S10`, or a list of fields, whose elements are opaque bytes (`void160`). */
export function elementOf(description: PythonValue): Element | null {
  if (typeof description !== 'string') return recordOf(description);
  const match = /^([<>|=]?)([?bBfiucSUVaOmM])(\d{0,9})(?:\[.*\])?$/.exec(description);
  if (match === null) return null;
  const [, order, kind = '', digits = ''] = match;
  const width = Number(digits);
  const bigEndian = order === '>';
  const element = (dtype: string, bytes: number, objects = false) => ({
    dtype,
    bytes,
    bigEndian,
    objects,
  });
  if (kind === 'O') return element('object', 8, true);
  if (kind === 'b' || kind === '?') return element('BOOL', 1);
  if (kind in kinds) return element(`${kinds[kind]}${width * 8}`, width);
  if (kind === 'm' || kind === 'M') return element(metadataText(description), datesAndTimes);
  const bytes = kind === 'U' ? width * 4 : width;
  return element(kind === 'V' ? `void${bytes * 8}` : `${kind}${width}`, bytes);
}

function recordOf(fields: PythonValue): Element | null {
  if (!Array.isArray(fields)) return null;
  let bytes = 0;
  let objects = false;
  for (const field of fields as readonly PythonValue[]) {
    if (!Array.isArray(field)) return null;
    const [, description, shape = []] = field as readonly PythonValue[];
    const element = elementOf(description ?? null);
    const repeats: unknown = typeof shape === 'number' ? [shape] : shape;
    if (element === null || !Array.isArray(repeats) || !repeats.every(isCount)) return null;
    bytes += element.bytes * elementsOf(repeats);
    objects ||= element.objects;
  }
  return { dtype: `void${bytes * 8}`, bytes, bigEndian: false, objects };
}
