import { sectionReader } from '../platform';
import { latin1 } from './bytes';
import { type NestedScan, placeAt, type ScanTask, within } from './scanTask';

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

interface TarMember {
  readonly name: string;
  readonly kind: string;
  readonly at: number;
  readonly size: number;
}

/** Links, devices, directories and pipes: no bytes of their own are unpacked. */
const withoutBytes = new Set(['1', '2', '3', '4', '5', '6']);
/** Headers for the member that follows: a longer name, or attributes as `length key=value` lines. */
const longName = new Set(['L', 'K']);
const attributes = new Set(['x', 'g', 'X']);

/** Looks at each member of a tar archive (NeMo, PyTorch of old) as at a file of its own. */
export async function scanTar(task: ScanTask, nested: NestedScan): Promise<void> {
  const { reader, findings } = task;
  let at = 0;
  for (let count = 0; at + block <= reader.size; count++) {
    const head = await reader.read(at, block);
    if (head.every((byte) => byte === 0)) return;
    const member = memberOf(head, at + block);
    if (member === null || count > mostMembers || member.at + member.size > reader.size) {
      const message = 'The archive could not be read to its end.';
      findings.add('tar-not-read', 'unreadable', message, placeAt(task));
      return;
    }
    await scanMember(task, member, nested);
    at += block + Math.ceil(member.size / block) * block;
  }
}

function memberOf(head: Uint8Array, at: number): TarMember | null {
  const text = (from: number, to: number) => latin1(head.subarray(from, to)).replace(/\0.*$/s, '');
  const size = Number.parseInt(text(124, 136) || '0', 8);
  if (!isTar(head) || !Number.isSafeInteger(size) || size < 0) return null;
  // POSIX keeps the beginning of a longer name elsewhere.
  const front = latin1(head.subarray(257, 263)) === 'ustar\0' ? text(345, 500) : '';
  const name = front === '' ? text(0, 100) : `${front}/${text(0, 100)}`;
  return { name, kind: String.fromCharCode(head[156] ?? 0), at, size };
}

async function scanMember(
  task: ScanTask,
  { name, kind, at, size }: TarMember,
  nested: NestedScan,
): Promise<void> {
  const { reader, findings } = task;
  const member = within(task, name);
  if (longName.has(kind) || attributes.has(kind)) {
    await scanAttributes(task, kind, latin1(await reader.read(at, Math.min(size, 1 << 20))));
    return;
  }
  checkName(task, name, member);
  if (kind === '1' || kind === '2') {
    findings.add(
      'tar-link',
      'suspicious',
      `The member ${JSON.stringify(name)} is a link, which can lead out of the directory.`,
      { member },
    );
  }
  // Whatever else it is called, Python unpacks it as a file.
  if (size > 0 && !withoutBytes.has(kind)) {
    await nested({
      ...task,
      member,
      depth: task.depth + 1,
      reader: sectionReader(reader, at, size),
    });
  }
}

function checkName({ findings }: ScanTask, name: string, member: string): void {
  if (!/^(?:\/|[A-Za-z]:)|(?:^|[\\/])\.\.(?:[\\/]|$)/.test(name)) return;
  findings.add(
    'tar-path',
    'dangerous',
    `The member ${JSON.stringify(name)} would be unpacked outside the directory that it is unpacked into.`,
    { member },
  );
}

async function scanAttributes(task: ScanTask, kind: string, text: string): Promise<void> {
  const lines = longName.has(kind) ? [`path=${text.replace(/\0.*$/s, '')}`] : text.split('\n');
  for (const line of lines) {
    const [, key = '', value = ''] = /^(?:\d+ )?([\w.]+)=(.*)$/s.exec(line) ?? [];
    if (key === 'path' || key === 'linkpath') checkName(task, value, within(task, value));
    if (key !== 'size' && !key.startsWith('GNU.sparse')) continue;
    const message = `A member has its ${key} stated in a way that programs read differently; what is in it was not looked at.`;
    task.findings.add('tar-not-read', 'unreadable', message, placeAt(task));
  }
}
