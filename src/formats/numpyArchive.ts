import type { Warning } from '../core/version';
import type { RangeReader } from '../platform';
import { startsWith } from './bytes';
import { header, type ModelHeader, type TensorInfo } from './modelHeader';
import {
  type ArrayHeader,
  arrayHeaderLength,
  objectWarning,
  parseArrayHeader,
  tensorOf,
} from './numpy';
import type { TensorSource } from './tensorValues';
import { memberStart, readMemberStart, type ZipDirectory, type ZipMember } from './zip';

/** `.npz`: a zip archive of `.npy` files and nothing else, stored or deflated. */
const mostArrays = 10_000;
const usualHeader = 4096;
const longestHeader = 256 * 1024;

export function isNumpyArchive({ members }: ZipDirectory): boolean {
  return members.length > 0 && members.every(({ name }) => name.endsWith('.npy'));
}

export async function readNumpyArchive(
  reader: RangeReader,
  { members }: ZipDirectory,
): Promise<ModelHeader> {
  if (members.length > mostArrays) {
    const message = `of ${members.length} arrays none was looked at: at most ${mostArrays} are`;
    return header('numpy-archive', { warnings: [{ code: 'header-large', message }] });
  }
  const tensors: TensorInfo[] = [];
  const warnings: Warning[] = [];
  for (const member of members) {
    const name = member.name.slice(0, -'.npy'.length);
    const array = await arrayIn(reader, member);
    if (array === null) {
      const message = `the header of the array ${JSON.stringify(name)} could not be read`;
      warnings.push({ code: 'array-not-read', message });
    } else if (array.objects) {
      warnings.push(objectWarning(`the array ${JSON.stringify(name)}`));
    } else {
      // Only stored members have plain bytes, and only where the array fits into its member.
      const start = await memberStart(reader, member);
      const fits = array.start + array.bytes <= member.size;
      const plain = member.method === 0 && fits;
      const tensor = tensorOf(name, array, plain ? start : null);
      const packed = start !== null && member.method === 8 && fits;
      tensors.push(packed ? { ...tensor, values: packedValues(array, member, start) } : tensor);
    }
  }
  return header('numpy-archive', { tensors, warnings });
}

async function arrayIn(reader: RangeReader, member: ZipMember): Promise<ArrayHeader | null> {
  const start = await readMemberStart(reader, member, usualHeader);
  if (start === null || !startsWith(start, '\x93NUMPY')) return null;
  const length = arrayHeaderLength(start);
  if (length === null || length > longestHeader) return null;
  const bytes =
    length <= start.length ? start : await readMemberStart(reader, member, longestHeader);
  if (bytes === null || bytes.length < length) return null;
  return parseArrayHeader(bytes.subarray(0, length));
}

function packedValues(array: ArrayHeader, member: ZipMember, offset: number): TensorSource {
  return {
    kind: 'deflated',
    offset,
    compressed: member.compressed,
    method: 'deflate',
    skip: array.start,
    ...(array.bigEndian ? { bigEndian: true } : {}),
  };
}
