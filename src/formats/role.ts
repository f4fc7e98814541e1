import type { FileRole } from '../core/version';
import type { ModelFormat, ModelHeader } from './modelHeader';

const names: readonly (readonly [FileRole, RegExp])[] = [
  ['optimizer', /^(?:optimizer|scheduler|scaler|rng_state.*|training_state|optim.*)\.[a-z]+$/],
  ['tokenizer', /^(?:tokenizer.*|.*tokenizer\.json|special_tokens_map\.json|added_tokens\.json)$/],
  ['tokenizer', /^(?:vocab\.(?:txt|json)|merges\.txt|spiece\.model|sentencepiece.*\.model)$/],
  ['tokenizer', /^(?:chat_template\.(?:jinja|json)|.*\.tiktoken)$/],
  ['weights', /\.index\.json$/],
  ['configuration', /^(?:.*config.*\.json|model_index\.json|preprocessor.*\.json|args\.json)$/],
  ['configuration', /\.(?:ya?ml|toml|ini|cfg|json)$/],
];

/** Endings of weights whose content tells nothing. */
const weightsEndings =
  /\.(?:bin|pt|pth|ckpt|weights|params|model|msgpack|h5|hdf5|pb|data-\d+-of-\d+|caffemodel|pdparams|pdiparams|mlmodel|engine|trt|plan|rknn|tflite|onnx|data|mar|nemo|cbm|npz|npy|safetensors|gguf|keras|joblib|pkl|pickle|dill)$/;

const plainFormats: ReadonlySet<ModelFormat> = new Set(['unknown', 'zip', 'lfs-pointer']);

/**
 * What a file of a version is for, by its name where that is a convention (`optimizer.pt`,
 * `tokenizer.json`), else by its format; files of no known format by their ending.
 */
export function roleOf(path: string, format: ModelFormat): FileRole {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const known = !plainFormats.has(format);
  for (const [role, pattern] of names) {
    // A model in JSON is weights, whatever its name ends in.
    if (pattern.test(name) && !(known && role === 'configuration')) return role;
  }
  return known || weightsEndings.test(name) ? 'weights' : 'other';
}

const libraries =
  /^(?:sklearn|xgboost|lightgbm|catboost|torch|keras|tensorflow|statsmodels|transformers|imblearn|prophet|hmmlearn|surprise|gensim|spacy|flaml|autogluon|pycaret|sktime)\b/;

/**
 * How sure it is that a file is a model, for a search that must not take data for models.
 * `possible` are containers that hold anything: arrays, pickles, HDF5. A Git LFS pointer is judged
 * by its name, for its content is elsewhere.
 */
export function modelEvidence(
  path: string,
  header: Pick<ModelHeader, 'format' | 'metadata'>,
): 'certain' | 'possible' | 'none' {
  switch (header.format) {
    case 'unknown':
    case 'zip':
      return 'none';
    case 'numpy':
    case 'numpy-archive':
    case 'hdf5':
    case 'tensorflow-index':
      return 'possible';
    case 'pickle':
    case 'joblib':
      return libraries.test(String(header.metadata['class'] ?? '')) ? 'certain' : 'possible';
    case 'lfs-pointer':
      return weightsEndings.test(path.toLowerCase()) ? 'certain' : 'none';
    default:
      return 'certain';
  }
}
