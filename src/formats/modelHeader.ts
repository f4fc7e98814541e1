import type { Warning } from '../core/version';
import type { RangeReader } from '../platform';
import type { TensorSource } from './tensorValues';

/** What a file is, told by its content. */
export type ModelFormat =
  | 'safetensors'
  | 'safetensors-index'
  | 'gguf'
  | 'onnx'
  | 'pytorch'
  | 'pytorch-legacy'
  | 'pytorch-export'
  | 'torchscript'
  | 'keras'
  | 'keras-h5'
  | 'hdf5'
  | 'tensorflow-savedmodel'
  | 'tensorflow-index'
  | 'tensorflow-js'
  | 'tflite'
  | 'numpy'
  | 'numpy-archive'
  | 'pickle'
  | 'joblib'
  | 'xgboost-json'
  | 'xgboost-ubjson'
  | 'xgboost-binary'
  | 'lightgbm'
  | 'lightgbm-json'
  | 'lfs-pointer'
  | 'zip'
  | 'unknown';

/** One tensor: its name, its shape as the format states it (GGUF: innermost first), its bytes. */
export interface TensorInfo {
  readonly name: string;
  /** As safetensors names it (`F32`, `BF16`, …), else as the format does (`Q4_K`, `void160`). */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Of its values without gaps; its stretch of the file is another where it is a view. */
  readonly bytes: number;
  /** Where its values lie, where they are plain: uncompressed, one after another. */
  readonly place?: TensorPlace;
  /** The storage that its values are a part of, where it is larger (PyTorch: views share one). */
  readonly storage?: TensorPlace;
  /** How its values are had where they have no place: packed, in chunks, within a header. */
  readonly values?: TensorSource;
  /** What must still be done to the stored values: PyTorch does it when they are used. */
  readonly lazily?: 'conjugate' | 'negate';
  /** In elements, of each dimension; only where the values are not in row-major order. */
  readonly strides?: readonly number[];
}

/** A stretch of plain bytes that has a tensor's values, its first element first. */
export interface TensorPlace {
  /** The file that has them, where it is another one: as the model names it, relative to its own. */
  readonly file?: string;
  readonly offset: number;
  readonly length: number;
  /** The bytes of each number are in network order. */
  readonly bigEndian?: true;
}

export type MetadataValue = string | number | boolean | null;

/** What a model file says of itself in its first and last bytes. */
export interface ModelHeader {
  readonly format: ModelFormat;
  /** `false`: torn or still being written, its header does not fit its length. */
  readonly complete: boolean;
  /** Why it is not complete, a clause; `null` when it is. */
  readonly why: string | null;
  /** In the file's order; `null` where the format is only labelled. */
  readonly tensors: readonly TensorInfo[] | null;
  readonly metadata: Readonly<Record<string, MetadataValue>>;
  /** Elements of all tensors; `null` where they are not known. */
  readonly parameters: number | null;
  /** What a Git LFS pointer stands for. */
  readonly pointer: { readonly sha256: string; readonly size: number } | null;
  readonly warnings: readonly Warning[];
}

/** What every reader of a format is given. */
export interface Probe {
  readonly reader: RangeReader;
  /** The first bytes, at most `headLength`; all of a shorter file. */
  readonly head: Uint8Array;
}

export const headLength = 4096;

/** A reader of one format: `null` when the file is not of that format. */
export type FormatReader = (probe: Probe) => Promise<ModelHeader | null> | ModelHeader | null;

/** A header with everything that is not said left empty. */
export function header(
  format: ModelFormat,
  said: Partial<Omit<ModelHeader, 'format'>> = {},
): ModelHeader {
  const tensors = said.tensors ?? null;
  return {
    format,
    complete: said.why === undefined || said.why === null,
    why: null,
    tensors,
    metadata: {},
    parameters: tensors === null ? null : parametersOf(tensors),
    pointer: null,
    warnings: [],
    ...said,
  };
}

function parametersOf(tensors: readonly TensorInfo[]): number | null {
  const count = tensors.reduce((total, { shape }) => total + elementsOf(shape), 0);
  return Number.isSafeInteger(count) ? count : null;
}

/** How many elements a shape has: the product; 1 for a scalar. */
export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** A size, offset or count as a file may state it: a whole number that arithmetic keeps exact. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

const longestMetadata = 4096;

/** A text of any length as metadata: what is too long is cut, with its full length told. */
export function metadataText(text: string): string {
  if (text.length <= longestMetadata) return text;
  return `${text.slice(0, longestMetadata)}… (${text.length} characters)`;
}

/** Why a file that ends too early is not complete. */
export function endsEarly(needed: number | bigint, size: number): string {
  return `it needs ${needed} bytes and has ${size}`;
}
