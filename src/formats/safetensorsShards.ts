import { utf8 } from './bytes';
import { at, isObject, parsedJson } from './jsonTree';
import type { ModelFile, Told } from './modelContents';
import { headLength, type TensorInfo } from './modelHeader';
import { readSafetensors } from './safetensors';

/** More shards than the largest published models have. */
const mostShards = 2000;

/**
 * The tensors of all shards that `model.safetensors.index.json` names, each with the file that has
 * it. A shard that is not here, not whole, or lacks a tensor that the map gives it is told.
 */
export async function readShards({ reader, header, beside }: ModelFile): Promise<Told> {
  const map = at(parsedJson(utf8(await reader.read(0, reader.size))), 'weight_map');
  if (!isObject(map)) return {};
  const shards = [...new Set(Object.values(map))].filter((file) => typeof file === 'string');
  const warnings = [...header.warnings];
  const tensors: TensorInfo[] = [];
  for (const file of shards.slice(0, mostShards)) {
    const shard = await beside(file);
    const head = await shard?.read(0, Math.min(shard.size, headLength));
    const found = shard && head ? await readSafetensors({ reader: shard, head }) : null;
    if (found?.complete !== true) {
      const why = shard === null ? 'is not here' : 'is no whole safetensors file';
      warnings.push({
        code: 'shard-not-read',
        message: `the shard ${JSON.stringify(file)} ${why}`,
      });
      continue;
    }
    const wanted = (found.tensors ?? []).filter(({ name }) => map[name] === file);
    tensors.push(...wanted.map((tensor) => placedIn(tensor, file)));
  }
  const missing = Object.keys(map).length - tensors.length;
  if (missing > 0) {
    const message = `${missing} of ${Object.keys(map).length} tensors are in no shard that is here`;
    warnings.push({ code: 'tensors-missing', message });
  }
  return { tensors, warnings };
}

function placedIn(tensor: TensorInfo, file: string): TensorInfo {
  return tensor.place === undefined ? tensor : { ...tensor, place: { ...tensor.place, file } };
}
