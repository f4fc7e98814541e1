import { sectionReader } from '../platform';
import { latin1 } from './bytes';
import type { NestedScan, ScanTask } from './scanPickle';

const block = 512;
const mostMembers = 100_000;

/** Whether the first block is a tar header: `ustar`, or of old a checksum that fits. */
export function isTar(head: Uint8Array): boolean {
  if (head.length < block) return false;
  if (latin1(head.subarray(257, 262)) === 'ustar') return true;
  const stated = Number.parseInt(latin1(head.subarray(148, 156)), 8);
  let sum = 8 * 32;
  for (let at = 0; at < block; at++) if (at < 148 || at >= 156) sum += head[at] ?? 0;
  return stated === sum && sum > 8 * 32;
}

/** Looks at each member of a tar archive (NeMo, PyTorch of old) as at a file of its own. */
export async function scanTar(task: ScanTask, nested: NestedScan): Promise<void> {
  const { reader, findings } = task;
  const around = task.member === undefined ? {} : { member: task.member };
  let at = 0;
  for (let count = 0; at + block <= reader.size; count++) {
    const head = await reader.read(at, block);
    if (head.every((byte) => byte === 0)) return;
    const name = latin1(head.subarray(0, 100)).replace(/\0.*$/s, '');
    const size = Number.parseInt(latin1(head.subarray(124, 136)).replace(/\0.*$/s, '') || '0', 8);
    if (
      !isTar(head) ||
      !Number.isSafeInteger(size) ||
      size < 0 ||
      count > mostMembers ||
      at + block + size > reader.size
    ) {
      findings.add(
        'tar-not-read',
        'unreadable',
        'The archive could not be read to its end.',
        around,
      );
      return;
    }
    const kind = String.fromCharCode(head[156] ?? 0);
    const member = task.member === undefined ? name : `${task.member}!${name}`;
    if (/^(?:\/|[A-Za-z]:)|(?:^|\/)\.\.(?:\/|$)/.test(name)) {
      findings.add(
        'tar-path',
        'dangerous',
        `The member ${JSON.stringify(name)} would be unpacked outside the directory that it is unpacked into.`,
        { member },
      );
    }
    if (kind === '1' || kind === '2') {
      findings.add(
        'tar-link',
        'suspicious',
        `The member ${JSON.stringify(name)} is a link, which can lead out of the directory.`,
        { member },
      );
    }
    if (size > 0 && (kind === '0' || kind === '\0')) {
      await nested({
        ...task,
        member,
        depth: task.depth + 1,
        reader: sectionReader(reader, at + block, size),
      });
    }
    at += block + Math.ceil(size / block) * block;
  }
}
