import { latin1, startsWith, utf8 } from './bytes';
import { parsedJson } from './jsonTree';
import { header, type MetadataValue, type ModelHeader, type Probe } from './modelHeader';

/**
 * XGBoost models: JSON `{"learner": {…}, "version": [major, minor, patch]}`, the same as UBJSON, or
 * the binary form of before version 1.0 (`binf`). Objects end in a brace, so a file with another
 * end is torn. https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html
 */
const longestParsed = 16 * 1024 * 1024;
const tornWhy = 'it does not end where its object ends';

export async function readXgboost({ reader, head }: Probe): Promise<ModelHeader | null> {
  if (startsWith(head, 'binf')) return header('xgboost-binary');
  const start = latin1(head);
  if (isUbjson(head)) {
    return header('xgboost-ubjson', { why: (await endsInBrace(reader)) ? null : tornWhy });
  }
  const isJson = /^\s*\{\s*(?:"version"\s*:\s*\[[\d,\s]*\]\s*,\s*)?"learner"\s*:\s*\{/.test(start);
  if (!isJson) return null;
  if (!(await endsInBrace(reader))) return header('xgboost-json', { why: tornWhy });
  if (reader.size > longestParsed) return header('xgboost-json');
  const tree = parsedJson(utf8(await reader.read(0, reader.size)));
  if (tree === null) return header('xgboost-json', { why: 'it is no whole JSON object' });
  return header('xgboost-json', { metadata: xgboostFacts(tree) });
}

/** An object whose first key, `learner` or `version`, has its length as an integer of any width. */
function isUbjson(head: Uint8Array): boolean {
  const lengths = ['L\0\0\0\0\0\0\0\x07', 'l\0\0\0\x07', 'I\0\x07', 'U\x07', 'i\x07'];
  return lengths.some((length) =>
    ['learner{', 'version['].some((key) => startsWith(head, `{${length}${key}`)),
  );
}

/** White space may follow the brace: editors add a line's end. */
async function endsInBrace(reader: Probe['reader']): Promise<boolean> {
  const length = Math.min(reader.size, 64);
  return /\}\s*$/.test(latin1(await reader.read(reader.size - length, length)));
}

/** What identifies a model among others, by the names that lists show. */
export function xgboostFacts(tree: unknown): Record<string, MetadataValue> {
  const facts: Record<string, MetadataValue> = {};
  const note = (key: string, ...path: string[]) => {
    const value = path.reduce<unknown>(
      (node, name) => (node as Record<string, unknown> | undefined)?.[name] ?? undefined,
      tree,
    );
    if (typeof value === 'string' || typeof value === 'number') facts[key] = value;
    if (Array.isArray(value)) facts[key] = value.slice(0, 3).join('.');
  };
  note('version', 'version');
  note('booster', 'learner', 'gradient_booster', 'name');
  note('objective', 'learner', 'objective', 'name');
  note('features', 'learner', 'learner_model_param', 'num_feature');
  note('trees', 'learner', 'gradient_booster', 'model', 'gbtree_model_param', 'num_trees');
  return facts;
}
