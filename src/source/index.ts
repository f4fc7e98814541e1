/**
 * Python source text: the hyperparameters that stand in it as literals, where they stand, how to
 * put another value there, and whether a script looks like one that trains. It promises to take
 * any text, also one that does not parse at the moment, and to run none of it. It must not know of
 * files, versions or models: it is given text.
 */
export { findLiterals, type SourceLiteral } from './literals';
export { formatPython, replaceLiteral } from './replace';
export { looksLikeTraining, trainingScriptScore } from './training';
