import type { FailureCode, FailureData } from '../core/failure';
import type { Progress } from '../core/progress';

/**
 * What the extension and its engine, which runs on a thread of its own, say to each other. Both
 * are ours and of one build, so these letters are typed and not parsed; the verbs' own types are
 * the engine's contract, and stand at both ends.
 */
export type EngineQuestion =
  | {
      readonly kind: 'initialize';
      readonly id: number;
      readonly directory: string;
      readonly options: unknown;
    }
  | { readonly kind: 'discover'; readonly id: number; readonly directory: string }
  | {
      readonly kind: 'open';
      readonly id: number;
      readonly directory: string;
      readonly readOnly: boolean;
    }
  | {
      readonly kind: 'call';
      readonly id: number;
      /** As an answer to `open` gave it. */
      readonly project: number;
      readonly verb: string;
      readonly request: unknown;
    }
  /** What a model file holds, and what is dangerous in it. */
  | { readonly kind: 'look'; readonly id: number; readonly path: string }
  | {
      readonly kind: 'histogram';
      readonly id: number;
      readonly path: string;
      readonly tensor: string;
    }
  | { readonly kind: 'close'; readonly id: number; readonly project: number };

/** Calls off the question with this id; it then ends as `cancelled`, or with what it had done. */
export interface CancelRequest {
  readonly kind: 'cancel';
  readonly id: number;
}

export type EngineRequest = EngineQuestion | CancelRequest;

/** Each question gets exactly one reply that is not `progress`. */
export type EngineReply =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | {
      readonly kind: 'failure';
      readonly id: number;
      readonly code: FailureCode;
      readonly data: FailureData[FailureCode];
    }
  | { readonly kind: 'cancelled'; readonly id: number }
  | { readonly kind: 'bug'; readonly id: number; readonly message: string; readonly stack: string }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress };

/** The answer to `open`. */
export interface OpenedProject {
  readonly project: number;
  readonly root: string;
  readonly home: string;
  readonly unwritable: FailureData['disk-failed'] | null;
}
