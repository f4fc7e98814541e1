import {
  type ComparisonEvidence,
  type ComparisonReport,
  maximumSides,
  type Side,
  type SideWeights,
} from '../core/comparisonReport';
import type { TensorHistogram } from '../core/tensorHistogram';
import type { CurveSet } from '../core/version';
import type { EventReaders, LetterReaders } from './letters';
import {
  count,
  flag,
  fraction,
  list,
  nothing,
  nullable,
  oneOf,
  type Reader,
  shape,
  shapeWithin,
  text,
} from './readers';

/** The panel's sections, in their order. */
export const compareSections = [
  'overview',
  'metrics',
  'curves',
  'predictions',
  'parameters',
  'files',
  'weights',
  'architecture',
  'data',
  'environment',
  'code',
] as const;
export type CompareSection = (typeof compareSections)[number];

/** What the panel keeps across reloads: `sides[0]` is the base and always a version. */
export interface CompareState {
  /** The project's top folder. */
  readonly root: string;
  readonly sides: readonly Side[];
  /** What is shown first; `null` for the top. */
  readonly at: CompareSection | null;
}

/** A version that a picker offers. */
export interface VersionChoice {
  readonly reference: string;
  /** `v7`. */
  readonly title: string;
  readonly description: string;
  /** `val_accuracy 0.951 · 2 h ago`. */
  readonly detail: string;
  readonly current: boolean;
  /** Whether a person pinned it: new comparisons are held against it. */
  readonly baseline: boolean;
}

export interface CompareView extends ComparisonReport {
  readonly choices: readonly VersionChoice[];
  /** What was compared before. */
  readonly weights: readonly SideWeights[];
}

/** Most tensors, and most layers, of one comparison that a panel is sent; the sums count all. */
export const mostTensors = 10_000;

/** A tensor of a model file. */
export interface TensorPlace {
  readonly path: string;
  readonly tensor: string;
}

export type CompareContract = {
  readonly load: {
    readonly ask: { readonly sides: readonly Side[] };
    readonly answer: CompareView;
  };
  /** What predictions and data tell; read from files, so it comes later. */
  readonly evidence: {
    readonly ask: { readonly sides: readonly Side[] };
    readonly answer: ComparisonEvidence;
  };
  /** The curves of each side, thinned to what a chart can show; none of the working files. */
  readonly curves: {
    readonly ask: { readonly sides: readonly Side[] };
    readonly answer: { readonly curves: readonly CurveSet[] };
  };
  /** Compares the weights of the base and another side; `progress` tells how far it is. */
  readonly weights: {
    readonly ask: { readonly sides: readonly Side[]; readonly side: number };
    readonly answer: SideWeights;
  };
  /** Calls off all comparing of weights that is under way. */
  readonly cancelWeights: {
    readonly ask: Readonly<Record<never, never>>;
    readonly answer: null;
  };
  /** How the values of a tensor are spread in the base and another side. */
  readonly spread: {
    readonly ask: {
      readonly base: string;
      readonly side: Side;
      readonly from: TensorPlace | null;
      readonly to: TensorPlace | null;
    };
    readonly answer: { readonly from: TensorHistogram | null; readonly to: TensorHistogram | null };
  };
  /** Opens the row of the data that an example of the predictions is. */
  readonly openExample: {
    readonly ask: { readonly base: string; readonly side: Side; readonly row: number };
    readonly answer: null;
  };
  /** Opens VS Code's multi-diff of the code of two sides. */
  readonly openCode: {
    readonly ask: { readonly from: string; readonly to: Side };
    readonly answer: null;
  };
  /** Opens VS Code's diff of one code file. */
  readonly openFile: {
    readonly ask: { readonly from: string; readonly to: Side; readonly path: string };
    readonly answer: null;
  };
  /** Puts the whole comparison on the clipboard as Markdown. */
  readonly copy: { readonly ask: { readonly sides: readonly Side[] }; readonly answer: null };
  readonly rollBack: { readonly ask: { readonly reference: string }; readonly answer: null };
  /** Keeps a version as the baseline of this project's comparisons, or lets it go. */
  readonly pin: {
    readonly ask: { readonly reference: string; readonly pinned: boolean };
    readonly answer: null;
  };
};

export type CompareEvents = {
  /** The history or the working files did; load again. */
  readonly changed: Readonly<Record<never, never>>;
  /** How far the comparison of a side's weights is; `fraction` from 0 to 1, `null` unknown. */
  readonly progress: {
    readonly side: number;
    readonly text: string;
    readonly fraction: number | null;
  };
};

const side: Reader<Side> = nullable(text);
const sides = list(side, maximumSides);
const place = nullable(shape({ path: text, tensor: text }));

export const compareReaders: LetterReaders<CompareContract> = {
  load: shape({ sides }),
  evidence: shape({ sides }),
  curves: shape({ sides }),
  weights: shape({ sides, side: count }),
  cancelWeights: nothing,
  spread: shape({ base: text, side, from: place, to: place }),
  openExample: shape({ base: text, side, row: count }),
  openCode: shape({ from: text, to: side }),
  openFile: shape({ from: text, to: side, path: text }),
  copy: shape({ sides }),
  rollBack: shape({ reference: text }),
  pin: shape({ reference: text, pinned: flag }),
};

export const compareEventReaders: EventReaders<CompareEvents> = {
  changed: nothing,
  progress: shape({ side: count, text, fraction }),
};

/** A state from before sections could be opened says nothing of one. */
export const readCompareState: Reader<CompareState> = (value) => {
  const known = shapeWithin({ root: text, sides })(value);
  const at = shapeWithin({ at: oneOf(...compareSections) })(value)?.at ?? null;
  return known === undefined ? undefined : { ...known, at };
};
