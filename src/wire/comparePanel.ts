import type { ChangeStatus, FileChange } from '../core/comparison';
import type { EventReaders, LetterReaders } from './letters';
import { list, nothing, nullable, type Reader, shape, shapeWithin, text } from './readers';

/** One side of a comparison: a version's or backup's reference, or `null` for the working files. */
export type Side = string | null;

/** Most sides that one panel compares. */
export const maximumSides = 8;

/** What the panel keeps across reloads: `sides[0]` is the base and always a version. */
export interface CompareState {
  /** The project's top folder. */
  readonly root: string;
  readonly sides: readonly Side[];
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
}

export interface ComparedSide {
  readonly side: Side;
  /** `v7`, `b2` or `Working files`. */
  readonly title: string;
  readonly description: string;
  /** ISO 8601, UTC; `null` for the working files. */
  readonly createdAt: string | null;
  readonly creator: string | null;
}

/** A value of one side; `null` stands for "not there". `changed`: not the base's. */
export interface ValueCell {
  readonly text: string | null;
  readonly changed: boolean;
}

export interface ValueRow {
  readonly key: string;
  /** One for each side, in their order. */
  readonly cells: readonly ValueCell[];
  readonly changed: boolean;
}

export interface MetricCell extends ValueCell {
  /** `▲ 0.008`; `null` in the base and where there is nothing to subtract. */
  readonly delta: string | null;
  /** Against the base; `null` where the direction is not known or nothing changed. */
  readonly verdict: 'better' | 'worse' | null;
  /** Full precision, for a tooltip. */
  readonly exact: string | null;
}

export interface MetricRow {
  readonly key: string;
  readonly primary: boolean;
  readonly cells: readonly MetricCell[];
  readonly changed: boolean;
}

export interface FileCell {
  /** Against the base; `null` where it is the same or there on neither side. */
  readonly status: ChangeStatus | null;
  /** `12.3 MB`; `null` where the file is not there. */
  readonly size: string | null;
  /** The first 12 digits of the SHA-256. */
  readonly digest: string | null;
}

export interface FileRow {
  readonly path: string;
  readonly cells: readonly FileCell[];
  readonly changed: boolean;
}

/** Code files that differ between the base and `sides[side]`. */
export interface CodeColumn {
  readonly side: number;
  readonly files: readonly FileChange[];
}

export interface CompareView {
  readonly model: string;
  readonly sides: readonly ComparedSide[];
  readonly choices: readonly VersionChoice[];
  /** What is different, in short sentences, one list for each side after the base. */
  readonly overview: readonly { readonly side: number; readonly sentences: readonly string[] }[];
  readonly metrics: readonly MetricRow[];
  readonly parameters: readonly ValueRow[];
  readonly files: readonly FileRow[];
  readonly data: readonly ValueRow[];
  readonly environment: readonly ValueRow[];
  readonly code: readonly CodeColumn[];
}

export type CompareContract = {
  readonly load: {
    readonly ask: { readonly sides: readonly Side[] };
    readonly answer: CompareView;
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
};

/** `changed`: the history or the working files did; load again. */
export type CompareEvents = { readonly changed: Readonly<Record<never, never>> };

const side: Reader<Side> = nullable(text);
const sides = list(side, maximumSides);

export const compareReaders: LetterReaders<CompareContract> = {
  load: shape({ sides }),
  openCode: shape({ from: text, to: side }),
  openFile: shape({ from: text, to: side, path: text }),
  copy: shape({ sides }),
  rollBack: shape({ reference: text }),
};

export const compareEventReaders: EventReaders<CompareEvents> = { changed: nothing };

export const readCompareState: Reader<CompareState> = shapeWithin({ root: text, sides });
