import type { EventReaders, LetterReaders } from './letters';
import { count, nothing, shape, text } from './readers';

export interface FindingRow {
  readonly severity: string;
  readonly message: string;
  /** Member, byte and opcode; empty where there is nothing to say. */
  readonly place: string;
}

export interface TensorRow {
  readonly name: string;
  readonly dtype: string;
  /** `64 × 32`; `scalar`. */
  readonly shape: string;
  readonly size: string;
}

/** A layer, as deep as it lies. */
export interface LayerRow {
  readonly depth: number;
  readonly name: string;
  readonly kind: string;
  readonly attributes: string;
}

export interface ModelView {
  /** `safetensors · 12.3 MB · 42 tensors · 1,234 parameters`. */
  readonly summary: string;
  /** `Nothing dangerous found.`, or what it is. */
  readonly verdict: string;
  readonly danger: 'none' | 'warning' | 'danger';
  readonly findings: readonly FindingRow[];
  readonly warnings: readonly string[];
  readonly metadata: readonly { readonly key: string; readonly value: string }[];
  readonly layers: readonly LayerRow[];
  readonly tensors: number;
}

export interface TensorPage {
  readonly rows: readonly TensorRow[];
  /** That match the search. */
  readonly total: number;
}

/** `null` where the values cannot be looked at. */
export interface HistogramView {
  /** From the least to the greatest value, so many in each step. */
  readonly counts: readonly number[];
  readonly sentence: string;
}

export type ModelContract = {
  readonly load: { readonly ask: Readonly<Record<never, never>>; readonly answer: ModelView };
  readonly tensors: {
    readonly ask: { readonly search: string; readonly from: number };
    readonly answer: TensorPage;
  };
  readonly histogram: {
    readonly ask: { readonly tensor: string };
    readonly answer: HistogramView | null;
  };
};

export type ModelEvents = {
  /** The file was written anew; load again. */
  readonly changed: Readonly<Record<never, never>>;
};

export const modelReaders: LetterReaders<ModelContract> = {
  load: nothing,
  tensors: shape({ search: text, from: count }),
  histogram: shape({ tensor: text }),
};

export const modelEventReaders: EventReaders<ModelEvents> = { changed: nothing };
