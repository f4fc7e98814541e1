import type { RangeReader } from '../platform';
import { utf8, viewOf } from './bytes';
import { inflatedStart } from './inflate';
import { isCount } from './modelHeader';

/**
 * The central directory of a zip archive, 64-bit forms included. Members are found through the
 * directory alone, as every zip library does.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export interface ZipMember {
  readonly name: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
  readonly compressed: number;
  readonly size: number;
  /** Where its local header begins. */
  readonly offset: number;
  readonly encrypted: boolean;
}

export interface ZipDirectory {
  readonly members: readonly ZipMember[];
}

export type ZipReading = { readonly directory: ZipDirectory } | { readonly why: string };

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const locator64Signature = 0x07064b50;
const memberSignature = 0x02014b50;
const localSignature = 0x04034b50;

const endLength = 22;
const longestComment = 65_535;
const longestDirectory = 64 * 1024 * 1024;
/** A member takes at least 46 bytes of the directory, so that this bounds the members too. */
const fixedMemberLength = 46;

/**
 * Reads the directory at the archive's end. `why` tells what is wrong: without its end the archive
 * is torn, for the directory is written last.
 */
export async function readZipDirectory(reader: RangeReader): Promise<ZipReading> {
  const end = await findEnd(reader);
  if (end === null) return { why: 'the archive has no end: its directory is missing' };
  const { length, offset, count } = end;
  if (!isCount(length) || !isCount(offset) || offset + length > end.position) {
    return { why: 'the archive points to a directory that does not lie in it' };
  }
  if (length > longestDirectory) {
    return { why: `the archive's directory of ${length} bytes is over ${longestDirectory}` };
  }
  const members = parseDirectory(await reader.read(offset, length));
  if (members === null || members.length !== count) {
    return { why: "the archive's directory is not sound" };
  }
  const outside = members.find((member) => member.offset + 30 + member.compressed > offset);
  if (outside !== undefined) {
    return { why: `the archive's member ${JSON.stringify(outside.name)} does not lie in it` };
  }
  return { directory: { members } };
}

interface DirectoryEnd {
  readonly position: number;
  readonly count: number;
  readonly length: number;
  readonly offset: number;
}

async function findEnd(reader: RangeReader): Promise<DirectoryEnd | null> {
  const tailLength = Math.min(reader.size, endLength + longestComment);
  const tailStart = reader.size - tailLength;
  const tail = await reader.read(tailStart, tailLength);
  const view = viewOf(tail);
  for (let at = tailLength - endLength; at >= 0; at--) {
    // The comment must reach exactly to the end, or the signature was data.
    const comment = () => view.getUint16(at + 20, true);
    if (view.getUint32(at, true) !== endSignature || at + endLength + comment() !== tailLength) {
      continue;
    }
    const end = {
      position: tailStart + at,
      count: view.getUint16(at + 10, true),
      length: view.getUint32(at + 12, true),
      offset: view.getUint32(at + 16, true),
    };
    return (await findEnd64(reader, end)) ?? end;
  }
  return null;
}

async function findEnd64(reader: RangeReader, end: DirectoryEnd): Promise<DirectoryEnd | null> {
  if (end.position < 20) return null;
  const locator = viewOf(await reader.read(end.position - 20, 20));
  if (locator.getUint32(0, true) !== locator64Signature) return null;
  const position = Number(locator.getBigUint64(8, true));
  if (!isCount(position) || position + 56 > end.position) return null;
  const record = viewOf(await reader.read(position, 56));
  if (record.getUint32(0, true) !== end64Signature) return null;
  return {
    position,
    count: Number(record.getBigUint64(32, true)),
    length: Number(record.getBigUint64(40, true)),
    offset: Number(record.getBigUint64(48, true)),
  };
}

/** The members of a directory's bytes; `null` where they are not sound. */
export function parseDirectory(bytes: Uint8Array): ZipMember[] | null {
  const view = viewOf(bytes);
  const members: ZipMember[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + fixedMemberLength > bytes.length || view.getUint32(at, true) !== memberSignature) {
      return null;
    }
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + fixedMemberLength + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > bytes.length) return null;
    const extraStart = at + fixedMemberLength + nameLength;
    const extra = bytes.subarray(extraStart, extraStart + extraLength);
    const member = memberOf(view, at, extra, bytes.subarray(at + fixedMemberLength, extraStart));
    if (member === null) return null;
    members.push(member);
    at = next;
  }
  return members;
}

function memberOf(
  view: DataView,
  at: number,
  extra: Uint8Array,
  name: Uint8Array,
): ZipMember | null {
  const sizes = [
    view.getUint32(at + 24, true),
    view.getUint32(at + 20, true),
    view.getUint32(at + 42, true),
  ];
  const [size = 0, compressed = 0, offset = 0] = widened(sizes, extra);
  if (!isCount(size) || !isCount(compressed) || !isCount(offset)) return null;
  return {
    name: utf8(name),
    method: view.getUint16(at + 10, true),
    encrypted: (view.getUint16(at + 8, true) & 1) === 1,
    size,
    compressed,
    offset,
  };
}

/** Values of 0xFFFFFFFF stand, in this order, as 64 bits in the extra field 1. */
function widened(values: readonly number[], extra: Uint8Array): number[] {
  const view = viewOf(extra);
  let [at, end] = [0, 0];
  for (let field = 0; field + 4 <= extra.length; ) {
    const length = view.getUint16(field + 2, true);
    if (view.getUint16(field, true) === 1) {
      [at, end] = [field + 4, Math.min(field + 4 + length, extra.length)];
      break;
    }
    field += 4 + length;
  }
  return values.map((value) => {
    if (value !== 0xffffffff || at + 8 > end) return value;
    at += 8;
    return Number(view.getBigUint64(at - 8, true));
  });
}

/** The name in the archive's first local header: what a torn archive still tells. */
export function firstMemberName(head: Uint8Array): string | null {
  const view = viewOf(head);
  if (head.length < 30 || view.getUint32(0, true) !== localSignature) return null;
  return utf8(head.subarray(30, 30 + view.getUint16(26, true)));
}

/**
 * The first bytes of a member, at most `limit`, inflated where it is deflated; `null` where it is
 * stored another way, encrypted, or its local header is not where the directory says.
 */
export async function readMemberStart(
  reader: RangeReader,
  member: ZipMember,
  limit: number,
): Promise<Uint8Array | null> {
  if (member.encrypted || (member.method !== 0 && member.method !== 8)) return null;
  const start = await memberStart(reader, member);
  if (start === null) return null;
  const length = Math.min(member.compressed, limit);
  const bytes = await reader.read(start, length);
  return member.method === 0 ? bytes : await inflatedStart(bytes, limit, 'deflate');
}

/** Where a member's bytes begin; `null` where its local header or they are not in the archive. */
export async function memberStart(reader: RangeReader, member: ZipMember): Promise<number | null> {
  if (member.offset + 30 > reader.size) return null;
  const local = viewOf(await reader.read(member.offset, 30));
  if (local.getUint32(0, true) !== localSignature) return null;
  const start = member.offset + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  return start + member.compressed > reader.size ? null : start;
}

/** The name in a member's own header, which need not be that of the directory; `null` without one. */
export async function localNameOf(reader: RangeReader, member: ZipMember): Promise<string | null> {
  if (member.offset + 30 > reader.size) return null;
  const fixed = viewOf(await reader.read(member.offset, 30));
  const length = fixed.getUint16(26, true);
  if (fixed.getUint32(0, true) !== localSignature) return null;
  if (member.offset + 30 + length > reader.size) return null;
  return utf8(await reader.read(member.offset + 30, length));
}
