import { startsWith } from './bytes';
import { inflatedReader, inflatedStart, longestInflated } from './inflate';
import { type NestedScan, placeAt, type ScanTask, within } from './scanTask';

const packers: readonly (readonly [string, string])[] = [
  ['BZh', 'bzip2'],
  ['\xfd7zXZ\0', 'xz'],
  ['\x04\x22\x4d\x18', 'lz4'],
  ['\x28\xb5\x2f\xfd', 'zstd'],
  ['7z\xbc\xaf\x27\x1c', '7z'],
  ['Rar!', 'rar'],
  ['\x5d\0\0', 'lzma'],
  ['\x1f\x9d', 'compress'],
];

/** How the first bytes say that a stream is compressed in a way that is unpacked here. */
export function packing(head: Uint8Array): 'gzip' | 'zlib' | null {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  return head[0] === 0x78 && ((head[0] << 8) | (head[1] ?? 0)) % 31 === 0 ? 'zlib' : null;
}

/** What is packed is unpacked and looked at, or told as not looked at. */
export async function scanPacked(
  task: ScanTask,
  head: Uint8Array,
  nested: NestedScan,
): Promise<void> {
  const { reader, findings } = task;
  const packer = packers.find(([magic]) => startsWith(head, magic));
  if (packer !== undefined) {
    findings.isModel = true;
    const message = `The file is packed by ${packer[1]}, which was not unpacked.`;
    findings.add('packed', 'unreadable', message, placeAt(task));
    return;
  }
  const method = packing(head);
  if (method === null) return;
  const start = await inflatedStart(head, 64, method);
  if (start === null || start.length === 0) return;
  const inner = await inflatedReader(reader, method, longestInflated);
  if (inner !== null) {
    const member = within(task, 'unpacked');
    const unpacked = { ...task, reader: inner, member, depth: task.depth + 1, values: false };
    return await nested(unpacked);
  }
  findings.isModel = true;
  findings.add(
    'packed',
    'unreadable',
    `What is packed in it is broken or over ${longestInflated} bytes and was not looked at.`,
    placeAt(task),
  );
}
