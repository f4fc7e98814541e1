import type { RangeReader } from '../platform';
import { latin1, viewOf } from './bytes';
import { EndOfFile } from './cursor';

/** A structure of the file is not as the format has it. */
export class Hdf5Unsound extends Error {
  override readonly name = 'Hdf5Unsound';
}

/** What the superblock says of the whole file. */
export interface Hdf5Frame {
  readonly reader: RangeReader;
  /** Added to every address. */
  readonly base: number;
  readonly offsetWidth: number;
  readonly lengthWidth: number;
}

/** Reads the parts of one structure one after another. Offsets and lengths have the file's widths. */
export class Hdf5Bytes {
  at = 0;

  constructor(
    private readonly frame: Hdf5Frame,
    readonly bytes: Uint8Array,
  ) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  take(length: number): Uint8Array {
    if (!(length >= 0) || length > this.left) throw new Hdf5Unsound('a structure is cut off');
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** The next bytes as a structure of their own. */
  part(length: number): Hdf5Bytes {
    return new Hdf5Bytes(this.frame, this.take(length));
  }

  skip(length: number): void {
    this.take(length);
  }

  unsigned(width: number): number {
    const bytes = this.take(width);
    if (width === 8) return Number(viewOf(bytes).getBigUint64(0, true));
    let value = 0;
    for (let index = width - 1; index >= 0; index--) value = value * 256 + (bytes[index] ?? 0);
    return value;
  }

  u8 = () => this.unsigned(1);
  u16 = () => this.unsigned(2);
  u32 = () => this.unsigned(4);
  length = () => this.unsigned(this.frame.lengthWidth);

  /** An address in the file; `null` for the undefined one, whose bits are all set. */
  address(): number | null {
    const bytes = this.take(this.frame.offsetWidth);
    if (bytes.every((byte) => byte === 255)) return null;
    this.at -= bytes.length;
    return this.unsigned(bytes.length) + this.frame.base;
  }

  /** Up to NUL, or so many bytes. */
  text(length: number): string {
    const bytes = this.take(length);
    const end = bytes.indexOf(0);
    return Buffer.from(bytes.subarray(0, end < 0 ? length : end)).toString('utf8');
  }
}

/** A structure at an address. @throws EndOfFile, Hdf5Unsound without the signature it must have */
export async function hdf5At(
  frame: Hdf5Frame,
  address: number,
  length: number,
  signature = '',
): Promise<Hdf5Bytes> {
  if (!Number.isSafeInteger(address) || address < 0 || address + length > frame.reader.size) {
    throw new EndOfFile(address + length);
  }
  const bytes = new Hdf5Bytes(frame, await frame.reader.read(address, length));
  if (latin1(bytes.take(signature.length)) !== signature) {
    throw new Hdf5Unsound(`there is no ${signature} at ${address}`);
  }
  return bytes;
}

/** As many of these bytes as the file has. */
export function upTo(frame: Hdf5Frame, address: number, length: number): number {
  return Math.max(0, Math.min(length, frame.reader.size - address));
}
