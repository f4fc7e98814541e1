import { LzmaDecoder } from './lzma';
import { type PackedBytes, PackedUnsound } from './packedBytes';

const streamMagic = '\xfd7zXZ\0';
const lzma2 = 0x21;
/** How long the checksum behind each block is, by the low bits of the stream's flags. */
const checkLengths = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

/**
 * Unpacks streams of xz with blocks of LZMA2, one after another. Checksums and the index are passed
 * over: what is looked for in a damaged stream is still looked for.
 * https://tukaani.org/xz/xz-file-format.txt
 * @throws PackedUnsound also for filters before LZMA2, which models have no use for
 */
export function* unpackXz(input: PackedBytes): Generator<Uint8Array> {
  while (input.left > 0) {
    const magic = Buffer.from(input.take(6)).toString('latin1');
    if (magic !== streamMagic) throw new PackedUnsound('what follows a stream of xz is none');
    const flags = input.take(2);
    input.take(4);
    const start = input.position;
    for (let first = input.u8(); first !== 0; first = input.u8()) {
      yield* unpackBlock(input, first, checkLengths[(flags[1] ?? 0) & 15] ?? 0, start);
    }
    passIndex(input, start);
    while (input.left >= 4 && input.bytes[input.position] === 0) input.take(4);
  }
}

function* unpackBlock(
  input: PackedBytes,
  first: number,
  checkLength: number,
  start: number,
): Generator<Uint8Array> {
  const begin = input.position - 1;
  const end = begin + (first + 1) * 4;
  const flags = input.u8();
  if ((flags & 3) !== 0) throw new PackedUnsound('it has filters that are not known');
  if ((flags & 0x40) !== 0) number(input);
  if ((flags & 0x80) !== 0) number(input);
  if (number(input) !== lzma2) throw new PackedUnsound('it has filters that are not known');
  const properties = input.take(number(input));
  input.position = end;
  yield* unpackLzma2(input, windowOf(properties[0] ?? 0));
  while ((input.position - start) % 4 !== 0) input.u8();
  input.take(checkLength);
}

/** A number of seven bits a byte, the lowest first. */
function number(input: PackedBytes): number {
  let [value, scale] = [0, 1];
  for (let index = 0; index < 8; index++) {
    const byte = input.u8();
    value += (byte & 127) * scale;
    if (byte < 128) return value;
    scale *= 128;
  }
  throw new PackedUnsound('a number of it is too long');
}

function windowOf(byte: number): number {
  return (2 | (byte & 1)) * 2 ** ((byte >> 1) + 11);
}

/** Chunks, each with its own lengths: plain bytes or bits of LZMA. */
function* unpackLzma2(input: PackedBytes, window: number): Generator<Uint8Array> {
  const decoder = new LzmaDecoder(input);
  decoder.resetWindow(window);
  for (let control = input.u8(); control !== 0; control = input.u8()) {
    if (control === 1 || control >= 0xe0) decoder.resetWindow(window);
    if (control < 0x80) {
      if (control > 2) throw new PackedUnsound('a chunk of it is of no known kind');
      yield decoder.plain(input.take((input.u8() << 8) + input.u8() + 1));
      continue;
    }
    const length = ((control & 0x1f) << 16) + (input.u8() << 8) + input.u8() + 1;
    const packed = (input.u8() << 8) + input.u8() + 1;
    if (control >= 0xc0) decoder.properties(input.u8());
    else if (control >= 0xa0) decoder.resetState();
    const end = input.position + packed;
    yield* decoder.unpack(length);
    input.position = end;
  }
}

/** The index: how long each block is; and the stream's end. */
function passIndex(input: PackedBytes, start: number): void {
  for (let records = number(input); records > 0; records--) {
    number(input);
    number(input);
  }
  while ((input.position - start) % 4 !== 0) input.u8();
  input.take(4 + 12);
}
