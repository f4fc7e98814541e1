import { Cursor, EndOfFile } from './cursor';
import type { ModelFile, Told } from './modelContents';
import { elementsOf, isCount, type TensorInfo } from './modelHeader';
import { nextField, skipPayload } from './protobuf';
import { type TableEntry, tableEntries } from './tensorflowTable';

/**
 * TensorFlow's checkpoints: a table of BundleEntryProto (type, shape, shard, offset, size), the
 * first of the empty key says how many shards there are. The values lie in `<prefix>.data-NNNNN-of-MMMMM`.
 * https://github.com/tensorflow/tensorflow/blob/master/tensorflow/core/protobuf/tensor_bundle.proto
 */
const types: ReadonlyMap<number, readonly [string, number]> = new Map([
  [1, ['F32', 4]],
  [2, ['F64', 8]],
  [3, ['I32', 4]],
  [4, ['U8', 1]],
  [5, ['I16', 2]],
  [6, ['I8', 1]],
  [7, ['string', 0]],
  [8, ['C64', 8]],
  [9, ['I64', 8]],
  [10, ['BOOL', 1]],
  [14, ['BF16', 2]],
  [17, ['U16', 2]],
  [18, ['C128', 16]],
  [19, ['F16', 2]],
  [22, ['U32', 4]],
  [23, ['U64', 8]],
  [24, ['F8_E5M2', 1]],
  [25, ['F8_E4M3', 1]],
]);

export async function readTensorflowContents({ reader, header }: ModelFile): Promise<Told> {
  const entries = await tableEntries(reader);
  const shards = await shardsIn(entries.find(({ key }) => key === '')?.value);
  const tensors: TensorInfo[] = [];
  for (const entry of entries) {
    const tensor = entry.key === '' ? null : await tensorOf(entry, shards);
    if (tensor !== null) tensors.push(tensor);
  }
  return { tensors, metadata: { ...header.metadata, shards } };
}

/** The file of a shard beside an index `<prefix>.index`, where the prefix is put in for `*`. */
function shardName(shard: number, shards: number): string {
  const five = (number: number) => String(number).padStart(5, '0');
  return `*.data-${five(shard)}-of-${five(shards)}`;
}

type Fields = Map<number, { value: number; bytes: Uint8Array }[]>;

async function fieldsOf(bytes: Uint8Array): Promise<Fields> {
  const read = (offset: number, length: number) =>
    Promise.resolve(bytes.subarray(offset, offset + length));
  const cursor = new Cursor({ size: bytes.length, read });
  const fields: Fields = new Map();
  while (cursor.left > 0) {
    const field = await nextField(cursor);
    if (field === null) break;
    const start = cursor.position;
    skipPayload(cursor, field);
    const known = fields.get(field.number) ?? [];
    known.push({ value: Number(field.value), bytes: bytes.subarray(start, cursor.position) });
    fields.set(field.number, known);
  }
  return fields;
}

async function shardsIn(headerBytes: Uint8Array | undefined): Promise<number> {
  return headerBytes === undefined ? 1 : ((await fieldsOf(headerBytes)).get(1)?.[0]?.value ?? 1);
}

/** Shape: field 2 (TensorShapeProto) has a field 2 each dimension, with its size in field 1. */
async function tensorOf({ key, value }: TableEntry, shards: number): Promise<TensorInfo | null> {
  const fields = await fieldsOf(value);
  const one = (number: number) => fields.get(number)?.[0]?.value ?? 0;
  const [dtype, width] = types.get(one(1)) ?? [`type ${one(1)}`, 0];
  const shape: number[] = [];
  const shapeBytes = fields.get(2)?.[0]?.bytes ?? new Uint8Array(0);
  for (const { bytes } of (await fieldsOf(shapeBytes)).get(2) ?? []) {
    shape.push((await fieldsOf(bytes)).get(1)?.[0]?.value ?? 0);
  }
  const [shard, offset, size] = [one(3), one(4), one(5)];
  const elements = elementsOf(shape);
  if (!isCount(elements) || !isCount(offset) || !isCount(size)) throw new EndOfFile(offset + size);
  // The object graph and other texts are no tensors of the model.
  if (dtype === 'string') return null;
  const place = { file: shardName(shard, shards), offset, length: size };
  const info = { name: key, dtype, shape, bytes: size };
  return size === elements * width ? { ...info, place } : info;
}
