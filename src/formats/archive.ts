import { startsWith } from './bytes';
import { isKeras, readKeras } from './keras';
import { header, type ModelFormat, type ModelHeader, type Probe } from './modelHeader';
import { isNumpyArchive, readNumpyArchive } from './numpyArchive';
import { readTorchArchive, torchArchiveFormat } from './pytorch';
import { firstMemberName, readZipDirectory } from './zip';

/**
 * Zip archives: PyTorch, Keras and NumPy files are told apart by the names of their members. One
 * that is torn has no directory; its first member's name still tells what it was to become.
 */
export async function readArchive({ reader, head }: Probe): Promise<ModelHeader | null> {
  if (!startsWith(head, 'PK\x03\x04')) return null;
  const reading = await readZipDirectory(reader);
  if ('why' in reading) {
    return header(formatByFirstMember(firstMemberName(head)), { why: reading.why });
  }
  const { directory } = reading;
  const torch = torchArchiveFormat(directory);
  if (torch !== null) return await readTorchArchive(reader, directory, torch);
  if (isKeras(directory)) return await readKeras(reader, directory);
  if (isNumpyArchive(directory)) return await readNumpyArchive(reader, directory);
  return header('zip', { metadata: { members: directory.members.length } });
}

function formatByFirstMember(name: string | null): ModelFormat {
  if (name === null) return 'zip';
  if (/^[^/]+\/(?:data\.pkl|version|byteorder|\.format_version)$/.test(name)) return 'pytorch';
  if (name === 'metadata.json' || name === 'config.json') return 'keras';
  return name.endsWith('.npy') ? 'numpy-archive' : 'zip';
}
