import type { TensorSums } from '../core/tensorComparison';
import type { ReadHandle } from '../platform';
import type { ReadInto } from './tensorSums';

/** One stretch of two files whose values are summed against each other. */
export interface TensorJob {
  readonly from: JobSide;
  readonly to: JobSide;
  readonly elements: number;
  /** Sums are wanted also where all bytes are the same. */
  readonly always: boolean;
}

export interface JobSide {
  /** Absolute. */
  readonly path: string;
  readonly offset: number;
  readonly dtype: string;
}

/** What is sent to a thread, and what it answers; `sums` is `null` where all bytes are the same. */
export interface JobRequest {
  readonly id: number;
  readonly job: TensorJob;
}

export type JobReply =
  | { readonly id: number; readonly sums: TensorSums | null }
  | { readonly id: number; readonly failure: { readonly code: string; readonly data: unknown } }
  | { readonly id: number; readonly bug: string };

/** Reads all that is asked for, however little comes at once. @throws Error where the file is shorter */
export function readInto(handle: ReadHandle, short: () => Error): ReadInto {
  return async (into, offset) => {
    for (let done = 0; done < into.length; ) {
      const found = await handle.read(into.subarray(done), offset + done);
      if (found === 0) throw short();
      done += found;
    }
  };
}
