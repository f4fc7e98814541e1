import { directoryOf, marksFolder, nameOf } from './units';

/** Endings of code, prose, pictures and tables: by themselves they are never a model. */
const plain = new Set(
  (
    'py pyi pyc ipynb r jl m js mjs cjs jsx ts mts cts tsx c h cc cpp cxx hpp cu cuh java kt scala ' +
    'go rs rb php swift cs fs lua pl sh bash zsh ps1 bat sql html htm css scss vue md rst tex ' +
    'yaml yml toml ini cfg lock log map csv tsv parquet png jpg jpeg gif svg webp bmp ico pdf ' +
    'mp3 mp4 wav flac avi mov xml proto diff patch'
  ).split(' '),
);

const longestPlain = Math.max(...[...plain].map((ending) => ending.length));

/** So many texts without a model file beside them are looked at; there may be any number of them. */
const textLimit = 2_000;

/**
 * The files that models can be made of, of all files of a project: source files only where they lie
 * in a model's folder, and of texts that stand alone the first ones. Costs a look at each ending.
 * @param paths relative, forward slashes, those nearer to the top first
 */
export function worthGrouping(paths: readonly string[]): string[] {
  const kept: string[] = [];
  const sources: string[] = [];
  for (const path of paths) (isPlain(path) ? sources : kept).push(path);
  const folders = kept.filter((path) => marksFolder(nameOf(path))).map(directoryOf);
  const isInFolder = insideOf(new Set(folders));
  return [...fewTexts(kept, isInFolder), ...sources.filter(isInFolder)];
}

function fewTexts(paths: readonly string[], isInFolder: (path: string) => boolean): string[] {
  const isText = (path: string) => /\.(?:json|txt)$/i.test(path);
  if (paths.length <= textLimit) return [...paths];
  const places = new Set(paths.filter((path) => !isText(path)).map(directoryOf));
  let texts = 0;
  return paths.filter((path) => {
    if (!isText(path) || places.has(directoryOf(path)) || isInFolder(path)) return true;
    texts += 1;
    return texts <= textLimit;
  });
}

/** No ending in the list has a slash: what is behind the last dot may as well be names. */
function isPlain(path: string): boolean {
  const dot = path.lastIndexOf('.');
  if (dot < 0) return false;
  const ending = path.slice(dot + 1);
  return plain.has(ending) || (ending.length <= longestPlain && plain.has(ending.toLowerCase()));
}

function insideOf(folders: ReadonlySet<string>): (path: string) => boolean {
  if (folders.size === 0) return () => false;
  return (path) => {
    for (let place = directoryOf(path); place !== ''; place = directoryOf(place)) {
      if (folders.has(place)) return true;
    }
    // At the project's top other files stand around a model.
    return false;
  };
}
