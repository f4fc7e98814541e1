import type { ParameterValue } from '../core/parameters';

/** How a hyperparameter is written down. */
export type ParameterKind =
  /** A name that is assigned: in the module, a block or a function. */
  | 'constant'
  /** A keyword argument of a call. */
  | 'keyword'
  /** A number that stands at a place of a call that makes an object: `Dropout(0.5)`. */
  | 'place'
  /** The default of a function's argument. */
  | 'default'
  /** An entry of a dictionary, or of an object made from one. */
  | 'entry'
  /** A field of a class: dataclass, pydantic, attrs, plain. */
  | 'field'
  /** An option of the command line with its default. */
  | 'option'
  /** A value of a YAML, JSON or TOML file. */
  | 'document';

/** A hyperparameter that stands in a text as a literal. */
export interface SourceParameter {
  /** The last part of its path: `lr`. */
  readonly name: string;
  /** Where it belongs, with dots: `CONFIG.lr`, `main.optimizer.lr`, `Net.hidden`. */
  readonly path: string;
  readonly kind: ParameterKind;
  readonly value: ParameterValue;
  /** Where the literal's text begins and ends, as string offsets. */
  readonly start: number;
  readonly end: number;
}

/** Where a training is begun. */
export interface EntryPoint {
  readonly kind: 'main' | 'train' | 'trainer' | 'fit';
  /** A string offset on its line. */
  readonly start: number;
}

/** What a text holds, in its order. */
export interface FoundText {
  readonly parameters: readonly SourceParameter[];
  readonly entryPoints: readonly EntryPoint[];
  /**
   * A digest of the code without the literals: equal where two texts differ in nothing but
   * hyperparameters, comments between statements and blank lines. 32 bits.
   */
  readonly skeleton: number;
}

export const nothingFound: FoundText = Object.freeze({
  parameters: [],
  entryPoints: [],
  skeleton: 0,
});
