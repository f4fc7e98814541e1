import type { RangeReader } from '../platform';
import { utf8, viewOf } from './bytes';
import { Cursor } from './cursor';
import { at, isObject, listAt, parsedJson } from './jsonTree';
import type { ModelFile, Told } from './modelContents';
import { isCount, type TensorInfo } from './modelHeader';
import {
  type BoostedTree,
  depthOf,
  ensembleTree,
  flatParameters,
  inlineTensor,
} from './treeEnsemble';
import { readUbjson, UbjsonNumbers, ubjsonWidth } from './ubjson';
import { xgboostFacts } from './xgboost';

/**
 * What an XGBoost model tells: the learner's parameters, and of each tree its shape and the numbers
 * that it decides by (`split_conditions`, which hold the leaves' values too).
 * https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html
 */
const longestParsed = 16 * 1024 * 1024;
/** More nodes of one tree are not walked for its depth. */
const mostNodes = 1 << 22;

export async function readXgboostContents({ reader, header }: ModelFile): Promise<Told> {
  if (header.format === 'xgboost-ubjson') {
    return await contentsOf(reader, header, await readUbjson(new Cursor(reader)));
  }
  if (reader.size > longestParsed) {
    const message = `the trees were not read: the text of ${reader.size} bytes is over ${longestParsed}`;
    return { warnings: [...header.warnings, { code: 'trees-not-read', message }] };
  }
  return await contentsOf(reader, header, parsedJson(utf8(await reader.read(0, reader.size))));
}

async function contentsOf(
  reader: RangeReader,
  header: ModelFile['header'],
  tree: unknown,
): Promise<Told> {
  const booster = at(tree, 'learner', 'gradient_booster');
  // Dart keeps its trees one deeper.
  const model = at(booster, 'model') ?? at(booster, 'gbtree', 'model');
  const trees: BoostedTree[] = [];
  for (const one of listAt(model, 'trees')) trees.push(await treeOf(reader, one, trees.length));
  const linear = at(model, 'weights');
  const tensors = trees.flatMap((one) => one.tensors);
  if (linear !== undefined) tensors.push(...tensorsOf('weights', linear));
  const learner = isObject(at(tree, 'learner')) ? (at(tree, 'learner') as object) : {};
  const { gradient_booster: _, ...parameters } = learner as Record<string, unknown>;
  const shown = {
    ...flatParameters(parameters),
    ...flatParameters(at(model, 'gbtree_model_param')),
  };
  const names = listAt(tree, 'learner', 'feature_names').filter((name) => typeof name === 'string');
  return {
    tensors,
    metadata: {
      ...header.metadata,
      ...xgboostFacts(tree),
      ...(names.length === 0 ? {} : { feature_names: names.slice(0, 1000).join(', ') }),
    },
    architecture: ensembleTree(String(at(booster, 'name') ?? 'gbtree'), shown, trees),
  };
}

async function treeOf(reader: RangeReader, tree: unknown, index: number): Promise<BoostedTree> {
  const left = await numbersIn(reader, at(tree, 'left_children'));
  const right = await numbersIn(reader, at(tree, 'right_children'));
  return {
    nodes: left.length,
    leaves: left.filter((child) => child < 0).length,
    depth: depthOf(left, right, true),
    tensors: tensorsOf(`trees.${index}.split_conditions`, at(tree, 'split_conditions')),
  };
}

function tensorsOf(name: string, value: unknown): TensorInfo[] {
  if (value instanceof UbjsonNumbers) {
    const { type, count, offset } = value;
    const dtype = { d: 'F32', D: 'F64' }[type];
    if (dtype === undefined) return [];
    const length = count * ubjsonWidth(type);
    const place = { offset, length, bigEndian: true as const };
    return [{ name, dtype, shape: [count], bytes: length, place }];
  }
  if (!Array.isArray(value) || !value.every((one) => typeof one === 'number')) return [];
  return [inlineTensor(name, 'F32', value)];
}

/** The numbers of an array, of whichever form. */
async function numbersIn(reader: RangeReader, value: unknown): Promise<number[]> {
  if (Array.isArray(value)) return value.map(Number);
  if (!(value instanceof UbjsonNumbers) || value.count > mostNodes) return [];
  const { type, count, offset } = value;
  const width = ubjsonWidth(type);
  if (!isCount(offset + count * width)) return [];
  const view = viewOf(await reader.read(offset, count * width));
  return Array.from({ length: count }, (_, index) => {
    const place = index * width;
    if (type === 'l') return view.getInt32(place);
    if (type === 'L') return Number(view.getBigInt64(place));
    if (type === 'I') return view.getInt16(place);
    return type === 'U' ? view.getUint8(place) : view.getInt8(place);
  });
}
