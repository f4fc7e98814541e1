import type { PathAction, RollbackPart } from '../core/plan';
import type { EventReaders, LetterReaders } from './letters';
import { fraction, list, nothing, oneOf, type Reader, shape, shapeWithin, text } from './readers';

/** What the panel keeps across reloads, beside what only the panel itself reads. */
export interface RollbackState {
  readonly root: string;
  readonly reference: string;
  readonly only: readonly RollbackPart[];
}

export interface PathRow {
  readonly path: string;
  readonly action: PathAction;
  /** `12.3 MB`; `null` where sizes are not told (code). */
  readonly size: string | null;
  /** Why a path is kept, as a clause; `null` otherwise. */
  readonly why: string | null;
}

export interface ParameterRow {
  readonly key: string;
  readonly from: string | null;
  readonly to: string | null;
}

/** One check box. */
export interface PartRow {
  readonly part: RollbackPart;
  /** `Code`, `Parameters`, `Model files`, `Data`. */
  readonly title: string;
  /** `3 files to write, 1 to delete`; `nothing to do`. */
  readonly summary: string;
  readonly chosen: boolean;
  /** Whether the whole rollback would change anything of this part. */
  readonly available: boolean;
}

export interface RollbackView {
  readonly reference: string;
  /** `v3`. */
  readonly title: string;
  readonly description: string;
  readonly model: string;
  /** `by Ada, 2 h ago · val_accuracy 0.951`. */
  readonly detail: string;
  /** What the working files came from: `v7`; `null` when not known. */
  readonly current: string | null;
  readonly parts: readonly PartRow[];
  /** Only what is written or deleted; of the chosen parts. */
  readonly code: readonly PathRow[];
  readonly artifacts: readonly PathRow[];
  readonly parameters: readonly ParameterRow[];
  readonly data: readonly PathRow[];
  /** What is left alone, of all parts, and why. */
  readonly kept: readonly PathRow[];
  /** What is backed up first, as a sentence. */
  readonly backup: string;
  /** `12.3 MB to write`. */
  readonly cost: string;
  readonly warnings: readonly string[];
  /** Nothing to do at all for the chosen parts. */
  readonly empty: boolean;
  /** Why it cannot be done now (a merge under way, a folder that is not trusted), or `null`. */
  readonly refused: string | null;
}

export type RollbackContract = {
  readonly load: {
    readonly ask: { readonly only: readonly RollbackPart[] };
    readonly answer: RollbackView;
  };
  /** Opens VS Code's multi-diff: the working files against what the rollback writes. */
  readonly openCode: { readonly ask: Readonly<Record<never, never>>; readonly answer: null };
  /** Does it. `applied: false` when the person called it off; a done panel is closed by the host. */
  readonly apply: {
    readonly ask: { readonly only: readonly RollbackPart[]; readonly reason: string };
    readonly answer: { readonly applied: boolean };
  };
  /** Closes the panel; called off while it is under way, where that is still possible. */
  readonly cancel: { readonly ask: Readonly<Record<never, never>>; readonly answer: null };
};

export type RollbackEvents = {
  /** The history or the working files changed; load again. */
  readonly changed: Readonly<Record<never, never>>;
  /** While `apply` is under way: a phrase, and 0 to 1 or `null` while the end is not known. */
  readonly progress: { readonly text: string; readonly fraction: number | null };
};

const part: Reader<RollbackPart> = oneOf('code', 'parameters', 'artifacts', 'data');
const only = list(part, 4);

export const rollbackReaders: LetterReaders<RollbackContract> = {
  load: shape({ only }),
  openCode: nothing,
  apply: shape({ only, reason: text }),
  cancel: nothing,
};

export const rollbackEventReaders: EventReaders<RollbackEvents> = {
  changed: nothing,
  progress: shape({ text, fraction }),
};

export const readRollbackState: Reader<RollbackState> = shapeWithin({
  root: text,
  reference: text,
  only,
});
