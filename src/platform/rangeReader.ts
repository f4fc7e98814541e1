/** Bytes at offsets: a file, a member of an archive, a stored artifact. */
export interface RangeReader {
  /** Bytes in all. */
  readonly size: number;
  /** Exactly `length` bytes at `offset`. @throws RangeError beyond the end; Failure when unreadable */
  read(offset: number, length: number): Promise<Uint8Array>;
}
