import { utf8 } from './bytes';
import { hdf5Contents, hdf5Tensors } from './hdf5Contents';
import { kerasArchitecture } from './kerasConfig';
import type { ModelFile, Told } from './modelContents';
import type { TensorInfo } from './modelHeader';
import { storedMember } from './torchArchive';
import { readMemberStart, readZipDirectory } from './zip';

const longestConfig = 64 * 1024 * 1024;

/** The tensors of `model.weights.h5` (or its shards) where they lie, the layers of `config.json`. */
export async function readKerasContents({ reader, header }: ModelFile): Promise<Told> {
  const reading = await readZipDirectory(reader);
  if ('why' in reading) return {};
  const { members } = reading.directory;
  const tensors: TensorInfo[] = [];
  const warnings = [...header.warnings];
  for (const member of members.filter(({ name }) => /^model\.weights.*\.h5$/.test(name))) {
    const stored = await storedMember(reader, member);
    const contents = stored === null ? null : await hdf5Contents(stored.section);
    if (stored === null || contents === null) {
      warnings.push({ code: 'part-not-read', message: `${member.name} is no HDF5 file in place` });
      continue;
    }
    const found = hdf5Tensors(contents, '', stored.start);
    tensors.push(...found.tensors);
    warnings.push(...found.warnings);
  }
  const config = members.find(({ name }) => name === 'config.json');
  const bytes = config === undefined ? null : await readMemberStart(reader, config, longestConfig);
  const architecture = bytes === null ? null : kerasArchitecture(utf8(bytes));
  return { tensors, warnings, architecture };
}
