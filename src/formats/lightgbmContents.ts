import { latin1 } from './bytes';
import { EndOfFile } from './cursor';
import type { ModelFile, Told } from './modelContents';
import { type MetadataValue, metadataText } from './modelHeader';
import { type BoostedTree, depthOf, ensembleTree, inlineTensor } from './treeEnsemble';

/**
 * The trees of a LightGBM model's text: blocks of `key=value` lines, as long as the head's
 * `tree_sizes` says; behind them the parameters it was trained with, as `[key: value]` lines.
 * https://github.com/microsoft/LightGBM/blob/master/src/io/tree.cpp (Tree::ToString)
 */
const longestHead = 4 * 1024 * 1024;
const longestTree = 16 * 1024 * 1024;
const tailLength = 1024 * 1024;
/** All trees' numbers are kept in memory; what is beyond is counted, not kept. */
const mostNumbers = 4_000_000;

export async function readLightgbmContents({ reader, header }: ModelFile): Promise<Told> {
  const head = latin1(await reader.read(0, Math.min(reader.size, longestHead)));
  const sizes = (/^tree_sizes=([\d ]*)\r?$/m.exec(head)?.[1] ?? '').split(' ').filter(Boolean);
  let position = head.search(/^Tree=0\r?$/m);
  const trees: BoostedTree[] = [];
  let numbers = 0;
  for (const size of position < 0 ? [] : sizes.map(Number)) {
    if (size > longestTree || position + size > reader.size) throw new EndOfFile(position + size);
    const text = latin1(await reader.read(position, size));
    const tree = treeOf(fieldsOf(text), trees.length);
    numbers += tree.nodes + tree.leaves;
    trees.push(numbers > mostNumbers ? { ...tree, tensors: [] } : tree);
    position += size;
  }
  const facts = parametersOf(head.slice(0, head.search(/^Tree=0\r?$/m)));
  return {
    tensors: trees.flatMap(({ tensors }) => tensors),
    metadata: { ...header.metadata, ...facts },
    architecture: ensembleTree('gbdt', await trainedWith(reader), trees),
  };
}

function fieldsOf(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    if (equals > 0) fields.set(line.slice(0, equals), line.slice(equals + 1).trim());
  }
  return fields;
}

function treeOf(fields: ReadonlyMap<string, string>, index: number): BoostedTree {
  const numbers = (key: string) => (fields.get(key) ?? '').split(' ').filter(Boolean).map(Number);
  const [left, right] = [numbers('left_child'), numbers('right_child')];
  const tensors = ['threshold', 'leaf_value'].flatMap((key) => {
    const values = numbers(key);
    return values.length === 0 ? [] : [inlineTensor(`trees.${index}.${key}`, 'F64', values)];
  });
  const leaves = Number(fields.get('num_leaves') ?? 0);
  return { nodes: left.length + leaves, leaves, depth: depthOf(left, right), tensors };
}

const wanted = /^(?:feature_names|monotone_constraints|num_tree_per_iteration|label_index)$/;

function parametersOf(head: string): Record<string, MetadataValue> {
  return Object.fromEntries(
    [...fieldsOf(head)]
      .filter(([key]) => wanted.test(key))
      .map(([key, value]) => [key, metadataText(value)]),
  );
}

/** `[learning_rate: 0.1]` lines between `parameters:` and `end of parameters`. */
async function trainedWith(reader: ModelFile['reader']): Promise<Record<string, MetadataValue>> {
  const length = Math.min(reader.size, tailLength);
  const tail = latin1(await reader.read(reader.size - length, length));
  const block = /^parameters:([\s\S]*?)^end of parameters/m.exec(tail)?.[1] ?? '';
  return Object.fromEntries(
    [...block.matchAll(/^\[(\w+): (.*)\]\r?$/gm)].map(([, key = '', value = '']) => {
      const number = value === '' ? Number.NaN : Number(value);
      return [key, Number.isNaN(number) ? metadataText(value) : number];
    }),
  );
}
