import type { Warning } from '../core/version';
import type { RangeReader } from '../platform';
import { superblockOffset } from './hdf5';
import { type Hdf5Contents, type Hdf5Dataset, walkHdf5 } from './hdf5File';
import { kerasArchitecture } from './kerasConfig';
import type { ModelFile, Told } from './modelContents';
import {
  elementsOf,
  headLength,
  isCount,
  type MetadataValue,
  metadataText,
  type TensorInfo,
} from './modelHeader';

/** Zeros that were never written are made up to here. */
const largestGathered = 1024 * 1024;

/** The datasets, the texts that describe the model, and the layers where Keras wrote them. */
export async function readHdf5Contents({ reader, header }: ModelFile): Promise<Told> {
  const contents = await hdf5Contents(reader);
  if (contents === null) return {};
  const { tensors, warnings } = hdf5Tensors(contents, '');
  return {
    tensors,
    warnings: [...header.warnings, ...warnings],
    metadata: { ...header.metadata, ...rootTexts(contents) },
    architecture: kerasArchitecture(contents.texts.get('@model_config') ?? ''),
  };
}

/** `null` where there is no superblock. */
export async function hdf5Contents(reader: RangeReader): Promise<Hdf5Contents | null> {
  const head = await reader.read(0, Math.min(reader.size, headLength));
  const superblock = await superblockOffset(reader, head);
  return superblock === null ? null : await walkHdf5(reader, superblock);
}

/** `start`: where the HDF5 file begins in the file that is read (0, or a place in an archive). */
export function hdf5Tensors(
  { datasets, external, unread }: Hdf5Contents,
  prefix: string,
  start = 0,
): { tensors: TensorInfo[]; warnings: Warning[] } {
  const warnings = unread.map((message) => ({ code: 'part-not-read', message }));
  for (const { path, target } of external) {
    const message = `${path} leads to another file, ${JSON.stringify(target)}, which was not opened`;
    warnings.push({ code: 'external-link', message });
  }
  // Texts, records and references are no tensors.
  const numbers = datasets.filter(({ type }) => type.numeric);
  const tensors = numbers.flatMap((dataset) => {
    const tensor = tensorOf(dataset, prefix, start);
    if (tensor === null) {
      const message = `${dataset.path} has its values in another file, which was not opened`;
      warnings.push({ code: 'external-values', message });
    }
    return tensor ?? [];
  });
  return { tensors, warnings };
}

function tensorOf(
  { path, type, shape, layout }: Hdf5Dataset,
  prefix: string,
  start: number,
): TensorInfo | null {
  if (layout.kind === 'external' || layout.kind === 'virtual') return null;
  const bytes = elementsOf(shape) * type.bytes;
  if (!isCount(bytes)) return null;
  const info = { name: `${prefix}${path}`, dtype: type.dtype, shape, bytes };
  const order = type.bigEndian ? { bigEndian: true as const } : {};
  if (bytes === 0) return info;
  if (layout.kind === 'contiguous' && layout.length === bytes) {
    return { ...info, place: { offset: start + layout.offset, length: bytes, ...order } };
  }
  if (layout.kind === 'compact' && layout.bytes.length >= bytes) {
    return {
      ...info,
      values: { kind: 'inline', bytes: layout.bytes.subarray(0, bytes), ...order },
    };
  }
  if (layout.kind === 'unwritten' && bytes <= largestGathered) {
    return { ...info, values: { kind: 'inline', bytes: new Uint8Array(bytes) } };
  }
  return layout.kind === 'chunked' && layout.tree !== null
    ? {
        ...info,
        values: {
          ...layout,
          tree: start + layout.tree,
          kind: 'chunked',
          start,
          shape,
          element: type.bytes,
          ...order,
        },
      }
    : info;
}

const told = ['keras_version', 'backend', 'format', 'training_config'];

function rootTexts({ texts }: Hdf5Contents): Record<string, MetadataValue> {
  return Object.fromEntries(
    told.flatMap((key) => {
      const text = texts.get(`@${key}`);
      return text === undefined ? [] : [[key, metadataText(text)]];
    }),
  );
}
