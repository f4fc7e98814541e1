/**
 * Source text: the hyperparameters that stand in Python, notebooks, YAML, JSON and TOML as
 * literals, where they stand, how to put another value there, where a training is begun, and
 * whether a script looks like one that trains. It promises to take any text, also one that does not
 * parse at the moment, and to run none of it. It must not know of files, versions or models: it is
 * given text.
 */
export { findLiterals, type SourceLiteral } from './literals';
export { type NotebookLine, notebookLines } from './notebook';
export type { EntryPoint, FoundText, ParameterKind, SourceParameter } from './parameter';
export {
  finderEdition,
  looksLikeParameterFile,
  ParameterFinder,
  type ParameterLanguage,
  parameterLanguage,
} from './parameterFinder';
export { formatPython, replaceLiteral, writtenAs } from './replace';
export { isNamedForTraining, looksLikeTraining, trainingScriptScore } from './training';
