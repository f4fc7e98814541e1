import type { RangeReader } from '../platform';
import { sectionReader } from '../platform';
import { viewOf } from './bytes';
import { longestInflated } from './inflate';
import { headLength } from './modelHeader';
import { isPlainArray } from './scanArray';
import { type NestedScan, placeAt, type ScanTask, within } from './scanTask';
import { unpack } from './unpack';
import {
  localNameOf,
  memberStart,
  parseDirectory,
  readMemberStart,
  readZipDirectory,
  type ZipMember,
} from './zip';

/** Text compresses a hundredfold; a bomb a thousandfold. */
const largestRatio = 1000;
const bombLength = 64 * 1024 * 1024;
const mostMembers = 200_000;
const tailLength = 22 + 65_535;

/**
 * Looks at each member of a zip archive as at a file of its own. Archives that two readers would
 * read differently are dangerous as such, and each reading is looked at.
 */
export async function scanZip(task: ScanTask, nested: NestedScan): Promise<void> {
  const { reader, findings } = task;
  const where = placeAt(task);
  const directories = await allDirectories(reader);
  if (directories.length === 0) {
    // Bytes that look like an archive's end are none unless a directory belongs to them.
    const head = await reader.read(0, Math.min(4, reader.size));
    if (head[0] !== 0x50 || head[1] !== 0x4b) return;
    const reading = await readZipDirectory(reader);
    const why = 'why' in reading ? reading.why : 'its directory is empty';
    findings.add('zip-not-read', 'unreadable', `The archive could not be read: ${why}.`, where);
    return;
  }
  if (directories.length > 1) {
    findings.add(
      'zip-ambiguous',
      'dangerous',
      'The archive has several directories, so that one program sees other contents than another.',
      where,
    );
  }
  for (const members of directories) await scanMembers(task, members, nested);
  await scanUnlisted(task, directories.flat(), nested);
}

const mostUnlisted = 1000;

/**
 * Members that stand between others and in no directory: whoever reads the archive from front to back
 * sees them. Only where one member ends another may begin.
 */
async function scanUnlisted(
  task: ScanTask,
  members: readonly ZipMember[],
  nested: NestedScan,
): Promise<void> {
  const { reader, findings } = task;
  const listed = [...members].sort((a, b) => a.offset - b.offset).slice(0, mostMembers);
  let [end, count] = [0, 0];
  for (const { offset, ...rest } of listed) {
    while (offset - end > 30 && count < mostUnlisted) {
      const length = await unlistedAt(reader, end, offset);
      if (length === null) break;
      count++;
      const member = within(task, `unlisted at ${end}`);
      const message =
        'The archive holds a member that its directory does not list: one program sees it, another does not.';
      findings.add('zip-unlisted', 'suspicious', message, { member });
      const section = sectionReader(reader, end + length.head, length.body);
      await nested({ ...task, member, reader: section, depth: task.depth + 1, values: true });
      end += length.head + length.body;
    }
    const start = await memberStart(reader, { offset, ...rest });
    end = Math.max(end, (start ?? offset) + rest.compressed);
  }
}

/** The lengths of the header and of the bytes of a member that begins here; `null` where none does. */
async function unlistedAt(reader: RangeReader, at: number, limit: number) {
  const head = viewOf(await reader.read(at, 30));
  if (head.getUint32(0, true) !== 0x04034b50) return null;
  const length = 30 + head.getUint16(26, true) + head.getUint16(28, true);
  const room = limit - at - length;
  if (room < 0) return null;
  const stated = head.getUint32(18, true);
  return { head: length, body: stated === 0 || stated > room ? room : stated };
}

async function scanMembers(
  task: ScanTask,
  members: readonly ZipMember[],
  nested: NestedScan,
): Promise<void> {
  const { findings } = task;
  const names = new Set<string>();
  // PyTorch's storages: values of tensors, which may look like anything.
  const pickled = members.some(({ name }) => /^[^/]+\/data\.pkl$/.test(name));
  const scripted = members.some(({ name }) => /^[^/]+\/constants\.pkl$/.test(name));
  for (const member of members.slice(0, mostMembers)) {
    const where = { member: within(task, member.name) };
    if (names.has(member.name)) {
      findings.add(
        'zip-duplicate',
        'suspicious',
        `The archive has two members called ${JSON.stringify(member.name)}; programs differ in which they take.`,
        where,
      );
    }
    names.add(member.name);
    if (/^(?:\/|[A-Za-z]:|\\)|(?:^|[\\/])\.\.(?:[\\/]|$)/.test(member.name)) {
      findings.add(
        'zip-path',
        'dangerous',
        `The member ${JSON.stringify(member.name)} would be unpacked outside the directory that it is unpacked into.`,
        where,
      );
    }
    const values = pickled && /^[^/]+\/data\/[^/]+$/.test(member.name);
    await scanMember({ ...task, scripted, values, ...where }, member, nested);
  }
  if (members.length > mostMembers) {
    findings.add(
      'zip-too-many',
      'unreadable',
      `The archive has ${members.length} members, of which ${mostMembers} were looked at.`,
      {},
    );
  }
}

