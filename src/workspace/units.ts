import { isModelEnding } from '../core/modelEndings';
import { endingOf } from '../core/series';

interface HasPath {
  /** Relative to the root, forward slashes. */
  readonly path: string;
}

/**
 * Files that only make sense together: a `save_pretrained` folder, a SavedModel, the shards of one
 * model, or a single file with its external data.
 */
export interface ModelUnit<F extends HasPath = HasPath> {
  readonly kind: 'file' | 'pretrained' | 'saved-model' | 'shards';
  /** The file, the folder (`''` for the project's top), or what the shards would be as one file. */
  readonly path: string;
  /** Sorted by path. */
  readonly files: readonly F[];
  /** The files that hold weights, by their names. */
  readonly weights: readonly F[];
  /** Whether the names of the shards show that some are missing. */
  readonly partial: boolean;
}

/** Puts files together that belong together. By their names alone: nothing is read. */
export function groupUnits<F extends HasPath>(files: readonly F[]): ModelUnit<F>[] {
  const sorted = [...files].sort(byPath);
  const left = new Set(sorted);
  const directories = Map.groupBy(sorted, ({ path }) => directoryOf(path));
  // Outer folders first: what a pipeline's folder holds is no model of its own.
  const outerFirst = [...directories].sort(([one], [other]) => one.length - other.length);
  const units: ModelUnit<F>[] = [];
  const take = (unit: ModelUnit<F>) => {
    for (const file of unit.files) left.delete(file);
    units.push(unit);
  };
  for (const [directory, listed] of outerFirst) {
    const here = listed.filter((file) => left.has(file));
    const folder = wholeFolder(directory, here, sorted) ?? pretrainedFolder(directory, here);
    if (folder !== null) take(folder);
    for (const shards of shardSets(here.filter((file) => left.has(file)))) take(shards);
  }
  return [...units, ...singles([...left])];
}

function byPath(one: HasPath, other: HasPath): number {
  if (one.path === other.path) return 0;
  return one.path < other.path ? -1 : 1;
}

/** The directory of a path, `''` for the top. */
export function directoryOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

// SavedModel; a diffusers pipeline; sentence-transformers: the folder counts with all below it.
const savedModelMark = /^saved_model\.pb(?:txt)?$/;
const pipelineMark = /^(?:model_index|modules)\.json$/;

function wholeFolder<F extends HasPath>(
  directory: string,
  here: readonly F[],
  sorted: readonly F[],
): ModelUnit<F> | null {
  const isSavedModel = here.some(({ path }) => savedModelMark.test(nameOf(path)));
  const isPipeline = here.some(({ path }) => pipelineMark.test(nameOf(path)));
  if (directory === '' || !(isSavedModel || isPipeline)) return null;
  const inside = (path: string) => !isAside(path.slice(directory.length + 1));
  const files = below(sorted, directory).filter(({ path }) => inside(path));
  const isHeader = isSavedModel ? /(?:\.pb|\.pbtxt|variables\.index)$/ : pretrainedWeights;
  const weights = files.filter(({ path }) => isHeader.test(nameOf(path)));
  if (!isSavedModel && weights.length === 0) return null;
  return {
    kind: isSavedModel ? 'saved-model' : 'pretrained',
    path: directory,
    files,
    weights,
    partial: false,
  };
}

/** What lies below a directory, of files sorted by path. */
function below<F extends HasPath>(sorted: readonly F[], directory: string): readonly F[] {
  const prefix = `${directory}/`;
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.path ?? '') < prefix) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (sorted[end]?.path.startsWith(prefix)) end++;
  return sorted.slice(low, end);
}

/** What lies in a model's folder without being a part of it. */
function isAside(relative: string): boolean {
  const parts = relative.split('/');
  return (
    isTrainingState(parts.at(-1) ?? '') ||
    parts.slice(0, -1).some((part) => /^(?:checkpoint-\d+|runs|logs)$/.test(part))
  );
}

const configurations = /^(?:config|adapter_config|open_clip_config)\.json$/;
// The names that save_pretrained gives: `model.safetensors`, `pytorch_model-00001-of-00002.bin`, …
const pretrainedWeights =
  /^(?:model|pytorch_model|tf_model|flax_model|adapter_model|diffusion_pytorch_model|open_clip_pytorch_model|open_clip_model|consolidated)(?:[.-][\w.-]+)?\.(?:safetensors|bin|h5|msgpack)$/;
const shardIndex = /\.(?:safetensors|bin|h5)\.index\.json$/;

/** Whether a file name is one that holds weights in a folder of `save_pretrained`. */
function isWeights(name: string): boolean {
  return pretrainedWeights.test(name);
}

/** Whether a file of this name makes the folder that it lies in a model, other files in it included. */
export function marksFolder(name: string): boolean {
  return savedModelMark.test(name) || pipelineMark.test(name) || isWeights(name);
}

