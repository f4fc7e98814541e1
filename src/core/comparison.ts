import type { MetricChange } from './metricComparison';
import type { ParameterChange } from './parameters';
import type { WeightsComparison } from './tensorComparison';

export type ChangeStatus = 'added' | 'deleted' | 'modified' | 'renamed';

export interface FileChange {
  readonly path: string;
  readonly status: ChangeStatus;
  /** The old path of a rename. */
  readonly from?: string;
  /** Where it was asked for; `null` for what has no lines. */
  readonly lines?: LineCounts | null;
}

/** Lines that only the new text has, and only the old one. */
export interface LineCounts {
  readonly added: number;
  readonly removed: number;
}

/** One side of a model file in a comparison. */
export interface FileSide {
  readonly path: string;
  readonly size: number;
  readonly sha256: string | null;
  readonly format: string;
}

export interface ArtifactChange {
  readonly path: string;
  readonly status: ChangeStatus;
  readonly from: FileSide | null;
  readonly to: FileSide | null;
}

export interface KeyedChange {
  readonly key: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly status: 'added' | 'deleted' | 'modified';
}

export interface DataChange {
  readonly path: string;
  readonly status: ChangeStatus;
  readonly from: string | null;
  readonly to: string | null;
}

/** The weights of one model file, tensor by tensor. */
export interface FileWeights extends WeightsComparison {
  readonly path: string;
}

/** Everything that differs between two versions, or a version and the working files. */
export interface VersionComparison {
  readonly from: string;
  readonly to: string;
  readonly code: { readonly files: readonly FileChange[] };
  readonly parameters: readonly ParameterChange[];
  readonly metrics: readonly MetricChange[];
  readonly artifacts: readonly ArtifactChange[];
  readonly data: readonly DataChange[];
  readonly environment: readonly KeyedChange[];
  /** Of model files that changed; only where it was asked for. */
  readonly weights?: readonly FileWeights[];
}
