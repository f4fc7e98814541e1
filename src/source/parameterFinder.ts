import { notebookCells, withoutMagics } from './notebook';
import { type EntryPoint, type FoundText, nothingFound, type SourceParameter } from './parameter';
import { PythonFinder } from './pythonFinder';
import { findInToml } from './tomlParameters';
import { findInJson, findInYaml } from './yamlParameters';

/** Goes up when other parameters, paths or values are found in some text: what was kept is stale. */
export const finderEdition = 4;

/** The languages in which hyperparameters are looked for. */
export type ParameterLanguage = 'python' | 'notebook' | 'yaml' | 'json' | 'toml';

const languages: Readonly<Record<string, ParameterLanguage>> = {
  ...{ py: 'python', pyw: 'python', ipynb: 'notebook' },
  ...{ yaml: 'yaml', yml: 'yaml', json: 'json', jsonc: 'json', toml: 'toml' },
};

/** By the path's ending; `null` for a file in which nothing is looked for. */
export function parameterLanguage(path: string): ParameterLanguage | null {
  const ending = /\.([A-Za-z]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(languages, ending) ? (languages[ending] ?? null) : null;
}

/**
 * Whether a YAML, JSON or TOML file is one of parameters by its name and place alone: Hydra's
 * `conf/…`, `config/…`, `params.yaml`, `hparams.json`, `train_config.toml`.
 */
export function looksLikeParameterFile(path: string): boolean {
  const language = parameterLanguage(path);
  if (language === null || language === 'python' || language === 'notebook') return false;
  const [name = '', ...folders] = path.split('/').reverse();
  if (folders.some((folder) => folder.startsWith('.'))) return false;
  if (
    /^(?:package|tsconfig|pyproject|cairn|settings|launch|tasks|mkdocs|environment)\b/i.test(name)
  )
    return false;
  return (
    folders.some((folder) => /^(?:conf|confs|configs?|hparams|params|hydra)$/i.test(folder)) ||
    /(?:^|[._-])(?:params|parameters|hparams|hyperparameters|config|conf|train|training)(?:[._-]|$)/i.test(
      name,
    )
  );
}

/**
 * Finds the hyperparameters of one file in its states, one after the other (versions, or text while
 * a person types); what did not change is not read again. Never throws, whatever the text is.
 */
export class ParameterFinder {
  private readonly python: PythonFinder[] = [];

  constructor(private readonly language: ParameterLanguage) {}

  /** What a whole file as it is on the disk holds; a notebook's cells count as one text. */
  findInFile(text: string): FoundText {
    if (this.language !== 'notebook') return this.findInTexts([text])[0] ?? nothingFound;
    return joined(this.findInTexts(notebookCells(text)));
  }

  /** What each text holds: a file's one text, or those of a notebook's code cells. */
  findInTexts(given: readonly string[]): FoundText[] {
    // What marks the order of bytes is no part of the first name; offsets stay.
    const texts = given.map((text) => (text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text));
    switch (this.language) {
      case 'python':
        return texts.map((text, index) => this.pythonAt(index).find(text));
      case 'notebook':
        return texts.map((text, index) => this.pythonAt(index).find(withoutMagics(text)));
      case 'yaml':
        return texts.map(findInYaml);
      case 'json':
        return texts.map(findInJson);
      case 'toml':
        return texts.map(findInToml);
    }
  }

  /** Each cell is parsed against what it was before. */
  private pythonAt(index: number): PythonFinder {
    const known = this.python[index];
    if (known !== undefined) return known;
    const made = new PythonFinder();
    this.python[index] = made;
    return made;
  }
}

/** Cells are as one text: only the order of what they hold means something. */
function joined(cells: readonly FoundText[]): FoundText {
  const parameters: SourceParameter[] = cells.flatMap((cell) => cell.parameters);
  const entryPoints: EntryPoint[] = cells.flatMap((cell) => cell.entryPoints);
  const skeleton = cells.reduce((sum, cell) => (Math.imul(sum, 31) + cell.skeleton) | 0, 0);
  return { parameters, entryPoints, skeleton };
}
