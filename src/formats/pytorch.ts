import type { RangeReader } from '../platform';
import { utf8 } from './bytes';
import { header, type MetadataValue, type ModelHeader, metadataText } from './modelHeader';
import { readMemberStart, type ZipDirectory } from './zip';

/**
 * What `torch.save`, `torch.jit.save` and `torch.export.save` write: a zip archive whose members
 * lie in one folder, the object as a pickle in `data.pkl`, each storage stored in `data/<key>`.
 * The pickle is not read here: it is labelled and its completeness is checked.
 * https://docs.pytorch.org/docs/stable/notes/serialization.html
 */
export type TorchArchiveFormat = 'pytorch' | 'torchscript' | 'pytorch-export';

export function torchArchiveFormat({ members }: ZipDirectory): TorchArchiveFormat | null {
  const names = new Set(members.map(({ name }) => name.slice(name.indexOf('/') + 1)));
  if (names.has('archive_format') || names.has('serialized_exported_program.json')) {
    return 'pytorch-export';
  }
  if (!names.has('data.pkl')) return null;
  return names.has('constants.pkl') ? 'torchscript' : 'pytorch';
}

export async function readTorchArchive(
  reader: RangeReader,
  directory: ZipDirectory,
  format: TorchArchiveFormat,
): Promise<ModelHeader> {
  const storages = directory.members.filter(({ name }) => /^[^/]+\/data\/[^/]+$/.test(name));
  const metadata: Record<string, MetadataValue> = {
    storages: storages.length,
    storage_bytes: storages.reduce((total, { size }) => total + size, 0),
  };
  for (const key of ['version', 'byteorder']) {
    const value = await smallMember(reader, directory, key);
    if (value !== null) metadata[key] = value;
  }
  return header(format, { metadata });
}

async function smallMember(
  reader: RangeReader,
  { members }: ZipDirectory,
  key: string,
): Promise<string | null> {
  const member = members.find(({ name }) => name.slice(name.indexOf('/') + 1) === key);
  if (member === undefined) return null;
  const bytes = await readMemberStart(reader, member, 64);
  return bytes === null ? null : metadataText(utf8(bytes).trim());
}
