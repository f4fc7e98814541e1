/**
 * A stretch of a file that holds plain values of one tensor: uncompressed, element after element, in
 * the byte order of the file. What lies between the stretches (headers, padding) belongs to none.
 */
export interface TensorBytes {
  /** The tensor's name as the file states it; never an identity of its own. */
  readonly name: string;
  /** As safetensors names it (`F32`, `BF16`, …), else as the format does (`Q4_K`). */
  readonly dtype: string;
  /** Bytes of one element, or of one block of a quantized type; 1 where it is not known. */
  readonly elementBytes: number;
  /** Of the first byte in the file. */
  readonly offset: number;
  /** In bytes. */
  readonly length: number;
}

/** Where the tensors of a file lie: ascending by offset, none overlapping another, all inside it. */
export type ByteLayout = readonly TensorBytes[];