async function scanMember(task: ScanTask, entry: ZipMember, nested: NestedScan): Promise<void> {
  const { reader, findings } = task;
  const where = placeAt(task);
  const local = await localNameOf(reader, entry);
  const start = await memberStart(reader, entry);
  if (local === null || start === null) {
    findings.add(
      'zip-not-read',
      'unreadable',
      'The member is not where the directory of the archive says.',
      where,
    );
    return;
  }
  if (local !== entry.name) {
    findings.add(
      'zip-names-differ',
      'dangerous',
      `The member is called ${JSON.stringify(local)} where it stands and ${JSON.stringify(entry.name)} in the directory: one program loads what another does not look at.`,
      where,
    );
  }
  if (entry.encrypted) {
    findings.add(
      'encrypted',
      'unreadable',
      'The member is marked as encrypted; what is in it cannot be told.',
      where,
    );
  }
  if (entry.size > bombLength && entry.size / Math.max(entry.compressed, 1) > largestRatio) {
    findings.add(
      'zip-bomb',
      'dangerous',
      `The member of ${entry.compressed} bytes would become ${entry.size} when it is unpacked, over ${largestRatio} times as many.`,
      where,
    );
    return;
  }
  await scanBytes(task, entry, start, nested);
}

async function scanBytes(
  task: ScanTask,
  entry: ZipMember,
  start: number,
  nested: NestedScan,
): Promise<void> {
  const { reader, findings } = task;
  const where = placeAt(task);
  const raw = sectionReader(reader, start, entry.compressed);
  const inner = { ...task, depth: task.depth + 1 };
  if (entry.method === 0) return await nested({ ...inner, reader: raw });
  if (entry.method !== 8) {
    findings.add(
      'zip-method',
      'unreadable',
      `The member is compressed by method ${entry.method}, which was not unpacked.`,
      where,
    );
    return;
  }
  const head = await readMemberStart(reader, { ...entry, encrypted: false }, headLength);
  if (head === null) {
    findings.add('zip-not-read', 'unreadable', 'The member could not be unpacked.', where);
    return;
  }
  // Arrays may be that long; of them the header says enough.
  if (entry.size > longestInflated && isPlainArray(head)) return;
  const unpacked = await unpack(raw, 'deflate');
  await nested({ ...inner, reader: unpacked.reader });
  if (unpacked.why === null) return;
  findings.add(
    'zip-not-read',
    'unreadable',
    `The member could not be unpacked whole: ${unpacked.why}. What comes after that was not looked at.`,
    where,
  );
}

/**
 * Every directory that some program would take: by each end record in the archive's tail, at the
 * place that it states, and, as Python does, just before the record. Equal ones count once.
 */
async function allDirectories(reader: RangeReader): Promise<(readonly ZipMember[])[]> {
  const found = new Map<string, readonly ZipMember[]>();
  const keep = (members: readonly ZipMember[] | null) => {
    if (members === null || members.length === 0) return;
    const key = members.map(({ name, offset, size }) => `${name}\0${offset}\0${size}`).join('\n');
    found.set(key, members);
  };
  const reading = await readZipDirectory(reader);
  if ('directory' in reading) keep(reading.directory.members);
  const length = Math.min(reader.size, tailLength);
  const tail = await reader.read(reader.size - length, length);
  const view = viewOf(tail);
  let last = true;
  for (let at = length - 22; at >= 0; at--) {
    if (view.getUint32(at, true) !== 0x06054b50) continue;
    // Programs take the last, or the one whose comment ends with the file; others belong to members.
    const taken = last || at + 22 + view.getUint16(at + 20, true) === length;
    last = false;
    if (!taken) continue;
    const size = view.getUint32(at + 12, true);
    const stated = view.getUint32(at + 16, true);
    const before = reader.size - length + at - size;
    for (const offset of new Set([stated, before])) {
      keep(await directoryAt(reader, offset, size, offset === before ? before - stated : 0));
    }
  }
  return [...found.values()];
}

const longestDirectory = 64 * 1024 * 1024;

/** `shift`: how far Python takes the members to lie behind the places that are stated. */
async function directoryAt(
  reader: RangeReader,
  offset: number,
  size: number,
  shift: number,
): Promise<readonly ZipMember[] | null> {
  if (offset < 0 || size < 46 || offset + size > reader.size || size > longestDirectory)
    return null;
  const members = parseDirectory(await reader.read(offset, size));
  if (members === null) return null;
  const moved = members.map((member) => ({ ...member, offset: member.offset + shift }));
  return moved.every((member) => member.offset >= 0 && member.offset + 30 <= reader.size)
    ? moved
    : null;
}
