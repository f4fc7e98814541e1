import { latin1 } from './bytes';
import { endsEarly, header, type MetadataValue, type ModelHeader, type Probe } from './modelHeader';

/**
 * LightGBM models: text of `key=value` lines that begins with `tree`, states the bytes of each tree
 * in `tree_sizes`, and has `end of trees` after the last. Its JSON form (`dump_model`) is labelled.
 * https://github.com/microsoft/LightGBM/blob/master/src/boosting/gbdt_model_text.cpp
 */
const longestHead = 4 * 1024 * 1024;
const tailLength = 1024 * 1024;

export async function readLightgbm({ reader, head }: Probe): Promise<ModelHeader | null> {
  const start = latin1(head);
  if (/^\s*\{\s*"name":\s*"tree",\s*"version":\s*"v\d/.test(start)) {
    const end = latin1(await reader.read(Math.max(reader.size - 64, 0), Math.min(reader.size, 64)));
    return header('lightgbm-json', {
      why: /\}\s*$/.test(end) ? null : 'it does not end where its object ends',
    });
  }
  if (!/^tree\r?\nversion=v\d/.test(start)) return null;
  const text = latin1(await reader.read(0, Math.min(reader.size, longestHead)));
  const sizes = /^tree_sizes=([\d ]*)\r?$/m.exec(text);
  const facts = factsOf(text);
  if (sizes === null)
    return header('lightgbm', { why: 'it ends within its head', metadata: facts });
  const trees = (sizes[1] ?? '').split(' ').filter((size) => size !== '');
  const needed = trees.reduce((total, size) => total + Number(size), sizes.index + sizes[0].length);
  const metadata = { ...facts, trees: trees.length };
  if (needed > reader.size) {
    return header('lightgbm', { why: endsEarly(needed, reader.size), metadata });
  }
  return header('lightgbm', {
    why: (await reachesEnd(reader)) ? null : 'it ends before the end of its trees',
    metadata,
  });
}

/**
 * After the trees come importances and, unless the file is old, parameters with an end of their
 * own; Python adds a line of categories. Whatever is last ends its line.
 */
async function reachesEnd(reader: Probe['reader']): Promise<boolean> {
  const length = Math.min(reader.size, tailLength);
  const tail = latin1(await reader.read(reader.size - length, length));
  const end = /^parameters:/m.test(tail) ? /^end of parameters/m : /^end of (?:trees|parameters)/m;
  return tail.endsWith('\n') && end.test(tail);
}

function factsOf(text: string): Record<string, MetadataValue> {
  const facts: Record<string, MetadataValue> = {};
  for (const key of ['version', 'objective', 'num_class', 'max_feature_idx']) {
    const value = new RegExp(`^${key}=(.{0,200}?)\\r?$`, 'm').exec(text)?.[1];
    if (value !== undefined) facts[key] = value;
  }
  return facts;
}