/** What a trainer leaves beside a model so as to go on: not a part of the model. */
export function isTrainingState(name: string): boolean {
  return (
    /^(?:optimizer|scheduler|scaler|rng_state|random_states|optim_states)[\w.-]*\.(?:pt|pth|bin|pkl|safetensors)$/.test(
      name,
    ) || /^(?:events\.out\.tfevents|training_args\.bin$)/.test(name)
  );
}

// At the project's top other files stand around a model: only what save_pretrained writes counts.
const besideWeights =
  /^(?:config|adapter_config|generation_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab|merges|preprocessor_config|processor_config|chat_template|spiece|sentencepiece\.bpe|tokenizer\.model)[\w.]*\.(?:json|txt|model|jinja)$/;

function pretrainedFolder<F extends HasPath>(
  directory: string,
  here: readonly F[],
): ModelUnit<F> | null {
  const names = here.map(({ path }) => nameOf(path));
  const weights = here.filter(({ path }) => isWeights(nameOf(path)));
  const isModel = names.some((name) => configurations.test(name)) && weights.length > 0;
  const isSharded = weights.length > 0 && names.some((name) => shardIndex.test(name));
  if (!isModel && !isSharded) return null;
  const belongs = (name: string) =>
    isWeights(name) ||
    shardIndex.test(name) ||
    (directory === '' ? besideWeights.test(name) : !isModelEnding(name) && !isTrainingState(name));
  const files = here.filter(({ path }) => belongs(nameOf(path)));
  return { kind: 'pretrained', path: directory, files, weights, partial: lacksShards(weights) };
}

// `model-00001-of-00003.gguf`, tfjs's `group1-shard1of3.bin`.
const shardName =
  /^(?<prefix>.*?)[-_.]?(?:shard)?(?<number>\d+)-?of-?(?<total>\d+)(?<ending>\.[\w.]+)?$/;

interface Shard<F> {
  readonly file: F;
  readonly set: string;
  readonly number: number;
  readonly total: number;
}

function shardOf<F extends HasPath>(file: F): Shard<F> | null {
  const groups = shardName.exec(nameOf(file.path))?.groups;
  if (groups === undefined) return null;
  const { prefix = '', number, total, ending = '' } = groups;
  const set = `${prefix}${ending}`;
  return { file, set, number: Number(number), total: Number(total) };
}

function shardsOf<F extends HasPath>(files: readonly F[]): Shard<F>[] {
  return files.map((file) => shardOf(file)).filter((shard) => shard !== null);
}

function lacksShards(files: readonly HasPath[]): boolean {
  const sets = Map.groupBy(shardsOf(files), ({ set, total }) => `${set} ${total}`);
  return [...sets.values()].some(
    (set) => new Set(set.map(({ number }) => number)).size < (set[0]?.total ?? 0),
  );
}

/** Shards outside of a folder of their own, with the index that lists them. */
function shardSets<F extends HasPath>(here: readonly F[]): ModelUnit<F>[] {
  const sets = Map.groupBy(
    shardsOf(here).filter(({ total }) => total > 0 && total < 100_000),
    ({ set, total }) => `${set} ${total}`,
  );
  return [...sets.values()].flatMap((shards) => {
    const first = shards[0];
    if (first === undefined) return [];
    const directory = directoryOf(first.file.path);
    const path = directory === '' ? first.set : `${directory}/${first.set}`;
    const weights = shards.map(({ file }) => file);
    const index = here.filter((file) => isIndexOf(first.set, nameOf(file.path)));
    // TensorFlow's checkpoints are `X.index` and `X.data-00000-of-00001`: the one is the series' name.
    const files = [...weights, ...index].sort(byPath);
    return [
      {
        kind: 'shards',
        path: path.replace(/\.data$/, ''),
        files,
        weights,
        partial: lacksShards(weights),
      },
    ];
  });
}

function isIndexOf(set: string, name: string): boolean {
  if (set.endsWith('.data')) return name === `${set.slice(0, -'.data'.length)}.index`;
  return name === `${set}.index.json` || (/^group\d+\.bin$/.test(set) && name === 'model.json');
}

/** Every other file for itself, with the external data of ONNX models. */
function singles<F extends HasPath>(files: readonly F[]): ModelUnit<F>[] {
  const models = new Set(
    files.map(({ path }) => path).filter((path) => endingOf(path) === '.onnx'),
  );
  // `m.onnx` keeps its tensors in `m.onnx.data`, `m.onnx_data` or `m.data`.
  const owner = (path: string) => {
    const stem = path.replace(/(?:\.onnx)?[._]data$/, '');
    const model = `${stem}.onnx`;
    return stem !== path && models.has(model) ? model : path;
  };
  return [...Map.groupBy(files, ({ path }) => owner(path))].map(([path, members]) => ({
    kind: 'file',
    path,
    files: members,
    weights: members.filter((file) => file.path === path),
    partial: false,
  }));
}
