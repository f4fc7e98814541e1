import type { ArchitectureNode } from '../core/architecture';
import { latin1, utf8 } from './bytes';
import { at, isObject, listAt, parsedJson } from './jsonTree';
import { kerasArchitecture } from './kerasConfig';
import type { ModelFile, Told } from './modelContents';
import {
  elementsOf,
  header,
  isCount,
  type MetadataValue,
  type ModelHeader,
  type Probe,
  type TensorInfo,
} from './modelHeader';

/**
 * TensorFlow.js: `model.json` has the layers or the graph and says which weights lie, one after
 * another, in which group of binary shards.
 * https://www.tensorflow.org/js/guide/save_load, weightsManifest
 */
const longest = 32 * 1024 * 1024;
const mostNodes = 200_000;

const types: Readonly<Record<string, readonly [string, number]>> = {
  ...{ float32: ['F32', 4], int32: ['I32', 4], float16: ['F16', 2], uint16: ['U16', 2] },
  ...{ uint8: ['U8', 1], bool: ['BOOL', 1], complex64: ['C64', 8] },
};

export async function readTensorflowJs({ reader, head }: Probe): Promise<ModelHeader | null> {
  const start = latin1(head);
  const key = /^\s*\{\s*"(?:format|generatedBy|convertedBy|modelTopology|weightsManifest)"\s*:/;
  if (!key.test(start) || reader.size > longest) return null;
  const tree = parsedJson(utf8(await reader.read(0, reader.size)));
  if (tree === null) {
    const begun = start.includes('"modelTopology"') || start.includes('"weightsManifest"');
    return begun ? header('tensorflow-js', { why: 'it is no whole JSON object' }) : null;
  }
  if (at(tree, 'modelTopology') === undefined || !Array.isArray(at(tree, 'weightsManifest'))) {
    return null;
  }
  const metadata: Record<string, MetadataValue> = {};
  for (const name of ['format', 'generatedBy', 'convertedBy']) {
    const value = at(tree, name);
    if (typeof value === 'string') metadata[name] = value;
  }
  return header('tensorflow-js', { metadata });
}

export async function readTensorflowJsContents(file: ModelFile): Promise<Told> {
  const { reader, header: known } = file;
  const tree = parsedJson(utf8(await reader.read(0, reader.size)));
  const tensors: TensorInfo[] = [];
  const warnings = [...known.warnings];
  for (const group of listAt(tree, 'weightsManifest')) {
    const shards = await shardsOf(file, group);
    const missing = shards.filter(({ size }) => size === null);
    for (const { path } of missing) {
      const message = `the shard ${JSON.stringify(path)} is not here`;
      warnings.push({ code: 'shard-not-read', message });
    }
    tensors.push(...tensorsOf(group, missing.length === 0 ? (shards as Shard[]) : null));
  }
  return { tensors, warnings, architecture: architectureOf(at(tree, 'modelTopology')) };
}

interface Shard {
  readonly path: string;
  readonly size: number;
}

async function shardsOf({ beside }: ModelFile, group: unknown) {
  const shards: { path: string; size: number | null }[] = [];
  for (const path of listAt(group, 'paths')) {
    if (typeof path !== 'string') continue;
    shards.push({ path, size: (await beside(path))?.size ?? null });
  }
  return shards;
}

/** The weights of a group lie in its shards as in one file that was cut anywhere. */
function tensorsOf(group: unknown, shards: readonly Shard[] | null): TensorInfo[] {
  const tensors: TensorInfo[] = [];
  let offset = 0;
  for (const weight of listAt(group, 'weights')) {
    const shape = listAt(weight, 'shape');
    // Quantized weights are stored as small numbers, which a scale and a minimum make floats.
    const type = String(at(weight, 'quantization', 'dtype') ?? at(weight, 'dtype'));
    const [dtype, width] = (Object.hasOwn(types, type) ? types[type] : undefined) ?? [type, 0];
    if (!shape.every(isCount) || width === 0) return tensors;
    const bytes = elementsOf(shape as number[]) * width;
    if (!isCount(offset + bytes)) return tensors;
    const name = String(at(weight, 'name') ?? '');
    const info = { name, dtype, shape: shape as number[], bytes };
    tensors.push(shards === null ? info : { ...info, ...placed(shards, offset, bytes) });
    offset += bytes;
  }
  return tensors;
}

function placed(
  shards: readonly Shard[],
  offset: number,
  length: number,
): Pick<TensorInfo, 'place' | 'values'> {
  const parts: { file: string; offset: number; length: number }[] = [];
  let start = 0;
  for (const { path, size } of shards) {
    const from = Math.max(offset, start);
    const to = Math.min(offset + length, start + size);
    if (to > from) parts.push({ file: path, offset: from - start, length: to - from });
    start += size;
  }
  const [first] = parts;
  if (offset + length > start || first === undefined) return {};
  return parts.length === 1 ? { place: first } : { values: { kind: 'joined', parts } };
}

/** Layers of Keras, or the operators of a graph. */
function architectureOf(topology: unknown): ArchitectureNode | null {
  const config = at(topology, 'model_config') ?? topology;
  const layers = isObject(config) ? kerasArchitecture(JSON.stringify(config)) : null;
  const nodes = listAt(topology, 'node');
  if (layers !== null || nodes.length === 0) return layers;
  return {
    ...{ name: '', kind: 'graph', attributes: { operators: nodes.length } },
    children: nodes.slice(0, mostNodes).map((node) => ({
      ...{ name: String(at(node, 'name') ?? ''), kind: String(at(node, 'op') ?? '') },
      ...{ attributes: {}, children: [] },
    })),
  };
}
