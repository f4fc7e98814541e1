import type { RangeReader } from '../platform';
import { type Hdf5Frame, Hdf5Unsound, hdf5At } from './hdf5Bytes';
import { inflatedReader, memoryReader } from './inflate';
import { elementsOf, isCount } from './modelHeader';
import type { TensorSource } from './tensorValues';

type Chunked = Extract<TensorSource, { kind: 'chunked' }>;

interface Chunk {
  readonly bytes: number;
  readonly skipped: number;
  readonly at: readonly number[];
  readonly address: number;
}

const mostChunks = 200_000;
const deepestTree = 16;
const [deflate, shuffle, checksum] = [1, 2, 3];

/**
 * The values of a chunked dataset, row-major, as they are stored; `null` where a filter is not known
 * or the dataset is not of `bytes` bytes. Chunks that were never written are zero.
 * @throws EndOfFile, Hdf5Unsound
 */
export async function chunkedBytes(
  reader: RangeReader,
  source: Chunked,
  bytes: number,
): Promise<Uint8Array | null> {
  const { chunk, element, filters, shape } = source;
  if (!filters.every((filter) => [deflate, shuffle, checksum].includes(filter))) return null;
  const chunkBytes = elementsOf(chunk) * element;
  if (!isCount(chunkBytes) || chunkBytes > 4 * bytes + 65_536 || shape.length !== chunk.length) {
    return null;
  }
  const whole = {
    size: reader.size - source.start,
    read: (at: number, count: number) => reader.read(source.start + at, count),
  };
  const frame = { reader: whole, base: 0, offsetWidth: 8, lengthWidth: 8 };
  const result = new Uint8Array(bytes);
  for (const one of await chunksOf(frame, source.tree - source.start, chunk.length)) {
    const stored = await hdf5At(frame, one.address, one.bytes);
    const values = await unfiltered(stored.bytes, filters, one.skipped, element, chunkBytes);
    if (values === null) return null;
    place(values, one.at, source, result);
  }
  return result;
}

async function chunksOf(frame: Hdf5Frame, root: number, rank: number): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  const visit = async (address: number, depth: number): Promise<void> => {
    if (depth > deepestTree) throw new Hdf5Unsound('its chunks go in circles');
    const node = await hdf5At(frame, address, 24, 'TREE');
    node.skip(1);
    const level = node.u8();
    const entries = node.u16();
    const keyLength = 8 + 8 * (rank + 1);
    const body = await hdf5At(frame, address + 24, entries * (keyLength + 8) + keyLength);
    for (let index = 0; index < entries; index++) {
      const bytes = body.u32();
      const skipped = body.u32();
      const at = Array.from({ length: rank + 1 }, () => body.unsigned(8)).slice(0, rank);
      const child = body.address();
      if (child === null) continue;
      if (level > 0) await visit(child, depth + 1);
      else chunks.push({ bytes, skipped, at, address: child });
      if (chunks.length > mostChunks) throw new Hdf5Unsound(`there are over ${mostChunks} chunks`);
    }
  };
  await visit(root, 0);
  return chunks;
}

/** Filters are undone in the reverse order; a bit of `skipped` says that one was left out. */
async function unfiltered(
  stored: Uint8Array,
  filters: readonly number[],
  skipped: number,
  element: number,
  length: number,
): Promise<Uint8Array | null> {
  let bytes: Uint8Array = stored;
  for (let index = filters.length - 1; index >= 0; index--) {
    if ((skipped & (1 << index)) !== 0) continue;
    if (filters[index] === checksum) bytes = bytes.subarray(0, -4);
    if (filters[index] === shuffle) bytes = unshuffled(bytes, element);
    if (filters[index] !== deflate) continue;
    const inflated = await inflatedReader(memoryReader(bytes), 'zlib', length);
    if (inflated === null) return null;
    bytes = await inflated.read(0, inflated.size);
  }
  return bytes.length === length ? bytes : null;
}

/** All first bytes, then all second ones, … become elements again. */
function unshuffled(bytes: Uint8Array, width: number): Uint8Array {
  const count = Math.floor(bytes.length / width);
  const result = Uint8Array.from(bytes);
  for (let byte = 0; byte < width; byte++) {
    for (let index = 0; index < count; index++) {
      result[index * width + byte] = bytes[byte * count + index] ?? 0;
    }
  }
  return result;
}

/** Rows of a chunk go where they belong; what reaches over the edge is left out. */
function place(
  values: Uint8Array,
  at: readonly number[],
  { chunk, shape, element }: Chunked,
  into: Uint8Array,
): void {
  const last = chunk.length - 1;
  const row = Math.min(chunk[last] ?? 1, (shape[last] ?? 1) - (at[last] ?? 0));
  const rows = elementsOf(chunk.slice(0, last));
  for (let index = 0; index < rows; index++) {
    let [rest, target, inside] = [index, 0, row > 0];
    const places = chunk.map(() => 0);
    for (let dimension = last - 1; dimension >= 0; dimension--) {
      places[dimension] = (at[dimension] ?? 0) + (rest % (chunk[dimension] ?? 1));
      rest = Math.floor(rest / (chunk[dimension] ?? 1));
    }
    places[last] = at[last] ?? 0;
    for (const [dimension, value] of places.entries()) {
      inside &&= value < (shape[dimension] ?? 0);
      target = target * (shape[dimension] ?? 1) + value;
    }
    if (!inside) continue;
    const from = index * (chunk[last] ?? 1) * element;
    into.set(values.subarray(from, from + row * element), target * element);
  }
}
