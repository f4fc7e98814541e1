import type { RangeReader } from '../platform';
import { latin1, startsWith, viewOf } from './bytes';
import { endsEarly, header, type ModelHeader, type Probe } from './modelHeader';

/**
 * HDF5: a superblock at offset 0 or at 512, 1024, 2048, …, which states where the file ends. Keras
 * models in it are told by the names that Keras gives to groups and attributes.
 * https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html
 */
const signature = '\x89HDF\r\n\x1a\n';
const longestUserBlock = 1024 * 1024;
const superblockLength = 96;
/** Where the first names lie; Keras writes its own before any weights. */
const namesLength = 256 * 1024;

export async function readHdf5({ reader, head }: Probe): Promise<ModelHeader | null> {
  const offset = await superblockOffset(reader, head);
  if (offset === null) return null;
  const block = await reader.read(offset, Math.min(superblockLength, reader.size - offset));
  const superblock = readSuperblock(block);
  const format = await kerasOrPlain(reader);
  if (superblock === null) return header(format, { why: 'its superblock is not sound' });
  const { end, version, writing } = superblock;
  const metadata = { superblock: version };
  if (end > BigInt(reader.size)) {
    return header(format, { why: endsEarly(end, reader.size), metadata });
  }
  return header(format, { why: writing ? 'it is still open for writing' : null, metadata });
}

/** Where the superblock is: at the beginning, or behind a user's block. */
export async function superblockOffset(
  reader: RangeReader,
  head: Uint8Array,
): Promise<number | null> {
  if (startsWith(head, signature)) return 0;
  for (let offset = 512; offset <= longestUserBlock; offset *= 2) {
    if (offset + 8 > reader.size) return null;
    const bytes =
      offset + 8 <= head.length ? head.subarray(offset, offset + 8) : await reader.read(offset, 8);
    if (startsWith(bytes, signature)) return offset;
  }
  return null;
}

interface Superblock {
  readonly version: number;
  /** The first byte after the file's data, counted from the file's beginning. */
  readonly end: bigint;
  readonly writing: boolean;
}

function readSuperblock(bytes: Uint8Array): Superblock | null {
  const version = bytes[8] ?? 255;
  const old = version < 2;
  const width = bytes[old ? 13 : 9];
  if (version > 3 || (width !== 2 && width !== 4 && width !== 8)) return null;
  // After the fixed fields: base address, free space or extension, end of file.
  const addresses = old ? 24 + version * 4 : 12;
  const at = addresses + 2 * width;
  if (at + width > bytes.length) return null;
  const flags = old ? 0 : (bytes[11] ?? 0);
  return { version, end: unsigned(bytes, at, width), writing: version === 3 && (flags & 1) === 1 };
}

function unsigned(bytes: Uint8Array, at: number, width: 2 | 4 | 8): bigint {
  const view = viewOf(bytes);
  if (width === 8) return view.getBigUint64(at, true);
  return BigInt(width === 4 ? view.getUint32(at, true) : view.getUint16(at, true));
}

async function kerasOrPlain(reader: RangeReader): Promise<'keras-h5' | 'hdf5'> {
  const text = latin1(await reader.read(0, Math.min(namesLength, reader.size)));
  const whole = ['keras_version', 'model_weights', 'layer_names'].some((name) =>
    text.includes(name),
  );
  // Weights alone (Keras 3): groups `layers` and `vars`, names that end in NUL in the local heap.
  return whole || (text.includes('layers\0') && text.includes('vars\0')) ? 'keras-h5' : 'hdf5';
}
