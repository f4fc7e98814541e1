import { startsWith } from './bytes';
import { type NestedScan, placeAt, type ScanTask, within } from './scanTask';
import { packing, unpack, unpackedStart } from './unpack';

/** Told, and not unpacked: no library of models writes them. */
const packers: readonly (readonly [string, string])[] = [
  ['BZh', 'bzip2'],
  ['\xfd7zXZ\0', 'xz'],
  ['\x04\x22\x4d\x18', 'lz4'],
  ['\x28\xb5\x2f\xfd', 'zstd'],
  ['7z\xbc\xaf\x27\x1c', '7z'],
  ['Rar!', 'rar'],
  ['\x5d\0\0', 'lzma'],
  ['\x1f\x9d', 'compress'],
  ['\x02\x21\x4c\x18', 'an old form of lz4'],
];

/** What is packed is unpacked and looked at, or told as not looked at. */
export async function scanPacked(
  task: ScanTask,
  head: Uint8Array,
  nested: NestedScan,
): Promise<void> {
  const { reader, findings } = task;
  const method = packing(head);
  if (method === null) return sayPacker(task, head);
  // Many bytes begin like zlib: what gives nothing is none.
  const inflated = method === 'zlib' || method === 'gzip';
  if (inflated && (await unpackedStart(reader, 1, method)).length === 0) return;
  const inner = await unpack(reader, method);
  if (inner.reader.size === 0) return sayPacker(task, head);
  if (inner.why !== null) {
    findings.isModel = true;
    const message = `What is packed in it by ${method} could not be unpacked whole: ${inner.why}. What comes after that was not looked at.`;
    findings.add('packed', 'unreadable', message, placeAt(task));
  }
  const member = within(task, 'unpacked');
  await nested({ ...task, reader: inner.reader, member, depth: task.depth + 1, values: false });
}

function sayPacker(task: ScanTask, head: Uint8Array): void {
  const packer = packers.find(([magic]) => startsWith(head, magic));
  if (packer === undefined) return;
  task.findings.isModel = true;
  const message = `The file is packed by ${packer[1]}, which was not unpacked.`;
  task.findings.add('packed', 'unreadable', message, placeAt(task));
}
