import type {
  ComparisonEvidence,
  ComparisonReport,
  Side,
  SideWeights,
} from '../core/comparisonReport';
import type { Activity } from '../core/progress';
import type { TensorHistogram } from '../core/tensorHistogram';

/** A line of a file of the project, from 1. */
export interface FileLine {
  readonly path: string;
  readonly line: number;
}

/** How one tensor's values are spread before and after; `null` where a side has no plain values. */
export interface TensorSpread {
  readonly from: TensorHistogram | null;
  readonly to: TensorHistogram | null;
}

/** The verbs that hold several versions against one. `sides`: the first is the base, a version. */
export interface ComparingVerbs {
  /** With what is known of the weights already; with `values` they are compared. */
  report(
    request: { sides: readonly Side[]; values?: boolean },
    activity?: Activity,
  ): Promise<{ readonly report: ComparisonReport; readonly weights: readonly SideWeights[] }>;
  reportMarkdown(
    request: { sides: readonly Side[]; values?: boolean },
    activity?: Activity,
  ): Promise<string>;
  /** What predictions and data say: read from the sides' own files, so it may take a moment. */
  evidence(request: { sides: readonly Side[] }, activity?: Activity): Promise<ComparisonEvidence>;
  /** Where an example of the predictions lies in the data. */
  exampleRow(request: { base: string; side: Side; row: number }): Promise<FileLine | null>;
  /** How one tensor's values are spread in both; paths and names may differ. */
  tensorSpread(request: {
    base: string;
    side: Side;
    from: { path: string; tensor: string } | null;
    to: { path: string; tensor: string } | null;
  }): Promise<TensorSpread>;
}
