import type { Warning } from '../core/version';
import type { RangeReader } from '../platform';
import { sectionReader } from '../platform';
import type { ModelFile, Told } from './modelContents';
import type { TensorInfo, TensorPlace } from './modelHeader';
import { pickledArray } from './pickleArrays';
import { runPickle } from './pickleRun';
import { tensorsIn } from './pickleTensors';
import { readTorchExport } from './torchExport';
import { torchArchitecture } from './torchModules';
import { type StoragePlaces, torchTensor } from './torchTensors';
import { memberStart, readZipDirectory, type ZipDirectory, type ZipMember } from './zip';

/** The pickle of a model of a million tensors has 100 MB. */
const longestPickle = 512 * 1024 * 1024;
const mostStorages = 1_000_000;

/**
 * The tensors of a PyTorch zip archive: `data.pkl` describes them, each storage is a stored member
 * `data/<key>`. Reads the directory, the pickle and each storage's local header.
 */
export async function readTorchContents({ reader, header }: ModelFile): Promise<Told> {
  const reading = await readZipDirectory(reader);
  if ('why' in reading) return {};
  const { directory } = reading;
  const pickle = directory.members.find(({ name }) => /^[^/]+\/data\.pkl$/.test(name));
  if (pickle === undefined) return await readTorchExport(reader, directory, header);
  const member = await storedMember(reader, pickle);
  if (member === null) return { warnings: [...header.warnings, notRead('it is compressed')] };
  const { ended, value, why } = await runPickle(member.section, 0);
  const places = await storagePlaces(reader, directory, header.metadata['byteorder'] === 'big');
  const tensors = tensorsIn(
    value,
    (name, call) => torchTensor(name, call, places) ?? pickledArray(name, call, member.start),
  );
  const warnings = ended === 'stop' ? header.warnings : [...header.warnings, notRead(why)];
  return {
    tensors,
    warnings: [...warnings, ...unplaced(tensors)],
    architecture: torchArchitecture(value),
  };
}

function notRead(why: string): Warning {
  return { code: 'pickle-not-read', message: `data.pkl was not read to its end: ${why}` };
}

function unplaced(tensors: readonly TensorInfo[]): Warning[] {
  const lost = tensors.filter(
    ({ place, values, bytes, dtype }) =>
      place === undefined && values === undefined && bytes > 0 && !dtype.startsWith('torch.'),
  );
  if (lost.length === 0) return [];
  const message = `${lost.length} tensors have no storage in the archive, the first is "${lost[0]?.name}"`;
  return [{ code: 'storage-missing', message }];
}

/** A member's bytes in place; `null` where they are compressed, encrypted or too many. */
export async function storedMember(
  reader: RangeReader,
  member: ZipMember,
): Promise<{ section: RangeReader; start: number } | null> {
  if (member.method !== 0 || member.encrypted || member.compressed > longestPickle) return null;
  const start = await memberStart(reader, member);
  if (start === null) return null;
  return { section: sectionReader(reader, start, member.compressed), start };
}

/** The local headers are read several at a time: there may be thousands, all over the file. */
const atOnce = 32;

async function storagePlaces(
  reader: RangeReader,
  { members }: ZipDirectory,
  bigEndian: boolean,
): Promise<StoragePlaces> {
  const places = new Map<string, TensorPlace>();
  const stored = members.filter(
    ({ name, method, encrypted }) =>
      /^[^/]+\/data\/[^/]+$/.test(name) && method === 0 && !encrypted,
  );
  for (let first = 0; first < Math.min(stored.length, mostStorages); first += atOnce) {
    const some = stored.slice(first, first + atOnce);
    const starts = await Promise.all(some.map((member) => memberStart(reader, member)));
    for (const [index, member] of some.entries()) {
      const offset = starts[index] ?? null;
      const key = member.name.slice(member.name.lastIndexOf('/') + 1);
      const order = bigEndian ? { bigEndian: true as const } : {};
      if (offset !== null) places.set(key, { offset, length: member.compressed, ...order });
    }
  }
  return (key) => places.get(key) ?? null;
}
