import { Cursor } from './cursor';
import { Flatbuffer } from './flatbuffer';
import type { ModelFile, Told } from './modelContents';
import { elementsOf, isCount, metadataText, type TensorInfo } from './modelHeader';

/**
 * TFLite: Model { version, operator_codes, subgraphs, description, buffers, … }; SubGraph { tensors,
 * inputs, outputs, operators, name }; Tensor { shape, type, buffer, name, … }.
 * https://github.com/google-ai-edge/LiteRT/blob/main/tflite/converter/schema/schema.fbs
 */
const types: readonly (readonly [string, number])[] = [
  ...([
    ['F32', 4],
    ['F16', 2],
    ['I32', 4],
    ['U8', 1],
    ['I64', 8],
    ['string', 0],
  ] as const),
  ...([
    ['BOOL', 1],
    ['I16', 2],
    ['C64', 8],
    ['I8', 1],
    ['F64', 8],
    ['C128', 16],
  ] as const),
  ...([
    ['U64', 8],
    ['resource', 0],
    ['variant', 0],
    ['U32', 4],
    ['U16', 2],
  ] as const),
  ...([
    ['I4', 0.5],
    ['BF16', 2],
  ] as const),
];
const mostTensors = 200_000;
const longestName = 4096;

export async function readTfliteContents({ reader, header }: ModelFile): Promise<Told> {
  const flat = new Flatbuffer(new Cursor(reader));
  const root = await flat.u32(0);
  const buffers = await flat.vector(root, 4);
  const codes = await operatorNames(flat, root);
  const tensors: TensorInfo[] = [];
  const operators: string[] = [];
  for (const graph of await flat.vector(root, 2)) {
    for (const table of await flat.vector(graph, 0)) {
      if (tensors.length < mostTensors) tensors.push(...(await tensorOf(flat, table, buffers)));
    }
    for (const operator of await flat.vector(graph, 3)) {
      const index = await flat.field(operator, 0);
      operators.push(codes[index === null ? 0 : await flat.u32(index)] ?? '?');
    }
  }
  const children = operators.map((kind) => ({ name: '', kind, attributes: {}, children: [] }));
  const attributes = { operators: operators.length };
  return {
    tensors,
    metadata: { ...header.metadata, tensors: tensors.length },
    architecture: { name: '', kind: 'graph', attributes, children },
  };
}

/** OperatorCode: custom_code is field 1; builtin_code a byte in 0 of old, an integer in 3. */
async function operatorNames(flat: Flatbuffer, root: number): Promise<string[]> {
  const names: string[] = [];
  for (const table of await flat.vector(root, 1)) {
    const custom = await flat.text(table, 1, longestName);
    const code = (await flat.number(table, 3)) ?? (await flat.byte(table, 0)) ?? 0;
    names.push(custom === null ? `operator ${code}` : `custom ${metadataText(custom)}`);
  }
  return names;
}

/** Tensors whose buffer is empty are values of the run, no parameters. */
async function tensorOf(
  flat: Flatbuffer,
  table: number,
  buffers: readonly number[],
): Promise<TensorInfo[]> {
  const type = (await flat.byte(table, 1)) ?? 0;
  const [dtype, width] = types[type] ?? [`type ${type}`, 0];
  const buffer = buffers[(await flat.number(table, 2)) ?? 0];
  const data = buffer === undefined ? null : await flat.bytes(buffer, 0);
  if (data === null || data.length === 0) return [];
  const shape = await flat.numbers(table, 0);
  const name = metadataText((await flat.text(table, 3, longestName)) ?? '');
  const bytes = Math.ceil(elementsOf(shape) * width);
  const info = { name, dtype, shape, bytes: isCount(bytes) && width > 0 ? bytes : data.length };
  return [info.bytes === data.length ? { ...info, place: data } : info];
}
