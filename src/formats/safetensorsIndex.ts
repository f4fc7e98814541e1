import { latin1, utf8 } from './bytes';
import { header, type ModelHeader, type Probe } from './modelHeader';

/**
 * `model.safetensors.index.json` (and its PyTorch twin): which shard holds which tensor, as
 * `{"metadata": {"total_size": N}, "weight_map": {name: file}}`.
 * https://huggingface.co/docs/transformers/big_models#sharded-checkpoints
 */
const longest = 32 * 1024 * 1024;

export async function readSafetensorsIndex({ reader, head }: Probe): Promise<ModelHeader | null> {
  if (!/^\s*\{\s*"(?:metadata|weight_map)"\s*:/.test(latin1(head)) || reader.size > longest) {
    return null;
  }
  const tree = parsed(utf8(await reader.read(0, reader.size)));
  // A torn one has lost its map's end; it is told only where the map had begun.
  if (tree === null) {
    const begun = latin1(head).includes('"weight_map"');
    return begun ? header('safetensors-index', { why: 'it is no whole JSON object' }) : null;
  }
  const map: unknown = tree['weight_map'];
  if (typeof map !== 'object' || map === null) return null;
  const shards = new Set(Object.values(map));
  return header('safetensors-index', {
    metadata: { tensors: Object.keys(map).length, shards: shards.size },
  });
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const tree: unknown = JSON.parse(text);
    return typeof tree === 'object' && tree !== null ? (tree as Record<string, unknown>) : null;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return null;
  }
}
