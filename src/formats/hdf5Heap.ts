import { type Hdf5Bytes, type Hdf5Frame, Hdf5Unsound, hdf5At } from './hdf5Bytes';

/**
 * Fractal heaps, where groups of many links and objects of many attributes keep them, and the
 * B-trees (version 2) that list them.
 * https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html (III. A. 2, III. G)
 */
const mostObjects = 500_000;
const longestObject = 16 * 1024 * 1024;

/** The objects that the tree lists; `skip`: bytes of a record before the heap's identifier. */
export async function heapObjects(
  frame: Hdf5Frame,
  heapAddress: number,
  treeAddress: number,
  skip: number,
): Promise<Hdf5Bytes[]> {
  const heap = await openHeap(frame, heapAddress);
  const records = await treeRecords(frame, treeAddress);
  const objects: Hdf5Bytes[] = [];
  for (const record of records) {
    record.skip(skip);
    objects.push(await heapObject(frame, heap, record));
  }
  return objects;
}

interface FractalHeap {
  readonly flags: number;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
  readonly width: number;
  readonly firstBlock: number;
  readonly largestDirect: number;
  readonly root: number;
  readonly rows: number;
}

async function openHeap(frame: Hdf5Frame, address: number): Promise<FractalHeap> {
  const { offsetWidth, lengthWidth } = frame;
  const head = await hdf5At(frame, address, 22 + 12 * lengthWidth + 3 * offsetWidth, 'FRHP');
  head.skip(3);
  const filters = head.u16();
  const flags = head.u8();
  const largestManaged = head.u32();
  head.skip(lengthWidth + offsetWidth + lengthWidth + offsetWidth + 8 * lengthWidth);
  const width = head.u16();
  const firstBlock = head.length();
  const largestDirect = head.length();
  const offsetBits = head.u16();
  head.skip(2);
  const root = head.address();
  const rows = head.u16();
  if (filters !== 0) throw new Hdf5Unsound('a heap is compressed, which is not read');
  if (root === null || width === 0 || firstBlock === 0)
    throw new Hdf5Unsound('a heap is not sound');
  const lengthBytes = bytesFor(Math.min(largestDirect, largestManaged));
  const offsetBytes = Math.ceil(offsetBits / 8);
  return { flags, offsetBytes, lengthBytes, width, firstBlock, largestDirect, root, rows };
}

function bytesFor(value: number): number {
  return Math.floor(Math.log2(Math.max(value, 1)) / 8) + 1;
}

async function heapObject(frame: Hdf5Frame, heap: FractalHeap, id: Hdf5Bytes): Promise<Hdf5Bytes> {
  const kind = (id.u8() >> 4) & 3;
  if (kind !== 0) throw new Hdf5Unsound('an object of a heap is huge or tiny, which is not read');
  const offset = id.unsigned(heap.offsetBytes);
  const length = id.unsigned(heap.lengthBytes);
  if (length > longestObject) throw new Hdf5Unsound(`an object of a heap has ${length} bytes`);
  const block = await blockOf(frame, heap, offset);
  return await hdf5At(frame, block.address + (offset - block.start), length);
}

/** The direct block in which an offset of the heap lies, and the offset at which it begins. */
async function blockOf(
  frame: Hdf5Frame,
  heap: FractalHeap,
  offset: number,
): Promise<{ address: number; start: number }> {
  if (heap.rows === 0) return { address: heap.root, start: 0 };
  let start = 0;
  for (let row = 0; row < heap.rows; row++) {
    const size = heap.firstBlock * 2 ** Math.max(0, row - 1);
    if (offset >= start + size * heap.width) {
      start += size * heap.width;
      continue;
    }
    if (size > heap.largestDirect) break;
    const column = Math.floor((offset - start) / size);
    const header = 5 + frame.offsetWidth + heap.offsetBytes;
    const at = heap.root + header + (row * heap.width + column) * frame.offsetWidth;
    const address = (await hdf5At(frame, at, frame.offsetWidth)).address();
    if (address === null) break;
    return { address, start: start + column * size };
  }
  throw new Hdf5Unsound('an object of a heap lies where the heap is not read');
}

/** The records of a B-tree of at most two levels, which hold over a thousand. */
async function treeRecords(frame: Hdf5Frame, address: number): Promise<Hdf5Bytes[]> {
  const head = await hdf5At(frame, address, 18 + frame.offsetWidth + frame.lengthWidth, 'BTHD');
  head.skip(2);
  const nodeLength = head.u32();
  const recordLength = head.u16();
  const depth = head.u16();
  head.skip(2);
  const root = head.address();
  const count = head.u16();
  if (root === null) return [];
  if (depth > 1 || recordLength === 0 || count * recordLength > nodeLength) {
    throw new Hdf5Unsound(`a tree of ${depth + 1} levels is not read, at most 2 are`);
  }
  const leaf = async (at: number, records: number) => {
    const node = await hdf5At(frame, at, 6 + records * recordLength, 'BTLF');
    node.skip(2);
    return Array.from({ length: records }, () => node.part(recordLength));
  };
  if (depth === 0) return await leaf(root, count);
  const each = frame.offsetWidth + bytesFor(Math.floor((nodeLength - 10) / recordLength));
  const node = await hdf5At(frame, root, 6 + count * recordLength + (count + 1) * each, 'BTIN');
  node.skip(2);
  const records = Array.from({ length: count }, () => node.part(recordLength));
  for (let child = 0; child <= count; child++) {
    const at = node.address();
    const inside = node.unsigned(each - frame.offsetWidth);
    if (at !== null) records.push(...(await leaf(at, inside)));
    if (records.length > mostObjects)
      throw new Hdf5Unsound(`a heap has over ${mostObjects} objects`);
  }
  return records;
}
