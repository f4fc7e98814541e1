import type { ParameterValue } from '../core/parameters';
import { fieldBytes, fieldInteger, fieldsOf, fieldText, textOf, viewOf } from './wireFields';

/** What an event says: scalars at a step, hyperparameters. Time in milliseconds since the epoch. */
export interface EventContent {
  readonly at: number;
  readonly step: number;
  readonly scalars: readonly { readonly tag: string; readonly value: number }[];
  readonly parameters: Readonly<Record<string, ParameterValue>>;
}

/**
 * Reads `Event{1: double wall_time, 2: int64 step, 5: Summary{1: Value{1: tag, 2: simple_value,
 * 8: TensorProto, 9: SummaryMetadata}}}` (tensorflow/core/util/event.proto, framework/summary.proto).
 */
export function readEvent(record: Uint8Array): EventContent {
  let at = Number.NaN;
  const scalars: { tag: string; value: number }[] = [];
  const parameters: Record<string, ParameterValue> = {};
  for (const field of fieldsOf(record)) {
    if (field.number === 1 && field.bytes.length === 8) {
      at = viewOf(field.bytes).getFloat64(0, true) * 1000;
    }
    if (field.number !== 5) continue;
    for (const { number, bytes } of fieldsOf(field.bytes)) {
      if (number !== 1) continue;
      const value = scalarIn(bytes);
      const tag = fieldText(bytes, 1) ?? '';
      if (value !== null && !tag.startsWith('_hparams_')) scalars.push({ tag, value });
      Object.assign(parameters, hyperparametersIn(bytes));
    }
  }
  return { at, step: fieldInteger(record, 2) ?? 0, scalars, parameters };
}

function scalarIn(value: Uint8Array): number | null {
  const simple = fieldBytes(value, 2);
  if (simple !== null && simple.length === 4) return shortest(viewOf(simple).getFloat32(0, true));
  const tensor = fieldBytes(value, 8);
  return tensor === null ? null : scalarOf(tensor);
}

/** The number with the fewest digits that is this 32-bit one: 0.1 and not 0.10000000149011612. */
function shortest(value: number): number {
  for (let digits = 6; digits < 10; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return value;
}

/** `TensorProto{1: dtype, 2: shape, 4: tensor_content, 5: float_val, 6: double_val, 7: int_val, 10: int64_val}`. */
function scalarOf(tensor: Uint8Array): number | null {
  if (elementsOf(fieldBytes(tensor, 2)) !== 1) return null;
  const type = fieldInteger(tensor, 1);
  const content = fieldBytes(tensor, 4);
  if (content !== null && content.length > 0) return numberIn(type, content);
  const floats = fieldBytes(tensor, 5);
  if (floats !== null && floats.length >= 4) return shortest(viewOf(floats).getFloat32(0, true));
  const doubles = fieldBytes(tensor, 6);
  if (doubles !== null && doubles.length >= 8) return viewOf(doubles).getFloat64(0, true);
  return type === 3 ? fieldInteger(tensor, 7) : type === 9 ? fieldInteger(tensor, 10) : null;
}

/** `TensorShapeProto{2: Dim{1: size}}`; no shape and no dimensions are a scalar. */
function elementsOf(shape: Uint8Array | null): number {
  let elements = 1;
  for (const { number, bytes } of shape === null ? [] : fieldsOf(shape)) {
    if (number === 2) elements *= fieldInteger(bytes, 1) ?? 0;
  }
  return elements;
}

/** DataType 1 float, 2 double, 3 int32, 9 int64 (tensorflow/core/framework/types.proto). */
function numberIn(type: number | null, content: Uint8Array): number | null {
  const view = viewOf(content);
  if (type === 1 && content.length === 4) return shortest(view.getFloat32(0, true));
  if (type === 2 && content.length === 8) return view.getFloat64(0, true);
  if (type === 3 && content.length === 4) return view.getInt32(0, true);
  if (type === 9 && content.length === 8) return Number(view.getBigInt64(0, true));
  return null;
}

/**
 * The hparams plugin: `metadata{1: plugin_data{1: name, 2: content}}` with `HParamsPluginData{3:
 * SessionStartInfo{1: map<string, google.protobuf.Value>}}` (tensorboard/plugins/hparams).
 */
function hyperparametersIn(value: Uint8Array): Record<string, ParameterValue> {
  const metadata = fieldBytes(value, 9);
  const plugin = metadata === null ? null : fieldBytes(metadata, 1);
  if (plugin === null || fieldText(plugin, 1) !== 'hparams') return {};
  const content = fieldBytes(plugin, 2);
  const session = content === null ? null : fieldBytes(content, 3);
  const found: Record<string, ParameterValue> = {};
  for (const { number, bytes } of session === null ? [] : fieldsOf(session)) {
    const entry = fieldBytes(bytes, 2);
    if (number === 1 && entry !== null) found[fieldText(bytes, 1) ?? ''] = jsonValue(entry);
  }
  return found;
}

/** `google.protobuf.Value`: 2 number, 3 text, 4 truth. */
function jsonValue(value: Uint8Array): ParameterValue {
  for (const { number, integer, bytes } of fieldsOf(value)) {
    if (number === 2 && bytes.length === 8) return viewOf(bytes).getFloat64(0, true);
    if (number === 3) return textOf(bytes);
    if (number === 4) return integer !== 0n;
  }
  return null;
}
