import { isModelName, modelNameFrom } from '../core/names';
import { endingOf, seriesPattern } from '../core/series';

// Words that name a place for models, a kind of file or a moment of training, but no model.
const genericWords = new Set(
  (
    'model models checkpoint checkpoints ckpt ckpts chkpt chk weight weights output outputs out run ' +
    'runs multirun result results version versions ver v log logs lightning tb artifact artifacts ' +
    'artefact artefacts saved save saves savedmodel trained training train experiment experiments ' +
    'exp exps export exports exported file files dist build bin tmp temp epoch epochs ep step steps ' +
    'iter iters iteration iterations it best last final latest state dict params pytorch tf ' +
    'tensorflow keras torch diffusion adapter safetensors onnx release default current ' +
    'store storage src trial trials snapshot snapshots seed fold round batch gen global my the new ' +
    'old data optimized production serving'
  ).split(' '),
);

/**
 * What a model is called by its path: the last part that says something, from the file's name
 * upwards, without the words around it that say nothing (`bert_best_model`: `bert`).
 * @param fallback the repository's name, where no part says anything
 */
export function nameByPath(path: string, fallback: string): string {
  const stem = path.slice(0, path.length - endingOf(path).length);
  for (const part of seriesPattern(`${stem}.x`).slice(0, -2).split('/').reverse()) {
    const name = tellingPart(part);
    if (name !== null) return name;
  }
  return modelNameFrom(fallback);
}

function tellingPart(part: string): string | null {
  const words = part.split(/([^\p{L}\p{N}]+)/u);
  // `e_*` counts; `yolo-s` is a size.
  const isCounter = (word: string) => word.length === 1 && part.includes('*');
  // Separators stand at odd places.
  const tells = (word: string, index: number) =>
    index % 2 === 0 && word !== '' && !isCounter(word) && !genericWords.has(word.toLowerCase());
  const first = words.findIndex(tells);
  if (first < 0) return null;
  const text = words
    .slice(first, words.findLastIndex(tells) + 1)
    .join('')
    .replaceAll('*', '');
  const name = modelNameFrom(text);
  return name === 'model' && text.toLowerCase() !== 'model' ? null : name;
}

/**
 * A name for each path, unique ignoring case. Where two are alike, the ending is added, then the
 * directory above, then a number. Depends on the set of paths only, not on their order.
 */
export function uniqueNames(paths: readonly string[], fallback: string): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const path of [...paths].sort()) {
    const name = firstFree(candidatesFor(path, fallback), taken);
    taken.add(name.toLowerCase());
    names.set(path, name);
  }
  return names;
}

function* candidatesFor(path: string, fallback: string): Generator<string> {
  const name = nameByPath(path, fallback);
  yield name;
  const ending = endingOf(path).slice(1).replaceAll('.', '-');
  if (ending !== '') yield modelNameFrom(`${name}-${ending}`);
  const parts = path.split('/').slice(0, -1);
  for (const part of parts.reverse()) yield modelNameFrom(`${name}-${part.replaceAll('*', '')}`);
  for (let number = 2; ; number++) yield `${name.slice(0, 56)}-${number}`;
}

function firstFree(candidates: Iterable<string>, taken: ReadonlySet<string>): string {
  for (const name of candidates) {
    if (isModelName(name) && !taken.has(name.toLowerCase())) return name;
  }
  throw new RangeError('the numbers ran out');
}
