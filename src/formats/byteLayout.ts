import type { ByteLayout, TensorBytes } from '../core/byteLayout';
import type { RangeReader } from '../platform';
import { startsWith } from './bytes';
import { ggmlTypes } from './ggmlTypes';
import { elementsOf, type TensorInfo } from './modelHeader';
import { readModel } from './readModel';
import { elementBits } from './safetensors';
import { readZipDirectory } from './zip';

/** A file beside a model that has values of its tensors, and where they lie in it. */
export interface CompanionBytes {
  /** As the model names it: relative to the directory of the model's file. */
  readonly file: string;
  readonly tensors: readonly TensorBytes[];
}

/**
 * Where the tensors of a model file lie in it; `null` where the file has no plain tensors, is torn,
 * or states ranges that overlap or lie outside it: such a file is nothing but bytes.
 * @throws Failure what `identifyModel` throws
 */
export async function byteLayoutOf(reader: RangeReader, path: string): Promise<ByteLayout | null> {
  const { complete, tensors, format } = await readModel(reader, path);
  if (!complete) return null;
  const layout = soundLayout(stretchesOf(tensors ?? [], undefined), reader.size);
  if (layout === null) return null;
  const lies = format === 'safetensors' ? hasHoles(reader, layout) : hasNamesTwice(reader);
  return (await lies) ? null : layout;
}

/** Of a zip archive: of two members of one name, each library takes another one. */
async function hasNamesTwice(reader: RangeReader): Promise<boolean> {
  const head = await reader.read(0, Math.min(reader.size, 2));
  if (!startsWith(head, 'PK')) return false;
  const reading = await readZipDirectory(reader);
  if ('why' in reading) return false;
  const { members } = reading.directory;
  return new Set(members.map(({ name }) => name)).size < members.length;
}

/** The format allows none: the tensors begin behind the header, and follow each other to the end. */
async function hasHoles(reader: RangeReader, layout: ByteLayout): Promise<boolean> {
  const head = await reader.read(0, 8);
  const header = new DataView(head.buffer, head.byteOffset).getBigUint64(0, true);
  let reached = 8 + Number(header);
  for (const { offset, length } of layout) {
    if (offset !== reached) return true;
    reached = offset + length;
  }
  return reached !== reader.size;
}

/**
 * The files beside a model that have its values (ONNX external data, TensorFlow's variables), by the
 * names that the model states; nothing is opened. Check each with `soundLayout` and its file's size.
 */
export async function companionBytes(
  reader: RangeReader,
  path: string,
): Promise<readonly CompanionBytes[]> {
  const { complete, tensors } = await readModel(reader, path);
  const files = new Set((tensors ?? []).flatMap(({ place }) => place?.file ?? []));
  if (!complete) return [];
  return [...files].map((file) => ({ file, tensors: stretchesOf(tensors ?? [], file) }));
}

/**
 * The stretches as a layout: ascending, each once (tensors may share one), none empty. `null` where
 * there are none, or where they overlap in part or do not lie in a file of so many bytes.
 */
export function soundLayout(stretches: readonly TensorBytes[], size: number): ByteLayout | null {
  const layout: TensorBytes[] = [];
  let end = 0;
  const order = (a: TensorBytes, b: TensorBytes) => a.offset - b.offset || b.length - a.length;
  for (const stretch of [...stretches].sort(order)) {
    if (stretch.length === 0) continue;
    const last = layout.at(-1);
    if (last?.offset === stretch.offset && last.length === stretch.length) continue;
    if (stretch.offset < end || stretch.offset + stretch.length > size) return null;
    end = stretch.offset + stretch.length;
    layout.push(stretch);
  }
  return layout.length === 0 ? null : layout;
}

function stretchesOf(tensors: readonly TensorInfo[], file: string | undefined): TensorBytes[] {
  return tensors.flatMap((tensor) => {
    const { place, storage = place } = tensor;
    if (place === undefined || storage === undefined || place.file !== file) return [];
    const { offset, length } = storage;
    return [
      { name: tensor.name, dtype: tensor.dtype, elementBytes: unitOf(tensor), offset, length },
    ];
  });
}

const blocks = new Map([...ggmlTypes.values()].map(({ name, bytes }) => [name, bytes]));

/** Bytes of an element, or of a block of a quantized type. */
function unitOf({ dtype, shape, bytes }: TensorInfo): number {
  const bits = Object.hasOwn(elementBits, dtype) ? elementBits[dtype] : undefined;
  if (bits !== undefined) return Math.max(1, bits >> 3);
  const block = blocks.get(dtype);
  if (block !== undefined) return block;
  const each = bytes / elementsOf(shape);
  return Number.isInteger(each) && each > 0 ? each : 1;
}
