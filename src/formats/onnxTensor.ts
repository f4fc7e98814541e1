import type { Cursor } from './cursor';
import { elementsOf, isCount, metadataText, type TensorInfo } from './modelHeader';
import { onnxTypes } from './onnxTypes';
import { nextField, skipPayload, type WireField } from './protobuf';

/** A TensorProto; `external` where its values lie in another file, and then `place` names it. */
export interface OnnxTensor extends TensorInfo {
  /** The other file, whether or not the place in it is sound. */
  readonly location?: string;
  /** Every file that is stated: programs differ in which of several they take. */
  readonly locations?: readonly string[];
  readonly external: boolean;
}

interface Draft {
  name: string;
  shape: number[];
  type: number;
  raw: { offset: number; length: number } | null;
  outside: Map<string, string>;
  locations: string[];
  external: boolean;
}

const mostDimensions = 64;
const longestName = 4096;

/** Reads the message that ends at `end`, without its values. @throws EndOfFile */
export async function readOnnxTensor(cursor: Cursor, end: number): Promise<OnnxTensor> {
  const draft: Draft = {
    name: '',
    shape: [],
    type: 0,
    raw: null,
    outside: new Map(),
    locations: [],
    external: false,
  };
  while (cursor.position < end) {
    const field = await nextField(cursor);
    if (field === null) break;
    const start = cursor.position;
    await take(draft, cursor, field);
    cursor.position = start;
    skipPayload(cursor, field);
  }
  return tensorOf(draft);
}

async function take(draft: Draft, cursor: Cursor, field: WireField): Promise<void> {
  const length = Number(field.value);
  const { wire, number } = field;
  if (number === 1 && wire === 0) draft.shape.push(Number(field.value));
  if (number === 1 && wire === 2) await packedShape(draft, cursor, length);
  if (number === 2 && wire === 0) draft.type = length;
  if (number === 8 && wire === 2) draft.name = metadataText(await cursor.text(length, longestName));
  if (number === 13 && wire === 2) await externalEntry(draft, cursor, length);
  if (number === 14 && wire === 0) draft.external = length === 1;
  // Packed floats and doubles are as plain as raw data; other typed fields are of variable length.
  const plain = number === 9 || (number === 4 && draft.type !== 0) || number === 10;
  if (plain && wire === 2 && length > 0) draft.raw = { offset: cursor.position, length };
}

async function packedShape(draft: Draft, cursor: Cursor, length: number): Promise<void> {
  const end = cursor.position + length;
  while (cursor.position < end && draft.shape.length < mostDimensions) {
    let [value, factor] = [0, 1];
    for (let byte = 0x80; byte >= 0x80 && cursor.position < end; factor *= 128) {
      byte = await cursor.u8();
      value += (byte & 0x7f) * factor;
    }
    draft.shape.push(value);
  }
}

async function externalEntry(draft: Draft, cursor: Cursor, length: number): Promise<void> {
  const end = cursor.position + length;
  let [key, value] = ['', ''];
  while (cursor.position < end) {
    const field = await nextField(cursor);
    if (field?.wire !== 2) return;
    const text = await cursor.text(Number(field.value), longestName);
    if (field.number === 1) key = text;
    if (field.number === 2) value = text;
  }
  draft.outside.set(key, value);
  if (key === 'location' && draft.locations.length < mostDimensions) draft.locations.push(value);
}

function tensorOf({ name, shape, type, raw, outside, locations, external }: Draft): OnnxTensor {
  const known = onnxTypes.get(type);
  const elements = elementsOf(shape);
  const bytes =
    known === undefined || !isCount(elements) ? 0 : Math.ceil((elements * known.bits) / 8);
  const info = {
    name,
    dtype: known?.dtype ?? `type ${type}`,
    shape,
    bytes: isCount(bytes) ? bytes : 0,
  };
  const location = outside.get('location');
  if (external) {
    const offset = Number(outside.get('offset') ?? 0);
    const length = Number(outside.get('length') ?? bytes);
    const sound = location !== undefined && isCount(offset) && length === bytes;
    const place = sound ? { place: { file: location, offset, length } } : {};
    return { ...info, external, location: location ?? '', locations, ...place };
  }
  // A length that is not that of its shape means another layout, or a lie.
  const place = raw !== null && raw.length === bytes ? raw : null;
  return { ...info, external, ...(place === null ? {} : { place }) };
}
