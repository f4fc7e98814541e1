import type { Hashing, RangeReader } from '../platform';
import { EndOfFile } from './cursor';
import { chunkedBytes } from './hdf5Chunks';
import { inflatedReader } from './inflate';
import type { Beside } from './modelContents';
import { elementsOf, type TensorInfo, type TensorPlace } from './modelHeader';
import { packing, unpack } from './unpack';

/** What is put together in memory: views, packed arrays, chunks. Larger ones are not compared. */
const largestGathered = 64 * 1024 * 1024;

/** The bytes of a file whose tensors were read, and of those beside it. */
export interface TensorFiles {
  readonly reader: RangeReader;
  readonly beside: Beside;
}

/** Whether the values lie in the file just as they are compared: in a row, little-endian, final. */
export function isPlain({ place, strides, lazily }: TensorInfo): boolean {
  return (
    place !== undefined &&
    place.bigEndian === undefined &&
    strides === undefined &&
    lazily === undefined
  );
}

/**
 * The values of a tensor, in row-major order and little-endian; `null` where the file does not have
 * them in a form that is read, or they are over `largestGathered` bytes. @throws EndOfFile
 */
export async function tensorBytes(
  files: TensorFiles,
  tensor: TensorInfo,
): Promise<Uint8Array | null> {
  if (tensor.bytes > largestGathered) return null;
  const stored = await storedBytes(files, tensor);
  if (stored === null) return null;
  const { bytes, bigEndian } = stored;
  const width = tensor.bytes / Math.max(1, elementsOf(tensor.shape));
  const gathered = tensor.strides === undefined ? bytes : strided(bytes, tensor, width);
  const turned = bigEndian
    ? reversed(gathered, complex(tensor.dtype) ? width / 2 : width)
    : gathered;
  return tensor.lazily === undefined ? turned : resolved(turned, tensor, width);
}

const pieceLength = 1 << 20;

/**
 * The SHA-256 of a tensor's values in row-major order, little-endian; `null` as `tensorBytes`, but
 * plain values may be of any length. @throws EndOfFile
 */
export async function tensorDigest(
  hashing: Hashing,
  files: TensorFiles,
  tensor: TensorInfo,
): Promise<string | null> {
  const { place } = tensor;
  if (place === undefined || !isPlain(tensor)) {
    const bytes = await tensorBytes(files, tensor);
    return bytes === null ? null : hashing.sha256Of(bytes);
  }
  const file = place.file === undefined ? files.reader : await files.beside(place.file);
  if (file === null) return null;
  const end = place.offset + place.length;
  if (end > file.size) throw new EndOfFile(end);
  const hash = hashing.sha256();
  for (let at = place.offset; at < end; at += pieceLength) {
    hash.update(await file.read(at, Math.min(pieceLength, end - at)));
  }
  return hash.digest();
}

async function storedBytes(
  { reader, beside }: TensorFiles,
  { place, values, bytes }: TensorInfo,
): Promise<{ bytes: Uint8Array; bigEndian: boolean } | null> {
  if (place !== undefined) {
    const file = place.file === undefined ? reader : await beside(place.file);
    if (file === null) return null;
    return { bytes: await placedBytes(file, place), bigEndian: place.bigEndian === true };
  }
  if (values === undefined) return null;
  const bigEndian = values.bigEndian === true;
  if (values.kind === 'inline') return { bytes: values.bytes, bigEndian };
  if (values.kind === 'joined') {
    const parts: Uint8Array[] = [];
    for (const one of values.parts) {
      const file = await beside(one.file);
      if (file === null) return null;
      parts.push(await placedBytes(file, one));
    }
    return { bytes: Buffer.concat(parts), bigEndian };
  }
  if (values.kind === 'packed') {
    const whole = await unpackedFile(reader);
    if (whole === null || values.offset + bytes > whole.size) return null;
    return { bytes: await whole.read(values.offset, bytes), bigEndian };
  }
  if (values.kind === 'deflated') {
    const { offset, compressed, method, skip } = values;
    const whole = await inflatedReader(
      part(reader, offset, compressed),
      method,
      skip + largestGathered,
    );
    if (whole === null || skip + bytes > whole.size) return null;
    return { bytes: await whole.read(skip, bytes), bigEndian };
  }
  const chunked = await chunkedBytes(reader, values, bytes);
  return chunked === null ? null : { bytes: chunked, bigEndian };
}

/** What was unpacked for one tensor serves the next ones of the same file. */
const unpackedFiles = new WeakMap<RangeReader, Promise<RangeReader | null>>();

async function unpackedFile(reader: RangeReader): Promise<RangeReader | null> {
  const known = unpackedFiles.get(reader) ?? unpackWhole(reader);
  unpackedFiles.set(reader, known);
  return await known;
}

async function unpackWhole(reader: RangeReader): Promise<RangeReader | null> {
  const method = packing(await reader.read(0, Math.min(64, reader.size)));
  return method === null ? null : (await unpack(reader, method)).reader;
}

async function placedBytes(
  file: RangeReader,
  { offset, length }: TensorPlace,
): Promise<Uint8Array> {
  if (offset + length > file.size) throw new EndOfFile(offset + length);
  return await file.read(offset, length);
}

function part(reader: RangeReader, offset: number, length: number): RangeReader {
  return { size: length, read: (at, count) => reader.read(offset + at, count) };
}

/** Row-major order of values that lie by other strides. */
function strided(
  bytes: Uint8Array,
  { shape, strides = [] }: TensorInfo,
  width: number,
): Uint8Array {
  const count = elementsOf(shape);
  const result = new Uint8Array(count * width);
  const index = shape.map(() => 0);
  for (let element = 0; element < count; element++) {
    const at = index.reduce((sum, value, dimension) => sum + value * (strides[dimension] ?? 0), 0);
    result.set(bytes.subarray(at * width, (at + 1) * width), element * width);
    for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
      index[dimension] = (index[dimension] ?? 0) + 1;
      if ((index[dimension] ?? 0) < (shape[dimension] ?? 0)) break;
      index[dimension] = 0;
    }
  }
  return result;
}

const complex = (dtype: string) => dtype.startsWith('C');

function reversed(bytes: Uint8Array, width: number): Uint8Array {
  const result = Uint8Array.from(bytes);
  for (let at = 0; at + width <= result.length; at += width)
    result.subarray(at, at + width).reverse();
  return result;
}

/** PyTorch negates and conjugates when values are used: signs are turned by their bit. */
function resolved(bytes: Uint8Array, { lazily, dtype }: TensorInfo, width: number): Uint8Array {
  const result = Uint8Array.from(bytes);
  const number = complex(dtype) ? width / 2 : width;
  const step = lazily === 'conjugate' ? width : number;
  for (let at = step - 1; at < result.length; at += step) result[at] = (result[at] ?? 0) ^ 0x80;
  return result;
}
