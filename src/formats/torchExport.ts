import type { Warning } from '../core/version';
import type { RangeReader } from '../platform';
import { utf8 } from './bytes';
import { at, isObject, listAt, parsedJson } from './jsonTree';
import type { Told } from './modelContents';
import { isCount, type ModelHeader, type TensorInfo } from './modelHeader';
import { elementTypeNamed, stridedTensor } from './torchTensors';
import { memberStart, readMemberStart, type ZipDirectory, type ZipMember } from './zip';

/** A million tensors take 300 MB of it; no exported model has a hundredth of that. */
const longestTable = 32 * 1024 * 1024;

/**
 * Numbers of `ScalarType`.
 * https://github.com/pytorch/pytorch/blob/main/torch/_export/serde/schema.py
 */
const scalarTypes: Readonly<Record<number, string>> = {
  ...{ 1: 'uint8', 2: 'int8', 3: 'int16', 4: 'int32', 5: 'int64', 6: 'float16', 7: 'float32' },
  ...{ 8: 'float64', 9: 'complex32', 10: 'complex64', 11: 'complex128', 12: 'bool' },
  ...{ 13: 'bfloat16', 28: 'uint16', 29: 'float8_e4m3fn', 30: 'float8_e5m2' },
  ...{ 31: 'float8_e4m3fnuz', 32: 'float8_e5m2fnuz', 33: 'float8_e8m0fnu', 34: 'uint32' },
  35: 'uint64',
};

/**
 * The tensors of what `torch.export.save` writes: a table beside the weights and one beside the
 * constants name, for each tensor, the stored member that has its values.
 * https://docs.pytorch.org/docs/stable/export/pt2_archive.html
 */
export async function readTorchExport(
  reader: RangeReader,
  directory: ZipDirectory,
  header: ModelHeader,
): Promise<Told> {
  const tables = directory.members.filter(({ name }) =>
    /^[^/]+\/data\/(?:weights|constants)\/[^/]+_config\.json$/.test(name),
  );
  if (tables.length === 0) return {};
  const stored = new Map(
    directory.members
      .filter(({ method, encrypted }) => method === 0 && !encrypted)
      .map((member) => [member.name, member]),
  );
  const tensors: TensorInfo[] = [];
  const warnings: Warning[] = [];
  for (const table of tables) {
    const text = await readMemberStart(reader, table, longestTable);
    const entries = text === null ? null : at(parsedJson(utf8(text)), 'config');
    if (!isObject(entries)) {
      const message = `${table.name} could not be read, so that its tensors are not known`;
      warnings.push({ code: 'tensors-missing', message });
      continue;
    }
    const folder = table.name.slice(0, table.name.lastIndexOf('/') + 1);
    for (const [name, entry] of Object.entries(entries)) {
      const tensor = await tensorOf(reader, stored, folder, name, entry);
      if (tensor !== null) tensors.push(tensor);
    }
  }
  return { tensors, warnings: [...header.warnings, ...warnings] };
}

async function tensorOf(
  reader: RangeReader,
  stored: ReadonlyMap<string, ZipMember>,
  folder: string,
  name: string,
  entry: unknown,
): Promise<TensorInfo | null> {
  const element = elementTypeNamed(scalarTypes[Number(at(entry, 'tensor_meta', 'dtype'))] ?? '');
  const shape = countsAt(entry, 'sizes');
  const strides = countsAt(entry, 'strides');
  const offset = at(entry, 'tensor_meta', 'storage_offset', 'as_int');
  if (element === null || shape === null || strides?.length !== shape.length) return null;
  if (!isCount(offset)) return null;
  const member = stored.get(`${folder}${String(at(entry, 'path_name'))}`);
  const plain = at(entry, 'use_pickle') !== true;
  const start = member === undefined || !plain ? null : await memberStart(reader, member);
  const storage =
    member === undefined || start === null ? null : { offset: start, length: member.compressed };
  return stridedTensor(name, element, { shape, strides, offset }, storage);
}

function countsAt(entry: unknown, key: string): number[] | null {
  const counts = listAt(entry, 'tensor_meta', key).map((size) => at(size, 'as_int'));
  return counts.every(isCount) ? counts : null;
}
