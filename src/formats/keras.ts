import type { RangeReader } from '../platform';
import { utf8 } from './bytes';
import { header, type MetadataValue, type ModelHeader, metadataText } from './modelHeader';
import { readMemberStart, type ZipDirectory } from './zip';

/**
 * `.keras`, Keras 3: a zip archive of `metadata.json`, `config.json` and `model.weights.h5` (or
 * several shards of it). https://keras.io/api/models/model_saving_apis/model_saving_and_loading/
 */
export function isKeras({ members }: ZipDirectory): boolean {
  const names = new Set(members.map(({ name }) => name));
  return names.has('metadata.json') && names.has('config.json');
}

export async function readKeras(
  reader: RangeReader,
  { members }: ZipDirectory,
): Promise<ModelHeader> {
  const hasWeights = members.some(({ name }) => /^model\.weights(?:\.h5|\.json|_)/.test(name));
  const member = members.find(({ name }) => name === 'metadata.json');
  const bytes = member === undefined ? null : await readMemberStart(reader, member, 65_536);
  return header('keras', {
    why: hasWeights ? null : 'it holds no weights',
    metadata: bytes === null ? {} : textsIn(utf8(bytes)),
  });
}

function textsIn(json: string): Record<string, MetadataValue> {
  try {
    const tree: unknown = JSON.parse(json);
    const entries = Object.entries(typeof tree === 'object' && tree !== null ? tree : {});
    return Object.fromEntries(
      entries.flatMap(([key, value]) =>
        typeof value === 'string' ? [[key, metadataText(value)]] : [],
      ),
    );
  } catch (error) {
    // Metadata that is no JSON tells nothing; the weights may still be whole.
    if (!(error instanceof SyntaxError)) throw error;
    return {};
  }
}
