import type { DirectoryEntry } from '../platform';
import { directoryOf, marksFolder, nameOf } from './units';

/** Endings of code, prose and pictures: by themselves they are nothing of a model. */
const sources = new Set(
  (
    'py pyi pyc ipynb r jl m js mjs cjs jsx ts mts cts tsx c h cc cpp cxx hpp cu cuh java kt scala ' +
    'go rs rb php swift cs fs lua pl sh bash zsh ps1 bat sql html htm css scss vue md rst tex ' +
    'lock map parquet png jpg jpeg gif svg webp bmp ico pdf mp3 mp4 wav flac avi mov xml proto ' +
    'diff patch'
  ).split(' '),
);

/** Of settings and tables too: beside a model they are read, but are none. */
const plain = new Set([...sources, ...'yaml yml toml ini cfg log csv tsv'.split(' ')]);

const longestPlain = Math.max(...[...plain].map((ending) => ending.length));

/**
 * Of a walk from a project's top: which files are of no use to anybody who looks for models. A
 * model's folder is one as soon as it is listed, and with it all below.
 */
export class SourcesPassed {
  readonly #folders = new Set<string>();

  /** What lies in a directory; those above it came before. */
  enter(entries: readonly DirectoryEntry[], path: string): void {
    if (this.#folders.has(directoryOf(path)) || entries.some(isMark)) this.#folders.add(path);
  }

  passes(name: string, directory: string): boolean {
    return endsAs(sources, name) && !this.#folders.has(directory);
  }
}

/** So many texts without a model file beside them are looked at; there may be any number of them. */
const textLimit = 2_000;

/** Nothing that marks a folder ends as source files do, and these are nearly all there is. */
function isMark({ name, kind }: DirectoryEntry): boolean {
  return kind === 'file' && !endsAs(sources, name) && marksFolder(name);
}

/**
 * The files that models can be made of, of all files of a project: source files only where they lie
 * in a model's folder, and of texts that stand alone the first ones. Costs a look at each ending.
 * @param paths relative, forward slashes, those nearer to the top first
 */
export function worthGrouping(paths: readonly string[]): string[] {
  const kept: string[] = [];
  const beside: string[] = [];
  for (const path of paths) (endsAs(plain, path) ? beside : kept).push(path);
  const folders = kept.filter((path) => marksFolder(nameOf(path))).map(directoryOf);
  const isInFolder = insideOf(new Set(folders));
  return [...fewTexts(kept, isInFolder), ...beside.filter(isInFolder)];
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

/** No ending in the lists has a slash: what is behind the last dot may as well be names. */
function endsAs(endings: ReadonlySet<string>, path: string): boolean {
  const dot = path.lastIndexOf('.');
  if (dot < 0) return false;
  const ending = path.slice(dot + 1);
  return (
    endings.has(ending) || (ending.length <= longestPlain && endings.has(ending.toLowerCase()))
  );
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
